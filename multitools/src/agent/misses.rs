//! Whom messages miss that others have got (rule R7): the supervisor is told of the first for each receiver at
//! once, and at the end how many more there were.

use super::core::Core;
use super::delivery::{Missed, MissedReason};
use crate::id::AgentId;
use crate::protocol::{Handling, ToSupervisor};
use crate::wire::frame::Envelope;
use std::collections::BTreeMap;

/// The receivers that have missed something, by their slots.
#[derive(Default)]
pub(super) struct Misses(BTreeMap<u32, Missing>);

/// What one receiver has missed.
struct Missing {
    receiver: AgentId,
    latest: Handling,
    /// How many messages the supervisor is still to be told of.
    untold: u64,
}

impl Missing {
    fn word(&self) -> Option<ToSupervisor> {
        (self.untold > 0).then_some(ToSupervisor::Missed {
            receiver: self.receiver,
            latest: self.latest,
            count: self.untold,
        })
    }
}

impl Misses {
    /// Counts a message, and says what the supervisor is to be told of at once: of one that is the first for its
    /// receiver, and of what is left of a receiver that had the slot before.
    fn note(&mut self, receiver: AgentId, latest: Handling) -> [Option<ToSupervisor>; 2] {
        let known = self.0.get_mut(&receiver.slot());
        if let Some(missing) = known.filter(|missing| missing.receiver == receiver) {
            missing.latest = latest;
            missing.untold += 1;
            return [None, None];
        }
        let first = Missing {
            receiver,
            latest,
            untold: 0,
        };
        let former = self.0.insert(receiver.slot(), first);
        let told = ToSupervisor::Missed {
            receiver,
            latest,
            count: 1,
        };
        [former.and_then(|former| former.word()), Some(told)]
    }
}

impl Core {
    /// Tells of those who had no room for what others have.
    #[cold]
    pub(super) fn note_missed(&mut self, missed: &[Missed], envelope: &Envelope) {
        for missed in missed {
            if missed.reason == MissedReason::Full {
                self.note_miss(missed.id, envelope);
            }
        }
    }

    /// Tells of one who had no room for what another has.
    #[cold]
    pub(super) fn note_miss(&mut self, receiver: AgentId, envelope: &Envelope) {
        let words = self.misses.note(receiver, (*envelope).into());
        for word in words.iter().flatten() {
            self.tell_supervisor(word);
        }
    }

    /// Tells of all that was missed and has not been told.
    pub(super) fn tell_of_misses(&mut self) {
        for missing in std::mem::take(&mut self.misses).0.values() {
            if let Some(word) = missing.word() {
                self.tell_supervisor(&word);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: impl IntoIterator<Item = Option<ToSupervisor>>) -> Vec<(AgentId, u64)> {
        let words = words.into_iter().flatten().map(|word| match word {
            ToSupervisor::Missed {
                receiver, count, ..
            } => (receiver, count),
            other => panic!("{other:?}"),
        });
        words.collect()
    }

    #[test]
    fn r07_of_each_receiver_the_first_miss_is_told_at_once_and_the_number_of_the_others_later() {
        let latest = Handling {
            message_type: 3,
            sender: AgentId::new(0, 0),
            site: 1,
        };
        let [one, next, other] =
            [(1, 0), (1, 1), (2, 0)].map(|(slot, incarnation)| AgentId::new(slot, incarnation));
        let mut misses = Misses::default();
        assert_eq!(told(misses.note(one, latest)), [(one, 1)]);
        assert_eq!(told(misses.note(one, latest)), []);
        assert_eq!(told(misses.note(one, latest)), []);
        assert_eq!(told(misses.note(other, latest)), [(other, 1)]);
        assert_eq!(told(misses.note(next, latest)), [(one, 2), (next, 1)]);
        assert_eq!(told(misses.note(other, latest)), []);
        assert_eq!(told(misses.0.values().map(Missing::word)), [(other, 1)]);
    }
}
