//! Writing a frame and bringing it to its receivers.

use super::incoming::IN_SLOT;
use super::layout::MOST_AGENTS;
use super::outgoing::Outgoing;
use super::ring::Place;
use super::{Link, LinkError, Lost, SharedMemory, Unsent, lock};
use crate::id::AgentId;
use crate::wire::head::{Envelope, HEAD, Head, write_message_head};
use crate::wire::sink::{Sink, Spill, Written};

/// What room a frame has at first that goes into no ring yet.
const SHORT: usize = 1 << 10;

/// The frame in hand.
#[derive(Clone, Copy, Default)]
pub(super) enum Frame {
    #[default]
    None,
    /// Being written, to its place in a ring where it is for one link.
    Begun(Option<(Link, Place)>),
    /// At its place in the ring of a link, unpublished.
    InRing {
        link: Link,
        place: Place,
        head: usize,
        len: usize,
    },
    /// In the scratch buffer.
    Small { head: usize, len: usize },
    /// In a slot that nobody writes to any more.
    InSlot { slot: usize, head: Head, len: usize },
    /// In a buffer, until there is a slot for it.
    InHeap { head: Head, len: usize },
    /// With its one receiver.
    Published,
}

impl SharedMemory {
    pub(super) fn open_link(&mut self, peer: AgentId) -> Result<Link, LinkError> {
        let slot = peer.slot() as usize;
        if slot as u64 >= MOST_AGENTS {
            return Err(self.note_end(peer));
        }
        if let Some(Some(link)) = self.links.get(slot).copied() {
            let known = &mut self.outgoing[link.0];
            if known.is_outlived() {
                return self.renew_link(link, peer);
            }
            if !known.is_since_of(peer) {
                return Err(self.note_end(peer));
            }
            known.peer = peer;
            return match known.is_closed() {
                false => Ok(link),
                true => Err(self.note_end(peer)),
            };
        }
        self.inbox.note_processor();
        let (file, mailbox) = (&self.file, self.limits.mailbox);
        match Outgoing::connect(file, self.layout, mailbox, (self.id, &self.inbox), peer) {
            Ok(Some(outgoing)) => {
                if self.links.len() <= slot {
                    self.links.resize(slot + 1, None);
                }
                let link = Link(self.outgoing.len());
                self.outgoing.push(outgoing);
                Ok(*self.links[slot].insert(link))
            }
            Ok(None) => Err(self.note_end(peer)),
            Err(error) => {
                tracing::warn!(%peer, %error, "no ring");
                Err(LinkError::Full)
            }
        }
    }

    /// Another agent has the slot of a peer by now.
    fn renew_link(&mut self, link: Link, peer: AgentId) -> Result<Link, LinkError> {
        self.outgoing[link.0].retire(&self.slots);
        let (file, mailbox) = (&self.file, self.limits.mailbox);
        match Outgoing::connect(file, self.layout, mailbox, (self.id, &self.inbox), peer) {
            // A frame that has been written for the former is not for this one.
            Ok(Some(_)) if self.is_written_for(link) => Err(LinkError::Closed),
            Ok(Some(outgoing)) => {
                self.gone.retain(|former| former.slot() != peer.slot());
                self.outgoing[link.0] = outgoing;
                Ok(link)
            }
            Ok(None) => Err(self.note_end(peer)),
            Err(error) => {
                tracing::warn!(%peer, %error, "no ring");
                Err(LinkError::Full)
            }
        }
    }

    fn is_written_for(&self, link: Link) -> bool {
        match self.frame {
            Frame::Begun(Some((only, _))) | Frame::InRing { link: only, .. } => only == link,
            _ => false,
        }
    }

    fn note_end(&mut self, peer: AgentId) -> LinkError {
        if !self.gone.contains(&peer) {
            self.gone.push(peer);
        }
        LinkError::Closed
    }

    /// Takes back the slots that receivers have let go of, and puts one aside for the next frame that
    /// needs one.
    fn reserve_slot(&mut self) {
        if self.spare.is_none() && !self.cannot_seal {
            for link in &mut self.outgoing {
                link.reclaim(&self.slots);
            }
            self.spare = lock(&self.slots).acquire();
        }
    }

