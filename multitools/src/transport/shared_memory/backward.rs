//! What a receiver writes to a pair: answers, word of room, and that nothing more is taken.

use super::doorbell;
use super::inbox::{Inbox, InboxReader};
use super::layout::{answer_place, pair};
use super::ring;
use super::slots::Slots;
use crate::sys::shared_file::Window;
use crate::wire::frame::{Answer, ReplyPath};
use std::io;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a receiver writes to a pair.
pub(super) struct Backward {
    pub(super) control: Arc<Window>,
    /// Of the sender.
    inbox: Arc<Inbox>,
    slots: Arc<Mutex<Slots>>,
    /// Of the receiver, and which incarnation of it this is.
    pub(super) own: Arc<InboxReader>,
    generation: usize,
    /// For the slot that the last answer is in.
    answer_slot: Mutex<Option<u64>>,
}

impl Backward {
    pub(super) fn new(
        control: Window,
        inbox: Inbox,
        slots: Arc<Mutex<Slots>>,
        own: Arc<InboxReader>,
        generation: usize,
    ) -> Backward {
        Backward {
            control: Arc::new(control),
            inbox: Arc::new(inbox),
            slots,
            own,
            generation,
            answer_slot: Mutex::new(None),
        }
    }

    pub(super) fn offer_room(&self) {
        if doorbell::offer_room(self.control.word(pair::WAITING)) {
            self.inbox.tell_of_room();
        }
    }

    /// Closes the ring, and wakes a sender that waits for room in it or for an answer.
    pub(super) fn close(&self) {
        ring::close(self.control.word(pair::HEAD));
        self.inbox.tell_of_room();
    }

    pub(super) fn processor(&self) -> u64 {
        self.inbox.processor()
    }

    /// Leaves an answer. Only the asker's latest request is still waited for, so it takes the place of
    /// the one before, and one that comes after it to an earlier request, or again to that one, is dropped.
    /// Whether there is a slot for it, if it needs one.
    fn answer(&self, request: u64, answer: &Answer<&[u8]>) -> io::Result<bool> {
        if request <= self.control.word(pair::ANSWERED).load(Relaxed) {
            return Ok(true);
        }
        let (outcome, body) = answer.parts();
        let mut last_slot = self
            .answer_slot
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(ticket) = last_slot.take() {
            self.lock_slots().end_answer(ticket);
        }
        let place = if body.len() <= pair::ANSWER_ROOM {
            self.control.store_bytes(pair::ANSWER, body);
            0
        } else {
            let lacking = || io::Error::other("no memory for so large an answer");
            let mut slots = self.lock_slots();
            let mut blank = match slots.acquire_for_answer() {
                Some(blank) => blank,
                None if slots.has_none_for_answer() => return Ok(false),
                None => return Err(lacking()),
            };
            if let Some(memory) = blank.memory().get_mut(..body.len()) {
                memory.copy_from_slice(body);
            }
            let slot = slots.seal(blank, body.len())?;
            *last_slot = Some(slots.keep_answer(slot, self.untaken(request)));
            answer_place(self.generation, slot)
        };
        let size = u64::from(outcome) << 56 | body.len() as u64;
        self.control.word(pair::ANSWER_SIZE).store(size, Release);
        self.control.word(pair::ANSWER_PLACE).store(place, Release);
        self.control.word(pair::ANSWERED).store(request, SeqCst);
        self.inbox.knock();
        Ok(true)
    }

    fn lock_slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn untaken(&self, request: u64) -> Untaken {
        Untaken {
            control: Arc::clone(&self.control),
            inbox: Arc::clone(&self.inbox),
            request,
        }
    }

    /// The message of this number in a slot of the sender is read.
    pub(super) fn release(&self, generation: usize, slot: usize, number: u64) {
        note_release(&self.control, generation, slot, number);
        self.offer_room();
    }
}

/// Says in the control words of a pair that the message of this number in a slot of its sender is read.
pub(super) fn note_release(control: &Window, generation: usize, slot: usize, number: u64) {
    let read = control.word(pair::read(generation, slot));
    read.store(number, Release);
    let word = control.word(pair::released(generation, slot / 64));
    word.fetch_or(1 << (slot % 64), AcqRel);
}

/// An answer in a slot.
pub(super) struct Untaken {
    control: Arc<Window>,
    inbox: Arc<Inbox>,
    request: u64,
}

impl Untaken {
    /// Whether it has been read, or will not be.
    pub(super) fn is_done_with(&self) -> bool {
        self.control.word(pair::TAKEN).load(Acquire) >= self.request || !self.inbox.is_open()
    }

    /// Has whoever takes it tell of that.
    pub(super) fn ask(&self) {
        doorbell::ask_for_room(self.control.word(pair::TAKING));
    }
}

impl ReplyPath for Backward {
    fn reply(&self, request: u64, answer: &Answer<&[u8]>) -> bool {
        self.answer(request, answer).unwrap_or_else(|error| {
            let failed = Answer::Failed(error.to_string());
            if let Err(error) = self.answer(request, &failed) {
                tracing::error!(%error, "an answer is lost");
            }
            true
        })
    }

    fn is_flushed(&self) -> bool {
        true
    }
}
