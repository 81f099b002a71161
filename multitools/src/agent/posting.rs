//! Bringing the frame in hand to its receivers, and waiting for room at those that are full.

use super::core::Core;
use crate::id::AgentId;
use crate::transport::{Awaited, LinkError, Transport, Wait, Waited};
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

impl Core {
    /// Brings the frame to one peer, if there is room.
    pub(super) fn post(&mut self, peer: AgentId) -> Result<(), LinkError> {
        let Some(transport) = &mut self.transport else {
            return Err(LinkError::Closed);
        };
        let link = transport.link(peer)?;
        transport.post(link)
    }

    /// Brings the frame to each peer. Peers with room get it at once; those without are waited for
    /// together, so one that is slow holds back no other (rule R7). Nobody waits for oneself.
    pub(super) fn transmit(
        &mut self,
        peers: &[AgentId],
        deadline: Instant,
    ) -> Vec<(AgentId, Sent)> {
        let mut outcomes = Vec::with_capacity(peers.len());
        let mut waiting = peers.to_vec();
        let mut late = false;
        loop {
            let seen = self.news.count();
            let own = self.id;
            waiting.retain(|peer| {
                let sent = match self.post(*peer) {
                    Ok(()) => Sent::Accepted,
                    Err(LinkError::Closed) => Sent::Dead,
                    Err(LinkError::Full) if *peer == own => Sent::Full,
                    Err(LinkError::Full) => return true,
                };
                outcomes.push((*peer, sent));
                false
            });
            let left = if waiting.is_empty() {
                return outcomes;
            } else if self.is_stopping() {
                Sent::Stopped
            } else if late {
                Sent::Full
            } else {
                // Whose time is up tries once more: a little room is not told of.
                late = self.wait(Awaited::Room, seen, Some(deadline)) == Waited::Late;
                continue;
            };
            outcomes.extend(waiting.into_iter().map(|peer| (peer, left)));
            return outcomes;
        }
    }

    /// Waits until everything accepted and all answers have left this process (rule R6), the deadline
    /// if there is one, or the end of the run.
    pub(super) fn flush(&mut self, deadline: Option<Instant>) {
        loop {
            let seen = self.news.count();
            let flushed = self.transport.as_ref().is_none_or(|t| t.is_flushed())
                && self.unsent_answers.iter().all(|path| path.is_flushed());
            if flushed {
                return;
            }
            if self.is_stopping() || self.wait(Awaited::Room, seen, deadline) == Waited::Late {
                tracing::warn!("some messages could not leave before the end");
                return;
            }
        }
    }

    /// Waits for this or for news since `seen`, until the deadline.
    pub(super) fn wait(
        &mut self,
        what_for: Awaited,
        seen: u64,
        deadline: Option<Instant>,
    ) -> Waited {
        let Some(transport) = &mut self.transport else {
            return Waited::Late;
        };
        transport.wait(&Wait {
            what_for,
            news: self.news.counter(),
            seen,
            deadline,
            patience: None,
        })
    }
}