    /// Room for a frame that goes into no ring yet. As a rule it is short, and memory costs time when it is
    /// touched for the first time; one that is longer than those before is written twice.
    #[inline]
    fn reserve_scratch(&mut self, least: usize) {
        let least = least.min(self.layout.longest);
        if self.scratch.len() < least {
            let room = least.next_power_of_two().min(self.layout.longest);
            self.scratch = vec![0; room].into();
        }
    }

    #[inline]
    pub(super) fn begin_frame(&mut self, only: Option<Link>, head: usize) -> Sink<'_> {
        if self.expects_large {
            self.reserve_slot();
        }
        let place = only.and_then(|link| {
            let outgoing = &mut self.outgoing[link.0];
            outgoing.reclaim(&self.slots);
            Some((link, outgoing.place()?))
        });
        self.frame = Frame::Begun(place);
        if place.is_none() {
            // A slot is for what is longer than anything that has room here.
            self.reserve_scratch(match self.expects_large {
                true => self.layout.longest,
                false => SHORT,
            });
        }
        let room = match place {
            Some((link, place)) => self.outgoing[link.0].memory(place),
            None => &mut self.scratch[..],
        };
        // Where there is no slot, a frame that needs one waits in a buffer for it.
        let spill = match &mut self.spare {
            Some(blank) => Spill::Fixed(blank.memory()),
            None if self.expects_large => Spill::Growing(&mut self.heap),
            None => Spill::Nowhere,
        };
        Sink::new(room, spill, head, self.limits.message)
    }

    #[inline]
    pub(super) fn complete_frame(&mut self, head: Head, written: Written) -> Result<(), Lost> {
        let size = head.size();
        self.is_waited_for = head.request().is_some();
        self.frame = match (written, self.frame) {
            (Written::InRoom(len), Frame::Begun(Some((link, place)))) => {
                head.write(self.outgoing[link.0].memory(place));
                Frame::InRing {
                    link,
                    place,
                    head: size,
                    len,
                }
            }
            (Written::InRoom(len), _) => {
                head.write(&mut self.scratch);
                Frame::Small { head: size, len }
            }
            (Written::Spilled(len), _) => match self.spare.take() {
                Some(mut blank) => {
                    head.write(blank.memory());
                    let sealed = lock(&self.slots).seal(blank, len);
                    // The next time it waits in a buffer.
                    self.cannot_seal = sealed.is_err();
                    let slot = sealed.map_err(|_| Lost)?;
                    Frame::InSlot { slot, head, len }
                }
                None => {
                    head.write(&mut self.heap);
                    Frame::InHeap { head, len }
                }
            },
            (Written::Lost(len), begun) => {
                let in_scratch = matches!(begun, Frame::Begun(None));
                match in_scratch && len <= self.layout.longest {
                    true => self.reserve_scratch(len),
                    false => self.expects_large = true,
                }
                return Err(Lost);
            }
        };
        self.expects_large = matches!(self.frame, Frame::InSlot { .. } | Frame::InHeap { .. });
        Ok(())
    }

    /// Seals and posts at once: nothing is remembered of a frame that is where it belongs.
    #[inline]
    pub(super) fn send_frame(
        &mut self,
        link: Link,
        envelope: &Envelope,
        written: Written,
    ) -> Result<(), Unsent> {
        if let (Written::InRoom(len), Frame::Begun(Some((only, place)))) = (written, &self.frame)
            && *only == link
            && let Ok(length) = u32::try_from(len - HEAD)
        {
            let place = *place;
            self.waiting.note_post();
            let outgoing = &mut self.outgoing[link.0];
            outgoing.is_waited_for = false;
            write_message_head(outgoing.memory(place), envelope, length);
            if outgoing.publish(place, len).is_ok() {
                self.frame = Frame::Published;
                self.expects_large = false;
                return Ok(());
            }
        }
        self.send_otherwise(link, envelope, written)
    }

    fn send_otherwise(
        &mut self,
        link: Link,
        envelope: &Envelope,
        written: Written,
    ) -> Result<(), Unsent> {
        let head = Head::of_written(*envelope, written).ok_or(Unsent::Lost)?;
        self.complete_frame(head, written)
            .map_err(|Lost| Unsent::Lost)?;
        self.post_frame(link).map_err(Unsent::Refused)?;
        self.drop_frame();
        Ok(())
    }

    #[inline]
    pub(super) fn post_frame(&mut self, link: Link) -> Result<(), LinkError> {
        self.waiting.note_post();
        self.outgoing[link.0].is_waited_for = self.is_waited_for;
        let posted = self.try_post(link);
        if posted == Err(LinkError::Closed) {
            let peer = self.outgoing[link.0].peer;
            self.note_end(peer);
        }
        posted
    }

    #[inline]
    fn try_post(&mut self, link: Link) -> Result<(), LinkError> {
        match self.frame {
            Frame::InRing {
                link: only,
                place,
                len,
                ..
            } if only == link => {
                self.outgoing[link.0].publish(place, len)?;
                self.frame = Frame::Published;
                Ok(())
            }
            Frame::Small { len, .. } => {
                self.outgoing[link.0].send(&self.scratch[..len], &self.slots)
            }
            Frame::InSlot { slot, head, len } => self.post_slot(link, slot, &head, len),
            Frame::InHeap { head, len } => {
                let slot = self.find_slot(head, len)?;
                self.post_slot(link, slot, &head, len)
            }
            Frame::None | Frame::Begun(_) | Frame::InRing { .. } | Frame::Published => {
                debug_assert!(false, "no frame for this link");
                Err(LinkError::Full)
            }
        }
    }

    fn post_slot(
        &mut self,
        link: Link,
        slot: usize,
        head: &Head,
        len: usize,
    ) -> Result<(), LinkError> {
        let head = head.with_detail(IN_SLOT);
        let number = lock(&self.slots).number(slot);
        self.outgoing[link.0].send_slot(&head, (slot, number), len, &self.slots)?;
        lock(&self.slots).hold(slot);
        Ok(())
    }

    /// Moves a frame from the buffer into a slot, now that there may be one.
    fn find_slot(&mut self, head: Head, len: usize) -> Result<usize, LinkError> {
        self.cannot_seal = false;
        self.reserve_slot();
        if self.spare.is_none() {
            // Whichever peer lets go of one first is to tell of it.
            let holding = self.outgoing.iter().filter(|link| link.holds_slots());
            holding.for_each(Outgoing::ask_for_room);
            self.reserve_slot();
        }
        let mut blank = self.spare.take().ok_or(LinkError::Full)?;
        blank.memory()[..len].copy_from_slice(&self.heap[..len]);
        let sealed = lock(&self.slots).seal(blank, len);
        self.cannot_seal = sealed.is_err();
        let slot = sealed.map_err(|error| {
            tracing::warn!(%error, "a large message has to wait");
            LinkError::Full
        })?;
        self.heap = Vec::new();
        self.frame = Frame::InSlot { slot, head, len };
        Ok(slot)
    }

    pub(super) fn frame_body(&self) -> Vec<u8> {
        match self.frame {
            Frame::InRing {
                link,
                place,
                head,
                len,
            } => self.outgoing[link.0].unpublished(place, head, len),
            Frame::Small { head, len } => self.scratch[head..len].to_vec(),
            Frame::InSlot { slot, head, len } => {
                lock(&self.slots).bytes(slot, len)[head.size()..].to_vec()
            }
            Frame::InHeap { head, len } => self.heap[head.size()..len].to_vec(),
            Frame::None | Frame::Begun(_) | Frame::Published => Vec::new(),
        }
    }

    /// A slot that nobody was sent is free again.
    pub(super) fn drop_frame(&mut self) {
        if let Frame::InSlot { slot, .. } = std::mem::take(&mut self.frame) {
            lock(&self.slots).give_back(slot);
        }
    }
}
