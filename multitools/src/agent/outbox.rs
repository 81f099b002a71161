//! The links that this agent has opened to its peers.

use super::ledger::{Ledger, weight};
use super::mailbox::{Mailbox, Wait};
use crate::id::AgentId;
use crate::transport::{Link, LinkError, Transport};
use crate::wire::frame::ReplyPath;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Instant;

/// What came of sending one frame to one peer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sent {
    /// It is in the peer's mailbox.
    Accepted,
    /// There was no room before the deadline.
    Full,
    /// The peer has ended.
    Dead,
    /// The agent is to stop, and the peer had no room.
    Stopped,
}

/// The sending ends of all links.
pub(super) struct Outbox {
    transport: Arc<dyn Transport>,
    mailbox: Arc<Mailbox>,
    ledger: Arc<Ledger>,
    links: HashMap<AgentId, Arc<dyn Link>>,
}

impl Outbox {
    pub(super) fn new(
        transport: Arc<dyn Transport>,
        mailbox: Arc<Mailbox>,
        ledger: Arc<Ledger>,
    ) -> Outbox {
        Outbox {
            transport,
            mailbox,
            ledger,
            links: HashMap::new(),
        }
    }

    /// Sends a frame to each peer. Peers with room get it at once; those without are waited for
    /// together, so one that is slow holds back no other (rule R7).
    pub(super) fn send(
        &mut self,
        peers: &[AgentId],
        frame: &[u8],
        message_type: u32,
        deadline: Instant,
    ) -> Vec<(AgentId, Sent)> {
        let mut outcomes = Vec::with_capacity(peers.len());
        let mut waiting = peers.to_vec();
        loop {
            let seen = self.mailbox.state().news();
            waiting.retain(|peer| match self.try_send(*peer, frame, message_type) {
                Ok(()) => {
                    outcomes.push((*peer, Sent::Accepted));
                    false
                }
                Err(LinkError::Closed) => {
                    self.mailbox.state().gone.insert(*peer);
                    outcomes.push((*peer, Sent::Dead));
                    false
                }
                Err(LinkError::Full) => true,
            });
            let left = if waiting.is_empty() {
                return outcomes;
            } else if self.mailbox.state().stopping {
                Sent::Stopped
            } else if self.mailbox.wait(seen, Some(deadline)) == Wait::Late {
                Sent::Full
            } else {
                continue;
            };
            outcomes.extend(waiting.into_iter().map(|peer| (peer, left)));
            return outcomes;
        }
    }

    fn try_send(
        &mut self,
        peer: AgentId,
        frame: &[u8],
        message_type: u32,
    ) -> Result<(), LinkError> {
        let link = match self.links.entry(peer) {
            Entry::Occupied(link) => link.into_mut(),
            // A process that is being torn down can take a last connection after the others are closed.
            Entry::Vacant(_) if self.mailbox.state().gone.contains(&peer) => {
                return Err(LinkError::Closed);
            }
            Entry::Vacant(place) => place.insert(self.transport.connect(peer)?),
        };
        let sent = self
            .ledger
            .record(peer, message_type, weight(frame.len()), || {
                link.try_send(frame)
            });
        if sent == Err(LinkError::Closed) {
            self.links.remove(&peer);
            self.mailbox.state().gone.insert(peer);
        }
        sent
    }

    /// Waits until everything accepted and all answers have left this process (rule R6), the deadline
    /// if there is one, or the end of the run.
    pub(super) fn flush(&self, answers: &[Arc<dyn ReplyPath>], deadline: Option<Instant>) {
        loop {
            let (seen, stopping) = {
                let state = self.mailbox.state();
                (state.news(), state.stopping)
            };
            let flushed = self.links.values().all(|link| link.is_flushed())
                && answers.iter().all(|path| path.is_flushed());
            if flushed {
                return;
            }
            if stopping || self.mailbox.wait(seen, deadline) == Wait::Late {
                tracing::warn!("some messages could not leave before the end");
                return;
            }
        }
    }

    /// This agent takes no more messages.
    pub(super) fn refuse_messages(&self) {
        self.transport.refuse();
    }

    /// The mailbox takes messages again.
    pub(super) fn resume_reading(&self) {
        self.transport.resume();
    }
}
