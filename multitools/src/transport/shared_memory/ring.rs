//! A ring of frames between one sender and one receiver. No I/O and no memory of its own: it says where
//! to write and to read.
//!
//! # Protocol
//!
//! Two words are shared: the head, which the sender alone moves, and the tail, which the receiver alone
//! moves. Both are places in the ring, multiples of eight; they are the same when it is empty. Each side
//! has its own word's value to itself and never believes what it reads back of it.
//!
//! 1. A frame is written between head and tail, where the receiver does not look, and then published by
//!    moving the head. What is not published was never sent.
//! 2. A frame is in one piece. Where there is no room for it before the end of the ring, a [`WRAP`] is
//!    left at the head and the frame is at the beginning. Eight bytes at the end stay free for that.
//! 3. The sender wraps before the end where there is room at the beginning: a ring that is read
//!    quickly uses few pages of its memory. If the receiver stands still then, what is left at the end is used as
//!    well: a [`LEAP`] at the head leads [`BEHIND`] the [`WRAP`], and until the tail has come as far, only the end
//!    of the ring is free.
//! 4. The head never comes to the tail from behind, so that equal always means empty.
//! 5. The head is moved by a compare-and-exchange, and its highest bit, once anybody has set it, stays:
//!    the ring is closed, nothing more is published, and what has been is known exactly.
//! 6. The receiver moves the tail when it has the frame, before it does anything about it.

use super::marks::{BEHIND, LEAP, Left, WRAP, leap_of};
use super::word::Word;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};

/// The bit of the head that closes a ring.
pub(super) const CLOSED: u64 = 1 << 63;

/// How much of a ring is used at first while the receiver keeps up, and at most.
pub(super) const HOT: (usize, usize) = (64 << 10, 1 << 20);

/// After so many turns twice as much is used: it is quicker, for what is written to was read longer ago,
/// and costs a part of what has been sent.
const TURNS: u32 = 16;

/// What the other side has written is impossible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Corrupt;

/// The ring is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Closed;

/// Where a frame may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Where it begins.
    pub(super) at: usize,
    /// How much room there is.
    pub(super) room: usize,
    /// Where a mark is to be written that leads here.
    pub(super) led_from: Option<usize>,
}

impl Place {
    /// The mark that leads here, and where it is to be written, if one is.
    pub(super) fn mark(&self) -> Option<(usize, u64)> {
        let mark = match self.at {
            0 => WRAP,
            at => LEAP | at as u64,
        };
        Some((self.led_from?, mark))
    }

    /// What a later process of the sender is to know of the mark.
    fn left(&self) -> Option<Left> {
        let mark = self.led_from?;
        Some(match self.at {
            0 => Left::by_wrap(mark),
            to => Left::by_leap(mark, to),
        })
    }
}

/// The sending side.
#[derive(Debug)]
pub(super) struct Producer {
    capacity: usize,
    head: usize,
    tail: usize,
    /// Where the head was when the tail was last looked at.
    looked_at: usize,
    /// How much of the ring is used while the receiver keeps up.
    hot: usize,
    turns: u32,
    /// Where the end of the ring begins that was left when the head wrapped last, until it leaps there.
    left: Option<usize>,
    /// A leap that the tail has not come up with: from where, and to where.
    leap: Option<(usize, usize)>,
}

impl Producer {
    /// Goes on where the head is, which an earlier process may have moved, also by a leap.
    pub(super) fn new(
        capacity: usize,
        head: &impl Word,
        tail: &impl Word,
        leap: &impl Word,
    ) -> Result<Self, Corrupt> {
        let head = place(head.load(Acquire) & !CLOSED, capacity)?;
        let tail = place(tail.load(Acquire), capacity)?;
        let note = Left::of_word(leap.load(Acquire));
        let made = note.leap().filter(|(_, to)| tail < *to && *to <= head);
        if made.is_none() {
            // One that was written down and not made is never taken for one that was.
            leap.store(note.without_leap().to_word(), Release);
        }
        Ok(Producer {
            capacity,
            head,
            tail,
            looked_at: head,
            hot: HOT.0,
            turns: 0,
            left: place(note.at() as u64, capacity)
                .ok()
                .filter(|at| head < tail && tail < *at),
            leap: made,
        })
    }

