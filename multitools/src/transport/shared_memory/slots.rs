//! The places of an agent's large messages.
//!
//! A slot belongs to its sender, which alone maps it to write. Before a message in it is published, the
//! sender takes from itself the right to write there; it takes it back when all receivers have let go.
//! So what a receiver lends to a handler cannot change, whatever stray pointer the sender follows.
//!
//! Each message in a slot has a number, which is in the slot for as long as nobody may write there, and goes
//! with each word that is said of it. The numbers of a sender grow, also from one incarnation to the next. So a
//! receiver borrows nothing that is not there as it was sent, and nothing twice, whatever its ring says; and a
//! sender takes nothing back that is still lent, whatever has been written over the words that tell of it.

use super::Occupied;
use super::backward::Untaken;
use super::layout::{Layout, SLOT_HEAD, SLOTS};
use crate::id::AgentId;
use crate::sys::clock;
use crate::sys::shared_file::{SharedFile, Window};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

/// How much memory is kept in slots that are not in use.
const IDLE: usize = 64 << 20;

/// How many slots messages leave to answers, and answers to messages: neither is to find none because of the
/// other.
pub(super) const LEFT: usize = 64;

/// How much has to be written to a slot before it is worth large pages.
const WORTH_LARGE_PAGES: usize = 16 << 20;

/// The slots of one agent.
pub(super) struct Slots {
    file: Arc<SharedFile>,
    layout: Layout,
    owner: AgentId,
    occupied: Occupied,
    slots: Vec<Slot>,
    free: Vec<usize>,
    /// How much memory the free ones take.
    idle: usize,
    answers: Vec<KeptAnswer>,
    /// How much memory these take.
    in_answers: usize,
    next_ticket: u64,
    /// Of the message that was put into a slot last.
    last_number: u64,
}

/// A slot that an answer is in.
struct KeptAnswer {
    ticket: u64,
    slot: usize,
    untaken: Untaken,
}

struct Slot {
    /// `None` while it is being written to.
    window: Option<Window>,
    /// Of the message in it.
    number: u64,
    /// How many links have the message in it.
    holders: usize,
    /// How much of it this process may not write.
    sealed: usize,
    /// How much of it takes memory.
    touched: usize,
    /// How much has been written to it.
    written: usize,
}

/// A slot that nobody else knows of, to be written to.
pub(super) struct Blank {
    index: usize,
    window: Window,
    len: usize,
}

impl Blank {
    /// Its memory.
    #[allow(unsafe_code)]
    pub(super) fn memory(&mut self) -> &mut [u8] {
        // SAFETY: no link names this slot, since `Slots` gives out only those that have no holders, so
        // no receiver reads it; other processes map it read-only, if at all. The window is nowhere else
        // in this process, and `&mut self` makes this its only borrow.
        unsafe { self.window.bytes_mut(SLOT_HEAD..self.len) }
    }
}

impl Slots {
    /// Without those that are `occupied` by messages of earlier incarnations.
    pub(super) fn new(
        file: Arc<SharedFile>,
        layout: Layout,
        owner: AgentId,
        occupied: Occupied,
    ) -> Slots {
        Slots {
            occupied,
            file,
            layout,
            owner,
            slots: Vec::new(),
            free: Vec::new(),
            idle: 0,
            answers: Vec::new(),
            in_answers: 0,
            next_ticket: 0,
            last_number: clock::now(),
        }
    }

    /// A slot to write a message to. `None` when as many are in use as may be, or there is no memory.
    pub(super) fn acquire(&mut self) -> Option<Blank> {
        let in_use = self.slots.len() - self.free.len() - self.answers.len();
        (in_use < SLOTS - LEFT).then(|| self.take())?
    }

    /// A slot to write an answer to, likewise.
    pub(super) fn acquire_for_answer(&mut self) -> Option<Blank> {
        if self.has_none_for_answer() || self.in_answers > IDLE {
            self.give_back_answers();
        }
        (self.answers.len() < SLOTS - LEFT).then(|| self.take())?
    }

    /// Whether others take as many as they may.
    pub(super) fn has_none_for_answer(&self) -> bool {
        self.answers.len() >= SLOTS - LEFT || self.is_exhausted()
    }

    /// Has room be told of when an answer has been taken.
    pub(super) fn ask_for_answers(&self) {
        self.answers.iter().for_each(|kept| kept.untaken.ask());
    }

    fn is_exhausted(&self) -> bool {
        self.free.is_empty() && self.slots.len() == SLOTS
    }

    fn give_back_answers(&mut self) {
        let done = self
            .answers
            .extract_if(.., |kept| kept.untaken.is_done_with());
        let done: Vec<usize> = done.map(|kept| kept.slot).collect();
        done.into_iter()
            .for_each(|slot| self.give_back_answer(slot));
    }

    fn give_back_answer(&mut self, slot: usize) {
        self.in_answers -= self.slots[slot].touched;
        self.give_back(slot);
    }

    fn take(&mut self) -> Option<Blank> {
        if self.is_exhausted() {
            self.give_back_answers();
        }
        let blank = match self.free.pop() {
            Some(index) => self.unseal(index),
            None => {
                self.pass_over_the_occupied();
                match self.slots.len() < SLOTS {
                    true => self.add(),
                    false => return None,
                }
            }
        };
        blank
            .inspect_err(|error| tracing::warn!(%error, "no memory for a large message"))
            .ok()
    }

