//! How long to look before sleeping. Pure but for the clock that the caller reads.
//!
//! To sleep and to be woken costs several microseconds, so who waits for a peer on another processor
//! looks for a moment first. On the same processor the peer cannot go on meanwhile, so nobody looks
//! there. Looking in vain halves the time that is spent on it, down to none, with a try now and then; looking
//! with success brings it back.
//!
//! A peer may sleep because it has learnt that looking is in vain, and be right as long as this side sleeps,
//! too. So a try, and what follows it, is as long as it takes to wake the peer: then it is found to be quick, finds
//! in its turn that it is, and both of them look again.

use std::time::Duration;

const LONGEST: Duration = Duration::from_micros(50);
/// As long as it takes to wake a peer on another processor, and to be answered.
const WAKING: Duration = Duration::from_micros(25);
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
            budget: WAKING,
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
            true => WAKING,
            false => Duration::ZERO,
        }
    }

    /// What came of looking.
    pub(super) fn learn(&mut self, found: bool) {
        self.budget = match found {
            true => (self.budget * 2).clamp(WAKING, LONGEST),
            false if self.budget / 2 < SHORTEST => Duration::ZERO,
            false => self.budget / 2,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discouraged() -> Patience {
        let mut patience = Patience::new();
        for _ in 0..20 {
            patience.learn(false);
        }
        patience
    }

    #[test]
    fn looking_in_vain_ends_and_success_brings_it_back() {
        let mut patience = discouraged();
        let tries = (0..TRY_EVERY * 10).filter(|_| !patience.budget().is_zero());
        assert_eq!(tries.count(), 10);
        for _ in 0..10 {
            patience.learn(true);
        }
        assert_eq!(patience.budget(), LONGEST);
    }

    /// Two agents that answer each other: one that looks goes on at once, one that sleeps has to be woken. A wait
    /// takes as long as the other one's going on.
    #[test]
    fn two_that_have_both_learnt_to_sleep_find_out_that_they_need_not() {
        let awake = Duration::from_micros(1);
        let woken = Duration::from_micros(20);
        let mut sides = [discouraged(), discouraged()];
        let mut looks = [false, false];
        for trip in 0..4 * TRY_EVERY as usize {
            let (waits, goes_on) = (trip % 2, (trip + 1) % 2);
            let takes = if looks[goes_on] { awake } else { woken };
            let budget = sides[waits].budget();
            looks[waits] = takes <= budget;
            if !budget.is_zero() {
                sides[waits].learn(looks[waits]);
            }
        }
        assert_eq!(looks, [true, true]);
    }
}
