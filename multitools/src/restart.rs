//! When an agent that has ended is started again (rule R14). Pure: no clock, no process.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// When an agent that has ended is started again: a new process, with the agent's original fields and
/// with what is unread in its mailbox (rule R14).
///
/// Declared with the agent, `#[agent(restart = on_failure, max = 3, within = "60s", backoff =
/// "100ms..5s")]`, or when it is added:
///
/// ```no_run
/// use multitools::{agent, Context, Restart, RunError, Supervisor};
/// use std::time::Duration;
///
/// #[agent]
/// struct Worker;
/// #[agent]
/// impl Worker {
///     fn op(&mut self, _: &mut Context) { /* foreign code that may crash */ }
/// }
///
/// fn main() -> Result<(), RunError> {
///     multitools::init();
///     let policy = Restart::on_failure().max(5).within(Duration::from_secs(10));
///     Supervisor::new().add(Worker).restart(policy).supervise().map(drop)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restart {
    when: When,
    max: u32,
    within: Duration,
    backoff: (Duration, Duration),
}

/// After which ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum When {
    Never,
    OnFailure,
    Always,
}

impl Restart {
    /// It is not: its failure is that of the run (rule R12). What holds unless something else is said.
    #[must_use]
    pub const fn never() -> Restart {
        Restart {
            when: When::Never,
            max: 3,
            within: Duration::from_secs(60),
            backoff: (Duration::from_millis(100), Duration::from_secs(5)),
        }
    }

    /// It is when it has failed: by a panic, an error, a signal, or an exit without returning from `op`.
    #[must_use]
    pub const fn on_failure() -> Restart {
        Restart {
            when: When::OnFailure,
            ..Restart::never()
        }
    }

    /// It is whenever it has ended, with a result or without, until the run is stopped.
    #[must_use]
    pub const fn always() -> Restart {
        Restart {
            when: When::Always,
            ..Restart::never()
        }
    }

    /// How often at most within the [time](Self::within): 3 unless set. When it ends once more the run
    /// fails (rule R12).
    #[must_use]
    pub const fn max(self, max: u32) -> Restart {
        Restart { max, ..self }
    }

    /// The time in which restarts are counted: 60 s unless set.
    #[must_use]
    pub const fn within(self, within: Duration) -> Restart {
        Restart { within, ..self }
    }

    /// How long to wait before a restart: `least` before the first, twice as long before each further
    /// one within the [time](Self::within), `most` at most, and a random quarter more or less. 100 ms to
    /// 5 s unless set.
    #[must_use]
    pub const fn backoff(self, least: Duration, most: Duration) -> Restart {
        Restart {
            backoff: (least, most),
            ..self
        }
    }

    fn applies(self, failed: bool) -> bool {
        match self.when {
            When::Never => false,
            When::OnFailure => failed,
            When::Always => true,
        }
    }
}

/// What is done about an agent that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Nothing: the policy is not for this.
    LetGo,
    /// It is started again after this time; how often that has been, this time included.
    Again { delay: Duration, attempt: u32 },
    /// It has been started again too often.
    GiveUp,
}

/// The restarts of one agent.
#[derive(Debug, Default)]
pub(crate) struct History {
    latest: VecDeque<Instant>,
}

impl History {
    /// What to do about an end at this time. `chance` is between nought and one.
    pub(crate) fn decide(
        &mut self,
        policy: Restart,
        failed: bool,
        now: Instant,
        chance: f64,
    ) -> Decision {
        if !policy.applies(failed) {
            return Decision::LetGo;
        }
        while let Some(oldest) = self.latest.front()
            && now.saturating_duration_since(*oldest) > policy.within
        {
            self.latest.pop_front();
        }
        if self.latest.len() >= policy.max as usize {
            return Decision::GiveUp;
        }
        let earlier = u32::try_from(self.latest.len()).unwrap_or(u32::MAX);
        self.latest.push_back(now);
        let (least, most) = policy.backoff;
        let doubled = least.saturating_mul(2u32.saturating_pow(earlier));
        let delay = doubled.min(most).as_secs_f64() * (0.75 + chance.clamp(0.0, 1.0) / 2.0);
        Decision::Again {
            delay: Duration::try_from_secs_f64(delay).unwrap_or(Duration::MAX),
            attempt: earlier + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delay(decision: Decision) -> u64 {
        match decision {
            Decision::Again { delay, .. } => u64::try_from(delay.as_millis()).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn r14_the_wait_doubles_up_to_its_limit_and_the_count_has_an_end() {
        let policy = Restart::on_failure()
            .max(4)
            .backoff(Duration::from_millis(100), Duration::from_millis(350));
        let (mut history, now) = (History::default(), Instant::now());
        let mut decide = |chance| history.decide(policy, true, now, chance);
        assert_eq!(delay(decide(0.5)), 100);
        assert_eq!(delay(decide(0.5)), 200);
        assert_eq!(delay(decide(0.0)), 262);
        assert_eq!(delay(decide(1.0)), 437);
        assert_eq!(decide(0.5), Decision::GiveUp);
    }

    #[test]
    fn r14_the_longest_wait_has_no_quarter_more() {
        let policy = Restart::always().backoff(Duration::MAX, Duration::MAX);
        let again = History::default().decide(policy, false, Instant::now(), 1.0);
        let delay = Duration::MAX;
        assert_eq!(again, Decision::Again { delay, attempt: 1 });
    }

    #[test]
    fn r14_what_is_long_ago_does_not_count() {
        let policy = Restart::on_failure().max(1).within(Duration::from_secs(10));
        let (mut history, now) = (History::default(), Instant::now());
        assert_eq!(delay(history.decide(policy, true, now, 0.5)), 100);
        let soon = now + Duration::from_secs(9);
        assert_eq!(history.decide(policy, true, soon, 0.5), Decision::GiveUp);
        let later = now + Duration::from_secs(11);
        assert_eq!(delay(history.decide(policy, true, later, 0.5)), 100);
    }

    #[test]
    fn r14_each_policy_is_for_its_ends() {
        let now = Instant::now();
        let applies = |policy: Restart, failed| {
            History::default().decide(policy, failed, now, 0.5) != Decision::LetGo
        };
        assert!(!applies(Restart::never(), true));
        assert!(applies(Restart::on_failure(), true));
        assert!(!applies(Restart::on_failure(), false));
        assert!(applies(Restart::always(), false));
    }
}
