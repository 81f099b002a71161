//! The thread that listens to the supervisor, and what arrives from peers.

use super::ledger::Ledger;
use super::mailbox::Mailbox;
use crate::id::AgentId;
use crate::message::{AnyMessage, Body, Message, ResidentTermMessage};
use crate::protocol::{ControlReader, ControlWriter, SUPERVISOR_ID, ToAgent, ToSupervisor};
use crate::router::{Change, Directory, Member};
use crate::sys;
use crate::transport::{Appetite, Inbox, Transport};
use crate::wire::frame::{Answer, Call, Envelope};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};

/// What the threads of an agent share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) directory: Arc<Mutex<Directory>>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) supervisor: Arc<ControlWriter>,
}

impl Shared {
    fn tell_supervisor(&self, word: &ToSupervisor) {
        // The listening thread sees the supervisor's end and acts on it.
        let _ = self.supervisor.write(word);
    }

    pub(super) fn change_directory(&self, changes: impl IntoIterator<Item = Change>) {
        let mut directory = self
            .directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            directory.apply(change);
        }
        drop(directory);
        self.mailbox.change(|_| ());
    }
}

/// Listens to the supervisor until it has gone, and then takes this process with it: an agent without
/// a supervisor has nobody to work for (rule R16).
pub(super) struct Listener {
    pub(super) socket: UnixStream,
    pub(super) reader: ControlReader<ToAgent>,
    pub(super) shared: Shared,
    /// `None` in a process of a `ProcessList`.
    pub(super) transport: Option<Arc<dyn Transport>>,
}

impl Listener {
    pub(super) fn start(mut self) -> std::io::Result<()> {
        std::thread::Builder::new()
            .name("multitools-control".into())
            .stack_size(256 << 10)
            .spawn(move || {
                while let Ok(Some(word)) = self.reader.wait(&self.socket) {
                    self.obey(word);
                }
                sys::process::vanish();
            })?;
        Ok(())
    }

    fn obey(&self, word: ToAgent) {
        match word {
            ToAgent::Changed(changes) => self.follow(changes),
            ToAgent::Leave => self.leave(),
            ToAgent::Stop => self.shared.mailbox.change(|state| state.stopping = true),
            ToAgent::Input { request, result } => {
                let result = result.map_err(Into::into);
                self.shared
                    .mailbox
                    .change(|state| state.inputs.insert(request, result));
            }
            ToAgent::Start(_) | ToAgent::Go(_) => {}
        }
    }

    fn follow(&self, changes: Vec<Change>) {
        let ended: Vec<AgentId> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Ended(id) => Some(*id),
                Change::Joined(_) => None,
            })
            .collect();
        self.shared.change_directory(changes);
        for id in ended {
            if let Some(account) = self.shared.ledger.close(id) {
                self.shared.tell_supervisor(&ToSupervisor::Sent(account));
            }
        }
    }

    /// The word to leave comes after everything that is on its way (rule R11).
    fn leave(&self) {
        let mailbox = Arc::clone(&self.shared.mailbox);
        if let Some(transport) = &self.transport {
            transport.drain(Box::new(move || {
                if let Some(word) = last_message() {
                    mailbox.deliver(word);
                }
            }));
        }
    }
}

fn last_message() -> Option<AnyMessage> {
    let word = ResidentTermMessage;
    let envelope = Envelope {
        message_type: word.leaf().id()?,
        sender: SUPERVISOR_ID,
        site: 0,
    };
    let mut body = Vec::new();
    word.encode(&mut body).ok()?;
    AnyMessage::received(envelope, Body::from(body), None)
}

/// What a run begins with.
pub(super) fn joined(members: Vec<Member>) -> impl Iterator<Item = Change> {
    members.into_iter().map(Change::Joined)
}

impl Inbox for Shared {
    fn deliver(&self, envelope: Envelope, call: Option<Call>, body: Vec<u8>) -> Appetite {
        match AnyMessage::received(envelope, Body::from(body), call) {
            Some(message) => self.mailbox.deliver(message),
            None => {
                self.refused(format!(
                    "a message of the unknown type {} from {}",
                    envelope.message_type, envelope.sender
                ));
                Appetite::Hungry
            }
        }
    }

    fn answered(&self, request: u64, answer: Answer) {
        self.mailbox.change(|state| {
            if state.asked == Some(request) {
                state.answer = Some(answer);
            }
        });
    }

    fn peer_gone(&self, peer: AgentId) {
        self.mailbox.change(|state| state.gone.insert(peer));
    }

    fn room(&self) {
        self.mailbox.change(|_| ());
    }

    fn refused(&self, reason: String) {
        self.tell_supervisor(&ToSupervisor::Refused(reason));
    }
}