    /// Room for at least so many bytes in a row, if there is.
    #[inline]
    pub(super) fn place(&mut self, least: usize, tail: &impl Word) -> Option<Place> {
        // Now and then also where there is room, or it would seldom be known that it is time to wrap.
        if self.head.wrapping_sub(self.looked_at) >= self.hot / 2 {
            self.look(tail);
        }
        self.find(least).or_else(|| {
            self.look(tail);
            self.find(least)
                .or_else(|| self.find_behind_the_wrap(least))
        })
    }

    fn look(&mut self, tail: &impl Word) {
        // A tail that makes no sense only harms who waits for it.
        self.tail = place(tail.load(Acquire), self.capacity).unwrap_or(self.tail);
        self.looked_at = self.head;
        self.leap.take_if(|(_, to)| self.tail >= *to);
    }

    #[inline]
    fn find(&self, least: usize) -> Option<Place> {
        let (head, tail) = (self.head, self.tail);
        let here = |room| Place {
            at: head,
            room,
            led_from: None,
        };
        if self.leap.is_some() {
            let room = self.capacity - 8 - head;
            return (room >= least).then(|| here(room));
        }
        if head < tail {
            let room = tail - head - 8;
            return (room >= least).then(|| here(room));
        }
        let (room, before) = (self.capacity - 8 - head, tail.saturating_sub(8));
        let wrapped = Place {
            at: 0,
            room: before,
            led_from: Some(head),
        };
        // No frame begins where the one before it did: what was in hand when a receiver ended is known by that.
        let enough = least.max(HOT.0).max(self.hot / 2);
        if head + least > self.hot && before >= enough {
            return Some(wrapped);
        }
        if room >= least {
            return Some(here(room));
        }
        (before >= least).then_some(wrapped)
    }

    /// Room in the end of the ring that was left when the head wrapped: nothing is there until it does so again.
    #[cold]
    fn find_behind_the_wrap(&self, least: usize) -> Option<Place> {
        let at = self.left.filter(|_| self.head < self.tail)?;
        let room = (self.capacity - 8).checked_sub(at)?;
        let led_from = Some(self.head);
        (room >= least).then_some(Place { at, room, led_from })
    }

    /// How many bytes are unread, from what is known of the tail; marks may count as well.
    pub(super) fn used(&mut self, tail: &impl Word) -> usize {
        self.look(tail);
        let (head, tail) = (self.head, self.tail);
        let used = match (self.leap, self.left) {
            // What is in the beginning comes besides, until the tail is there.
            (Some((from, _)), _) if tail > from => head - tail + from,
            (Some((from, to)), _) => head - to + from - tail,
            (None, Some(left)) if head < tail => left.saturating_sub(tail) + head,
            _ if head < tail => self.capacity - (tail - head),
            _ => head - tail,
        };
        used.min(self.capacity)
    }

    fn note_mark(&mut self, mark: usize, to: usize) {
        if to > 0 {
            (self.leap, self.left) = (Some((mark, to)), None);
            return;
        }
        self.left = Some(mark + BEHIND);
        self.turns = self.turns.saturating_add(1);
        if self.turns == TURNS && self.hot < HOT.1 {
            (self.hot, self.turns) = (2 * self.hot, 0);
        }
    }

    /// Publishes a frame of so many bytes, a multiple of eight, that has been written there.
    #[inline]
    pub(super) fn publish(
        &mut self,
        place: Place,
        size: usize,
        head: &impl Word,
        leap: &impl Word,
    ) -> Result<(), Closed> {
        let next = place.at + size;
        if let Some(left) = place.left() {
            // Whoever goes on here after a kill is to use the end of the ring, and not to take what is left
            // unread for free.
            leap.store(left.to_word(), Release);
        }
        match head.compare_exchange(self.head as u64, next as u64, SeqCst, Relaxed) {
            Ok(_) => {
                self.head = next;
                if let Some(mark) = place.led_from {
                    self.note_mark(mark, place.at);
                }
                Ok(())
            }
            Err(_) => Err(Closed),
        }
    }
}

/// The receiving side.
#[derive(Debug)]
pub(super) struct Consumer {
    capacity: usize,
    tail: usize,
    head: usize,
    /// Where a leap is to lead, once it is known that there is one ahead.
    leap: Option<usize>,
}