    fn unseal(&mut self, index: usize) -> io::Result<Blank> {
        let slot = &mut self.slots[index];
        let window = slot.window.take();
        let window = window.ok_or_else(|| io::Error::other("it is being written to"))?;
        if let Err(error) = window.allow_writing(slot.sealed, true) {
            slot.window = Some(window);
            self.free.push(index);
            return Err(error);
        }
        slot.sealed = 0;
        window.word(0).store(0, SeqCst);
        self.idle -= slot.touched;
        let len = self.layout.slot;
        Ok(Blank { index, window, len })
    }

    /// These are neither free nor anybody's for as long as this incarnation lives.
    fn pass_over_the_occupied(&mut self) {
        while self.slots.len() < SLOTS
            && u16::try_from(self.slots.len()).is_ok_and(|next| self.occupied.contains(&next))
        {
            self.slots.push(Slot {
                window: None,
                number: 0,
                holders: 1,
                sealed: 0,
                touched: 0,
                written: 0,
            });
        }
    }

    fn add(&mut self) -> io::Result<Blank> {
        let (index, len) = (self.slots.len(), self.layout.slot);
        let window = self.file.window(self.place(index), len)?;
        self.slots.push(Slot {
            window: None,
            number: 0,
            holders: 0,
            sealed: 0,
            touched: 0,
            written: 0,
        });
        Ok(Blank { index, window, len })
    }

    fn place(&self, slot: usize) -> u64 {
        self.layout.slots(self.owner) + (slot * self.layout.slot) as u64
    }

    /// Gives up the right to write to a slot, of which the first `len` bytes have been written, and says
    /// which one it is. Where that fails the slot is as if it had never been given out.
    pub(super) fn seal(&mut self, blank: Blank, len: usize) -> io::Result<usize> {
        let Blank {
            index, mut window, ..
        } = blank;
        let len = SLOT_HEAD + len;
        self.last_number += 1;
        let slot = &mut self.slots[index];
        slot.number = self.last_number;
        window.word(0).store(slot.number, SeqCst);
        slot.touched = slot.touched.max(len);
        slot.written = slot.written.saturating_add(len);
        if slot.written >= WORTH_LARGE_PAGES {
            window.collapse(slot.touched);
        }
        let sealed = window.allow_writing(len, false);
        slot.window = Some(window);
        match sealed {
            Ok(()) => {
                slot.sealed = len;
                Ok(index)
            }
            Err(error) => {
                self.give_back(index);
                Err(error)
            }
        }
    }

    /// The first bytes of a slot that is sealed.
    #[allow(unsafe_code)]
    pub(super) fn bytes(&self, slot: usize, len: usize) -> &[u8] {
        let slot = &self.slots[slot];
        match &slot.window {
            // SAFETY: these bytes are sealed: this process cannot write to them, and to unseal them takes
            // `&mut self`. Other processes map them read-only.
            Some(window) => unsafe { window.bytes((SLOT_HEAD + len).min(slot.sealed)) },
            None => &[],
        }
        .get(SLOT_HEAD..)
        .unwrap_or_default()
    }

    /// The number of the message in a slot.
    pub(super) fn number(&self, slot: usize) -> u64 {
        self.slots[slot].number
    }

    /// One more link has the message in it.
    pub(super) fn hold(&mut self, slot: usize) {
        self.slots[slot].holders += 1;
    }

    /// A link has the message no more.
    fn release(&mut self, slot: usize) {
        self.slots[slot].holders -= 1;
        self.give_back(slot);
    }

    /// Keeps a slot for the answer in it. What is returned ends that.
    pub(super) fn keep_answer(&mut self, slot: usize, untaken: Untaken) -> u64 {
        self.next_ticket += 1;
        let ticket = self.next_ticket;
        self.in_answers += self.slots[slot].touched;
        self.answers.push(KeptAnswer {
            ticket,
            slot,
            untaken,
        });
        ticket
    }

    /// The answer that was kept is no longer waited for.
    pub(super) fn end_answer(&mut self, ticket: u64) {
        let place = self.answers.iter().position(|kept| kept.ticket == ticket);
        if let Some(place) = place {
            let kept = self.answers.swap_remove(place);
            self.give_back_answer(kept.slot);
        }
    }

    /// Makes a slot free, unless some link has the message in it.
    pub(super) fn give_back(&mut self, index: usize) {
        let place = self.place(index);
        let slot = &mut self.slots[index];
        if slot.holders > 0 {
            return;
        }
        if self.idle + slot.touched > IDLE {
            match self.file.discard(place, self.layout.slot as u64) {
                Ok(()) => slot.touched = 0,
                Err(error) => tracing::debug!(%error, "a slot keeps its memory"),
            }
        }
        self.idle += slot.touched;
        self.free.push(index);
    }
}

/// The slots that one link has messages in.
#[derive(Default)]
pub(super) struct Held {
    /// Slot, length, and number.
    slots: Vec<(usize, usize, u64)>,
    bytes: usize,
}

impl Held {
    pub(super) fn add(&mut self, slot: usize, len: usize, number: u64) {
        self.slots.push((slot, len, number));
        self.bytes += len;
    }

    /// How many bytes they hold.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Lets go of those that `is_read` says of; a receiver's word on others means nothing.
    pub(super) fn release(&mut self, is_read: impl Fn(usize, u64) -> bool, slots: &mut Slots) {
        self.slots.retain(|(slot, len, number)| {
            let read = is_read(*slot, *number);
            if read {
                self.bytes -= len;
                slots.release(*slot);
            }
            !read
        });
    }
}
