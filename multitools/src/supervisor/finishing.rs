//! Residents that send on what they are sent (rule R11): all of them do what is queued before any of them
//! leaves, and again, for as long as a message may be on its way from one to the next.

use super::main_loop::Supervision;
use super::member::Member;
use super::shutdown::{Escalation, Phase};
use crate::deadline;
use crate::protocol::ToAgent;
use std::time::Instant;

/// How many steps of a message's way are waited for.
const MOST_ROUNDS: usize = 16;

/// How one resident stands in a round.
#[derive(Default)]
pub(super) struct Round {
    has_finished: bool,
    /// Whether it has begun a message, and so may have sent some, since it finished the one before.
    took: bool,
}

impl Round {
    pub(super) fn finish(&mut self, took: bool) {
        self.has_finished = true;
        self.took |= took;
    }
}

impl Member {
    /// It has been started again: nobody knows what it had begun.
    pub(super) fn begin_round_again(&mut self) {
        self.round.took = true;
        self.tell_word(&ToAgent::Finish);
    }
}

impl Supervision<'_> {
    /// The non-residents have ended. Of residents that are in a row each sends on in one round what it was sent
    /// in the one before, and the last one leaves with what it was sent in the last.
    pub(super) fn end_residents(&mut self) {
        let rounds = self.finishing().count().saturating_sub(1).min(MOST_ROUNDS);
        let by = deadline::after(self.settings.leave_grace);
        self.go_round(rounds, by);
    }

    /// After a round there is another, unless nobody had anything to do in it.
    pub(super) fn end_round(&mut self, rounds: usize, by: Instant) {
        let goes_on = self.finishing().any(|member| member.round.took);
        self.go_round(if goes_on { rounds } else { 0 }, by);
    }

    /// Has the residents do what is queued, or leave when they have done so often enough or taken too long.
    fn go_round(&mut self, rounds: usize, by: Instant) {
        let now = Instant::now();
        if rounds == 0 || now >= by {
            let escalation = Escalation::begin(now, self.settings.leave_grace);
            self.phase = Phase::ResidentsLeave(escalation);
            self.tell_all(&ToAgent::Leave, finishes);
            return;
        }
        let rounds = rounds - 1;
        self.phase = Phase::ResidentsFinish { rounds, by };
        for member in &mut self.members.0 {
            member.round = Round::default();
        }
        self.tell_all(&ToAgent::Finish, |member| finishes(member) && member.going);
    }

    /// Whether all residents have done what was queued at the beginning of the round.
    pub(super) fn have_residents_finished(&self) -> bool {
        self.finishing().all(|member| member.round.has_finished)
    }

    fn finishing(&self) -> impl Iterator<Item = &Member> {
        self.members.0.iter().filter(|member| finishes(member))
    }
}

/// Whether this is a resident that leaves with the others. Loggers hear the last words of these.
pub(super) fn finishes(member: &Member) -> bool {
    member.is_resident() && !member.is_logger() && !member.is_gone()
}
