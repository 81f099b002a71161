//! Bringing the frame in hand to its receivers, and waiting for room at those that are full.

use super::audiences::Found;
use super::core::Core;
use crate::id::AgentId;
use crate::transport::{Awaited, Link, LinkError, Transport, Wait, Waited};
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

    /// The link to the one agent that a target means, which is remembered with it.
    #[inline]
    pub(super) fn link_to(&mut self, found: Found, one: AgentId) -> Result<Link, LinkError> {
        if let Some(link) = self.audiences.link(found) {
            return Ok(link);
        }
        let Some(transport) = &mut self.transport else {
            return Err(LinkError::Closed);
        };
        let link = transport.link(one)?;
        self.audiences.remember_link(found, link);
        Ok(link)
    }

    /// Brings the frame to the one agent that it is for, which is waited for if it has no room.
    pub(super) fn transmit_to_one(
        &mut self,
        one: AgentId,
        link: Option<Link>,
        deadline: Instant,
    ) -> Sent {
        if let (Some(link), Some(transport)) = (link, &mut self.transport)
            && transport.post(link).is_ok()
        {
            return Sent::Accepted;
        }
        let sent = self.transmit(&[one], deadline);
        sent.first().map_or(Sent::Stopped, |(_, sent)| *sent)
    }

    /// Brings the frame to those of an audience whose links are known, up to the first that does not take it.
    /// How many have it.
    pub(super) fn post_to_known(&mut self, found: Found) -> usize {
        let Some(transport) = &mut self.transport else {
            return 0;
        };
        let links = self.audiences.links(found).iter();
        links
            .take_while(|link| transport.post(**link).is_ok())
            .count()
    }

    /// Remembers the links to several agents that have all been reached.
    pub(super) fn remember_links(&mut self, found: Found) {
        let (Some(transport), Some(group)) = (&mut self.transport, self.audiences.group(found))
        else {
            return;
        };
        let links: Result<Box<[Link]>, LinkError> =
            group.iter().map(|peer| transport.link(*peer)).collect();
        if let Ok(links) = links {
            self.audiences.remember_links(found, links);
        }
    }

    /// Brings the frame to each peer. Peers with room get it at once; those without are waited for
    /// together, so one that is slow holds back no other (rule R7). Nobody waits for oneself.
    pub(super) fn transmit(
        &mut self,
        peers: &[AgentId],
        deadline: Instant,
    ) -> Vec<(AgentId, Sent)> {
        let mut outcomes = Vec::with_capacity(peers.len());
        let mut waiting = Vec::new();
        let mut seen = self.news.count();
        for peer in peers {
            match self.try_to_transmit(*peer) {
                Some(sent) => outcomes.push((*peer, sent)),
                None => waiting.push(*peer),
            }
        }
        let mut late = false;
        while !waiting.is_empty() {
            let left = if self.is_stopping() {
                Sent::Stopped
            } else if late {
                Sent::Full
            } else {
                // Whose time is up tries once more: a little room is not told of.
                late = self.wait(Awaited::Room, seen, Some(deadline)) == Waited::Late;
                seen = self.news.count();
                waiting.retain(|peer| {
                    let sent = self.try_to_transmit(*peer);
                    outcomes.extend(sent.map(|sent| (*peer, sent)));
                    sent.is_none()
                });
                continue;
            };
            outcomes.extend(waiting.drain(..).map(|peer| (peer, left)));
        }
        outcomes
    }

    /// Brings the frame to a peer, unless it has no room and is to be waited for.
    #[inline]
    fn try_to_transmit(&mut self, peer: AgentId) -> Option<Sent> {
        match self.post(peer) {
            Ok(()) => Some(Sent::Accepted),
            Err(LinkError::Closed) => Some(Sent::Dead),
            Err(LinkError::Full) if peer == self.id => Some(Sent::Full),
            Err(LinkError::Full) => None,
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