impl Consumer {
    /// Goes on where the tail is, which an earlier process may have moved.
    pub(super) fn new(capacity: usize, tail: &impl Word) -> Result<Self, Corrupt> {
        let tail = place(tail.load(Acquire), capacity)?;
        Ok(Consumer {
            capacity,
            tail,
            head: tail,
            leap: None,
        })
    }

    /// Where the oldest frame begins, and how far it may reach at most. `read` reads eight bytes.
    #[inline]
    pub(super) fn next(
        &mut self,
        head: &impl Word,
        read: impl Fn(usize) -> u64,
    ) -> Result<Option<(usize, usize)>, Corrupt> {
        if self.tail == self.head {
            // With `publish`, one of the two sides of the doorbell's protocol.
            self.head = place(head.load(SeqCst) & !CLOSED, self.capacity)?;
            if self.tail == self.head {
                return Ok(None);
            }
        }
        let mut first = read(self.tail);
        if first == WRAP {
            // A head that is ahead all the same has leapt behind this place.
            let has_leapt = self.head > self.tail;
            if self.leap.is_some() || self.head == 0 {
                return Err(Corrupt);
            }
            self.leap = has_leapt.then_some(self.tail + BEHIND);
            self.tail = 0;
            first = read(0);
        }
        if let Some(to) = leap_of(first) {
            let to = place(to as u64, self.capacity)?;
            let is_ahead = self.tail < to && to < self.head;
            if !is_ahead || self.leap.take().is_some_and(|expected| expected != to) {
                return Err(Corrupt);
            }
            self.tail = to;
            first = read(to);
        }
        match self.reach() {
            0 => Err(Corrupt),
            _ if first >= LEAP => Err(Corrupt),
            reach => Ok(Some((self.tail, reach))),
        }
    }

    /// Where the oldest frame begins that is known of, and how far it may reach at most. What is there may
    /// as well be a [`WRAP`].
    #[inline]
    pub(super) fn known(&self) -> Option<(usize, usize)> {
        (self.tail != self.head).then(|| (self.tail, self.reach()))
    }

    /// How far the oldest frame may reach.
    #[inline]
    fn reach(&self) -> usize {
        let end = match self.leap {
            Some(to) => to - BEHIND,
            None if self.head > self.tail => self.head,
            None => self.capacity - 8,
        };
        end.saturating_sub(self.tail)
    }

    /// Lets go of the oldest frame, of so many bytes: a multiple of eight, no more than `next` said.
    #[inline]
    pub(super) fn advance(&mut self, size: usize, tail: &impl Word) {
        self.skip(size);
        tail.store(self.tail as u64, Release);
    }

    /// [`advance`](Self::advance) without telling the sender.
    pub(super) fn skip(&mut self, size: usize) {
        self.tail += size;
    }

    /// Tells the sender of what was skipped.
    pub(super) fn tell(&self, tail: &impl Word) {
        tail.store(self.tail as u64, Release);
    }

    /// Where the oldest unread frame begins.
    pub(super) fn tail(&self) -> usize {
        self.tail
    }

    /// Whether all is read that was there at the last look.
    pub(super) fn is_at_known_head(&self) -> bool {
        self.tail == self.head
    }

    /// Where the last published frame ends by now.
    pub(super) fn look(&mut self, head: &impl Word) -> Result<usize, Corrupt> {
        self.head = place(head.load(SeqCst) & !CLOSED, self.capacity)?;
        Ok(self.head)
    }
}

/// Closes a ring: nothing more is published.
pub(super) fn close(head: &impl Word) {
    head.fetch_or(CLOSED, SeqCst);
}

/// Whether all has been read that was published.
pub(super) fn is_empty(head: &impl Word, tail: &impl Word) -> bool {
    head.load(SeqCst) & !CLOSED == tail.load(SeqCst)
}

/// Whether a ring is closed.
pub(super) fn is_closed(head: &impl Word) -> bool {
    head.load(Acquire) & CLOSED != 0
}

#[inline]
fn place(word: u64, capacity: usize) -> Result<usize, Corrupt> {
    match usize::try_from(word) {
        Ok(place) if place % 8 == 0 && place <= capacity - 8 => Ok(place),
        _ => Err(Corrupt),
    }
}

#[cfg(test)]
#[path = "ring_tests.rs"]
mod tests;
