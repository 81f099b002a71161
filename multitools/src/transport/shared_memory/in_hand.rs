//! What an agent that has ended had in hand, where messages stay in their rings until they are done.

use super::estate::{Estate, Place};
use super::incoming::IN_SLOT;
use super::layout::{SLOT_HEAD, SLOTS, pair};
use super::ring::Consumer;
use crate::id::AgentId;
use crate::sys::shared_file::View;
use crate::wire::head::Head;
use std::io;
use std::sync::atomic::Ordering::Acquire;

impl Estate {
    /// Whether the message that an agent had `begun` is still there, and no answer has been given to it if
    /// it is a request. Otherwise it was done when the agent ended.
    pub(crate) fn is_unfinished(&self, agent: AgentId, begun: Place) -> io::Result<bool> {
        let Some(found) = self.find(agent, begun)? else {
            return Ok(false);
        };
        let (control, _) = self.pair(begun.sender, agent)?;
        let answered = control.word(pair::ANSWERED).load(Acquire);
        let request = found.head.request();
        Ok(request.is_none_or(|(request, _)| answered < request))
    }

    /// The fields of that message, encoded.
    pub(crate) fn copy(&self, agent: AgentId, begun: Place) -> io::Result<Option<Vec<u8>>> {
        let Some(Found { head, data, body }) = self.find(agent, begun)? else {
            return Ok(None);
        };
        let length = head.length as usize;
        let mut copy = Vec::new();
        if head.detail != IN_SLOT {
            data.copy_to(body, length, &mut copy);
            return Ok(Some(copy));
        }
        let (slot, begin) = (data.load(body), SLOT_HEAD + head.size());
        if slot >= SLOTS as u64 || begin + length > self.layout.slot {
            return Err(io::Error::other("a ring has been overwritten"));
        }
        let place = self.layout.slots(head.envelope.sender) + slot * self.layout.slot as u64;
        let view = self.file.view(place, self.layout.slot)?;
        view.copy_to(begin, length, &mut copy);
        Ok(Some(copy))
    }

    fn find(&self, agent: AgentId, begun: Place) -> io::Result<Option<Found>> {
        let (control, data) = self.pair(begun.sender, agent)?;
        let broken = |_| io::Error::other("a ring has been overwritten");
        let consumer = Consumer::new(self.layout.ring, control.word(pair::TAIL));
        let next = consumer
            .and_then(|mut consumer| consumer.next(control.word(pair::HEAD), |at| data.load(at)))
            .map_err(broken)?;
        let Some((at, most)) = next.filter(|(at, _)| *at as u64 == begun.place) else {
            return Ok(None);
        };
        let (head, _) = self.frame(&data, at, most).map_err(broken)?;
        let body = at + head.size();
        Ok(Some(Found { head, data, body }))
    }
}

/// A message in its ring.
struct Found {
    head: Head,
    data: View,
    /// Where its fields are, or the number of the slot that they are in.
    body: usize,
}
