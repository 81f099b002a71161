//! What keeps a message as it is that is lent from the slot of its sender.

use super::backward::Backward;
use super::layout::SLOT_HEAD;
use crate::sys::shared_file::View;
use crate::wire::body::Loan;
use crate::wire::head::Head;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU64, AtomicUsize};

/// What there is instead of a note.
const NONE: usize = usize::MAX;

/// A slot of a sender, for one message after the other that is lent from it: each takes no memory.
pub(super) struct Lease {
    view: View,
    slot: usize,
    /// Of the incarnation of the sender.
    generation: usize,
    backward: Arc<Backward>,
    /// How many have the message that is lent. What follows is of that, and changes only while nobody has.
    holders: AtomicUsize,
    begin: AtomicUsize,
    end: AtomicUsize,
    number: AtomicU64,
    note: AtomicUsize,
}

impl Lease {
    pub(super) fn new(
        view: View,
        slot: usize,
        generation: usize,
        backward: Arc<Backward>,
    ) -> Lease {
        Lease {
            view,
            slot,
            generation,
            backward,
            holders: AtomicUsize::new(0),
            begin: AtomicUsize::new(0),
            end: AtomicUsize::new(0),
            number: AtomicU64::new(0),
            note: AtomicUsize::new(NONE),
        }
    }

    /// The head of the message of this number, if that is in the slot and nobody may write there.
    pub(super) fn head_of(&self, number: u64, limit: usize) -> Option<Head> {
        if self.view.load_in_order(0) != number {
            return None;
        }
        let word = |n: usize| Some(self.view.load(SLOT_HEAD + 8 * n));
        Head::of_words(word, limit).ok().flatten()
    }

    /// Lends a message that is there, with the place where that is noted. `None` while one is lent: then its
    /// note is taken away.
    pub(super) fn lend(
        lease: &Arc<Lease>,
        range: Range<usize>,
        number: u64,
        note: Option<usize>,
    ) -> Option<Hold> {
        if lease.holders.load(Acquire) != 0 {
            note.inspect(|note| lease.backward.own.forget_lease(*note));
            return None;
        }
        lease.begin.store(range.start, Relaxed);
        lease.end.store(range.end, Relaxed);
        lease.number.store(number, Relaxed);
        lease.note.store(note.unwrap_or(NONE), Relaxed);
        lease.holders.store(1, Release);
        Some(Hold(Arc::clone(lease)))
    }
}

#[allow(unsafe_code)]
impl Loan for Lease {
    fn bytes(&self) -> &[u8] {
        let (begin, end) = (self.begin.load(Relaxed), self.end.load(Relaxed));
        // SAFETY: the slot held this message under its number when it was lent (`head_of`), which it does only
        // after its sender has given up the right to write to all of it (`Slots::seal`). The sender takes that
        // back only when it is told, with the same number, that this lease is released, which is after the
        // borrow; or when this process is gone. This process and all others map the slot read-only. The range
        // was checked against the size of the slot when it was lent.
        unsafe { &self.view.bytes(end)[begin..] }
    }

    fn give_back(&self) {
        // Read before somebody else may be lent the next message.
        let (number, note) = (self.number.load(Relaxed), self.note.load(Relaxed));
        if self.holders.fetch_sub(1, AcqRel) > 1 {
            return;
        }
        // In this order a slot may be lost with a process that is killed in between, but is never
        // released twice.
        if note != NONE {
            self.backward.own.forget_lease(note);
        }
        self.backward.release(self.generation, self.slot, number);
    }
}

/// Has a message that is lent.
pub(super) struct Hold(Arc<Lease>);

impl Hold {
    pub(super) fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    /// The same for a body, which gives it back as well.
    pub(super) fn loan(&self) -> Arc<dyn Loan> {
        self.0.holders.fetch_add(1, Relaxed);
        Arc::clone(&self.0) as Arc<dyn Loan>
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.give_back();
    }
}
