//! Taking out what has come, and letting nobody send any more.

use super::SharedMemory;
use super::incoming::Incoming;
use crate::id::AgentId;
use crate::transport::{Arrival, Begun};
use crate::wire::parcel::Parcel;
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

/// How many messages of one sender are read before others have their turn.
const TURN: usize = 128;

impl SharedMemory {
    #[inline]
    pub(super) fn next_arrival(
        &mut self,
        into: &mut Parcel,
        mut begun: impl Begun,
    ) -> Option<Arrival> {
        // Most messages are those of a sender that sends many, one after the other.
        if self.due.is_empty()
            && self.turn < TURN
            && let Some(slot) = self.ready.front().copied()
            && let Some(Some(link)) = self.incoming.get_mut(slot as usize)
            && link.take_plain(into, self.retains, &mut begun)
        {
            link.queued = true;
            return Some(self.note_message(slot, false, false));
        }
        self.look_for_arrival(into, begun)
    }

    /// What has come, whatever it is.
    #[inline(never)]
    fn look_for_arrival(&mut self, into: &mut Parcel, mut begun: impl Begun) -> Option<Arrival> {
        loop {
            if !self.due.is_empty() {
                return self.due.pop_front();
            }
            if self.turn >= TURN || self.ready.is_empty() {
                self.collect();
                self.next_turn(true);
            }
            let slot = *self.ready.front()?;
            if self.incoming[slot as usize].is_none()
                && let Err(error) = self.admit(slot)
            {
                self.next_turn(false);
                // What the system lacks it may have later.
                if error.raw_os_error().is_none() {
                    self.refused.insert(slot);
                }
                let reason = format!("agent #{slot} sends in vain: {error}");
                return Some(Arrival::Refused(reason));
            }
            if let Some(Some(link)) = self.incoming.get_mut(slot as usize) {
                link.queued = true;
            }
            if let Some(arrival) = self.read(slot, into, &mut begun) {
                return Some(arrival);
            }
        }
    }

    /// Finds out whose rings are to be read.
    fn collect(&mut self) {
        let (ready, incoming) = (&mut self.ready, &mut self.incoming);
        let refused = &self.refused;
        self.inbox.take_pending(|slot| {
            let place = slot as usize;
            if incoming.len() <= place {
                incoming.resize_with(place + 1, || None);
            }
            match &mut incoming[place] {
                Some(known) if known.queued => {}
                None if ready.contains(&slot) || refused.contains(&slot) => {}
                known => {
                    if let Some(known) = known {
                        known.queued = true;
                    }
                    ready.push_back(slot);
                }
            }
        });
    }

    /// Reads the ring of a sender before all others.
    pub(super) fn begin_with(&mut self, sender: AgentId) {
        let place = sender.slot() as usize;
        if self.incoming.len() <= place {
            self.incoming.resize_with(place + 1, || None);
        }
        self.ready.push_front(sender.slot());
    }

    /// Maps the ring of a sender that has not been heard of before.
    fn admit(&mut self, slot: u32) -> io::Result<()> {
        let from = AgentId::new(slot, 0);
        let new = self.map(from)?;
        self.incoming[slot as usize] = Some(new);
        Ok(())
    }

    fn map(&self, from: AgentId) -> io::Result<Incoming> {
        let limit = self.limits.message;
        let (slots, leases) = (Arc::clone(&self.slots), Arc::clone(&self.inbox));
        Incoming::map(&self.file, self.layout, limit, from, self.id, slots, leases)
    }

    /// Reads the ring of a sender whose turn it is. `None` when there is nothing to say of it.
    fn read(&mut self, slot: u32, into: &mut Parcel, begun: &mut impl Begun) -> Option<Arrival> {
        let link = self.incoming.get_mut(slot as usize)?.as_mut()?;
        if link.draining && link.is_past_last_look() {
            link.draining = false;
            self.note_drained(slot);
            return None;
        }
        match link.take(&self.file, into, self.retains, begun) {
            Ok(true) => Some(self.note_message(slot, into.call.is_some(), into.body.is_lent())),
            Ok(false) => {
                link.queued = false;
                link.offer_room();
                self.next_turn(false);
                None
            }
            Err(broken) => {
                link.queued = false;
                link.give_up();
                if std::mem::take(&mut link.draining) {
                    self.note_drained(slot);
                }
                self.next_turn(false);
                Some(Arrival::Refused(format!("agent #{slot} sent {broken}")))
            }
        }
    }

