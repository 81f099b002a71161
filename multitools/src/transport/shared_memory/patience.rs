//! How long to look before sleeping. Pure but for the clock that the caller reads.
//!
//! To sleep and to be woken costs several microseconds, so who waits for a peer on another processor
//! looks for a moment first. On the same processor the peer cannot go on meanwhile, so nobody looks
//! there. Looking in vain halves the time that is spent on it, down to none, with a short try now and
//! then; looking with success brings it back.

use std::time::Duration;

const LONGEST: Duration = Duration::from_micros(50);
const SHORTEST: Duration = Duration::from_micros(1);
/// How many waits go by between two tries.
const TRY_EVERY: u32 = 64;

/// What earlier waits have taught.
pub(super) struct Patience {
    budget: Duration,
    waits: u32,
}

impl Patience {
    pub(super) fn new() -> Patience {
        Patience {
            budget: LONGEST / 2,
            waits: 0,
        }
    }

    /// How long to look this time.
    pub(super) fn budget(&mut self) -> Duration {
        if !self.budget.is_zero() {
            return self.budget;
        }
        self.waits += 1;
        match self.waits.is_multiple_of(TRY_EVERY) {
            true => SHORTEST,
            false => Duration::ZERO,
        }
    }

    /// What came of looking.
    pub(super) fn learn(&mut self, found: bool) {
        self.budget = match found {
            true => (self.budget * 2).clamp(SHORTEST * 4, LONGEST),
            false if self.budget / 2 < SHORTEST => Duration::ZERO,
            false => self.budget / 2,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_in_vain_ends_and_success_brings_it_back() {
        let mut patience = Patience::new();
        for _ in 0..20 {
            patience.learn(false);
        }
        let tries = (0..TRY_EVERY * 10).filter(|_| !patience.budget().is_zero());
        assert_eq!(tries.count(), 10);
        for _ in 0..10 {
            patience.learn(true);
        }
        assert_eq!(patience.budget(), LONGEST);
    }
}
