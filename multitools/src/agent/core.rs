//! What every agent has in its hands, whatever it declares that it sends.

use super::ledger::Ledger;
use super::mailbox::{Mailbox, Wait};
use super::outbox::Outbox;
use super::sites::Sites;
use crate::deadline;
use crate::error::{InputError, RecvError, SendError};
use crate::id::{AgentId, Ids};
use crate::message::{Ancestry, InputMessage, InputResponseMessage, Message, PrintMessage};
use crate::protocol::{AgentSettings, ControlWriter, StatusPage, ToSupervisor};
use crate::router::{Directory, SUPERVISOR, Target};
use crate::wire::frame::{Call, ReplyPath};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The inside of a [`Context`](super::Context).
pub(crate) struct Core {
    pub(super) id: AgentId,
    pub(super) name: Option<String>,
    pub(super) settings: AgentSettings,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) directory: Arc<Mutex<Directory>>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) supervisor: Arc<ControlWriter>,
    pub(super) status: StatusPage,
    /// `None` in a process of a `ProcessList`.
    pub(super) outbox: Option<Outbox>,
    pub(super) sites: Sites,
    pub(super) frame: Vec<u8>,
    pub(super) serving: Option<Call>,
    /// Where answers are that have not left this process.
    pub(super) unsent_answers: Vec<Arc<dyn ReplyPath>>,
    pub(super) in_hand: bool,
    pub(super) next_request: u64,
}

impl Core {
    /// For a process that has no supervisor.
    #[cfg(test)]
    #[allow(clippy::unwrap_used)]
    pub(super) fn detached() -> Core {
        let (socket, _) = std::os::unix::net::UnixStream::pair().unwrap();
        Core {
            id: AgentId::new(0, 0),
            name: None,
            settings: AgentSettings::default(),
            mailbox: Arc::new(Mailbox::new(0)),
            directory: Arc::default(),
            ledger: Arc::new(Ledger::new(0)),
            supervisor: Arc::new(ControlWriter::new(socket)),
            status: StatusPage::create().unwrap(),
            outbox: None,
            sites: Sites::default(),
            frame: Vec::new(),
            serving: None,
            unsent_answers: Vec::new(),
            in_hand: false,
            next_request: 0,
        }
    }

    pub(super) fn ids(&self, name: &str) -> Ids {
        self.directory().named(name).to_vec().into()
    }

    /// The running agents that a target stands for.
    pub(super) fn ids_of(&self, target: &Target<'_>) -> Ids {
        let audience = self.directory().audience(self.id, target, &Ancestry::ROOT);
        audience.unwrap_or_default().addressees.into()
    }

    pub(super) fn wait_for(&mut self, name: &str, timeout: Duration) -> Result<Ids, RecvError> {
        if self.outbox.is_none() {
            return Err(RecvError::Unsupervised);
        }
        let deadline = deadline::after(timeout);
        loop {
            let seen = {
                let state = self.mailbox.state();
                if state.stopping {
                    return Err(RecvError::Stopped);
                }
                state.news()
            };
            let ids = self.ids(name);
            if !ids.is_empty() {
                return Ok(ids);
            }
            if self.mailbox.wait(seen, Some(deadline)) == Wait::Late {
                return Err(RecvError::Timeout(timeout));
            }
        }
    }

    pub(super) fn print(&mut self, text: String) {
        if self.outbox.is_none() {
            print_directly(&text);
            return;
        }
        self.tell_supervisor(&ToSupervisor::Print(text.clone()));
        self.be_overheard(|| PrintMessage::new(text));
    }

    pub(super) fn prompt(
        &mut self,
        prompt: String,
        timeout: Option<Duration>,
    ) -> Result<String, InputError> {
        if self.outbox.is_none() {
            return Err(InputError::Unsupervised);
        }
        let deadline = timeout.map(deadline::after);
        let request = self.number_request();
        self.tell_supervisor(&ToSupervisor::Input {
            request,
            prompt: prompt.clone(),
        });
        let source = self.id;
        self.be_overheard(|| InputMessage::new(source, prompt));
        let answer = loop {
            let seen = {
                let mut state = self.mailbox.state();
                if let Some(answer) = state.inputs.remove(&request) {
                    break answer;
                }
                if state.stopping {
                    break Err(InputError::Stopped);
                }
                state.news()
            };
            if self.mailbox.wait(seen, deadline) == Wait::Late {
                self.tell_supervisor(&ToSupervisor::InputWithdrawn { request });
                break Err(InputError::Timeout(timeout.unwrap_or_default()));
            }
        };
        if let Ok(line) = &answer {
            let line = line.clone();
            self.be_overheard(|| InputResponseMessage::new(line));
        }
        answer
    }

    /// Lets those who listen to exactly this type hear what passes between the agent and the
    /// supervisor (rule R3). Nobody else is told, and nobody waits for a slow listener's error.
    pub(super) fn be_overheard<M: Message>(&mut self, message: impl FnOnce() -> M) {
        if self.directory().has_exact_listeners(M::ANCESTRY.key())
            && let Err(error) = self.overhear(&message())
        {
            tracing::debug!(%error, "a listener missed {}", M::NAME);
        }
    }

    fn overhear<M: Message>(&mut self, message: &M) -> Result<(), SendError> {
        let audience = self
            .directory()
            .audience(self.id, &SUPERVISOR, &M::ANCESTRY)
            .unwrap_or_default();
        self.send_to(&audience.listeners, message).map(drop)
    }

    pub(super) fn directory(&self) -> MutexGuard<'_, Directory> {
        self.directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Without a supervisor this process is about to end, so there is nobody to tell of a failure.
    pub(super) fn tell_supervisor(&self, word: &ToSupervisor) {
        if let Err(error) = self.supervisor.write(word) {
            tracing::debug!(%error, "the supervisor has gone");
        }
    }

    pub(super) fn number_request(&mut self) -> u64 {
        self.next_request += 1;
        self.next_request
    }

    /// Whether the supervisor wants this agent to stop.
    pub(super) fn is_stopping(&self) -> bool {
        self.mailbox.state().stopping
    }
}

fn print_directly(text: &str) {
    use std::io::Write;
    // A closed standard output is no reason to fail: nobody is there to read.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
