//! What stands in a ring that is no frame, and what is written down of it.

use crate::wire::head::HEAD;

/// Eight bytes that say: go on at the beginning. No frame begins like this.
pub(super) const WRAP: u64 = u64::MAX;

/// So far behind a [`WRAP`] a leap leads: who reads takes as many bytes as a head has from where a frame is due,
/// before it looks at what they are.
pub(super) const BEHIND: usize = HEAD;

/// The upper half of eight bytes that say: go on at the place in the lower half. Nor does any like this, or like
/// what is more.
pub(super) const LEAP: u64 = 0xffff_fffe << 32;

/// Where such eight bytes lead.
pub(super) fn leap_of(word: u64) -> Option<usize> {
    (word >> 32 == LEAP >> 32).then_some(word as u32 as usize)
}

/// The end of a ring that was left when the head wrapped last, and whether it has leapt there, for a later process
/// of the sender.
#[derive(Clone, Copy)]
pub(super) struct Left {
    /// Where the leap leads from; no less than `at` where there was none.
    from: u32,
    at: u32,
}

impl Left {
    pub(super) fn by_wrap(mark: usize) -> Left {
        Left::by_leap(u32::MAX as usize, mark + BEHIND)
    }

    pub(super) fn by_leap(from: usize, to: usize) -> Left {
        let [from, at] = [from, to].map(|place| place as u32);
        Left { from, at }
    }

    /// Where it begins.
    pub(super) fn at(self) -> usize {
        self.at as usize
    }

    /// From where the head has leapt there, and to where.
    pub(super) fn leap(self) -> Option<(usize, usize)> {
        (self.from < self.at).then_some((self.from as usize, self.at as usize))
    }

    pub(super) fn without_leap(self) -> Left {
        let from = u32::MAX;
        Left { from, ..self }
    }

    pub(super) fn to_word(self) -> u64 {
        u64::from(self.from) << 32 | u64::from(self.at)
    }

    pub(super) fn of_word(word: u64) -> Left {
        Left {
            from: (word >> 32) as u32,
            at: word as u32,
        }
    }
}