    /// A message of a sender has been taken out.
    #[inline]
    fn note_message(&mut self, slot: u32, request: bool, lent: bool) -> Arrival {
        self.turn += 1;
        self.last_sender = Some(slot);
        self.waiting.note_message(request, lent);
        Arrival::Message
    }

    /// The message that was received last is done.
    pub(super) fn finish_last(&mut self) {
        let last = self.last_sender.map(|slot| slot as usize);
        if let Some(Some(link)) = last.and_then(|slot| self.incoming.get_mut(slot)) {
            link.finish();
        }
    }

    /// Whoever waits for something else than messages may read no more for long.
    pub(super) fn offer_what_is_read(&mut self) {
        for slot in &self.ready {
            if let Some(Some(link)) = self.incoming.get_mut(*slot as usize) {
                link.offer_what_is_read();
            }
        }
    }

    /// The next ring has its turn, and this one again later if it is not done with.
    fn next_turn(&mut self, again: bool) {
        self.turn = 0;
        if let Some(slot) = self.ready.pop_front()
            && again
        {
            self.ready.push_back(slot);
        }
    }

    pub(super) fn begin_to_drain(&mut self) {
        // What was to be drained before is so at the latest when this is.
        self.due
            .extend(self.undrained.take().map(|_| Arrival::Drained));
        let senders = self.inbox.connected();
        let mut undrained = BTreeSet::new();
        for sender in senders {
            if self.has_unread(sender.slot()) {
                undrained.insert(sender.slot());
            }
        }
        if undrained.is_empty() {
            self.due.push_back(Arrival::Drained);
        } else {
            self.undrained = Some(undrained);
        }
    }

    /// What a peer that has ended had sent is in its ring by now.
    pub(super) fn await_last_message(&mut self, peer: AgentId) {
        let mut senders = self.inbox.connected().into_iter();
        let is_known = senders.any(|sender| sender.slot() == peer.slot());
        if is_known && self.has_unread(peer.slot()) {
            self.leaving.push(peer);
        } else {
            self.due.push_back(Arrival::Left(peer));
        }
    }

    /// Whether there is something to be read in the ring of a sender, the end of which is noted then.
    fn has_unread(&mut self, sender: u32) -> bool {
        let slot = sender as usize;
        if self.incoming.len() <= slot {
            self.incoming.resize_with(slot + 1, || None);
        }
        if self.incoming[slot].is_none() && self.admit(sender).is_err() {
            return false;
        }
        let Some(link) = &mut self.incoming[slot] else {
            return false;
        };
        // Of one that is being drained, the end is still to be noted.
        if link.look_ahead() != Ok(false) && !link.draining {
            return false;
        }
        link.draining = true;
        if !std::mem::replace(&mut link.queued, true) {
            self.ready.push_back(sender);
        }
        true
    }

    /// Everything has been read that was in the ring of a sender when it was last looked at.
    #[cold]
    fn note_drained(&mut self, sender: u32) {
        let left = self
            .leaving
            .extract_if(.., |peer| peer.slot() == sender)
            .map(Arrival::Left);
        self.due.extend(left);
        let undrained = self.undrained.take_if(|undrained| {
            undrained.remove(&sender);
            undrained.is_empty()
        });
        self.due.extend(undrained.map(|_| Arrival::Drained));
    }

    /// Lets nobody send any more. Whoever connects after this has looked finds the inbox closed.
    pub(super) fn close_inbox(&mut self) {
        self.inbox.close();
        for sender in self.inbox.connected() {
            let slot = sender.slot() as usize;
            if let Some(Some(link)) = self.incoming.get(slot) {
                link.backward.close();
                continue;
            }
            match self.map(sender) {
                Ok(link) => link.backward.close(),
                Err(error) => tracing::warn!(%sender, %error, "a ring stays open"),
            }
        }
    }
}

/// The agent is gone, for its peers as well.
impl Drop for SharedMemory {
    fn drop(&mut self) {
        self.close_inbox();
    }
}
