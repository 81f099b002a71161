//! When an agent that has ended is started again (rule R14). Pure: no clock, no process.

use serde::{Deserialize, Deserializer, Serialize, de};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};
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
    retry: u32,
    #[serde(deserialize_with = "group_of_another_process")]
    group: Option<(&'static str, Strategy)>,
}

/// Who of a group is started again when one of it has failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strategy {
    /// Only the one: what holds unless something else is said.
    #[default]
    One,
    /// All of the group.
    All,
    /// The one, and those of the group that were added to the run after it.
    Rest,
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
            retry: 0,
            group: None,
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

    /// It is whenever it has ended, with a result or without, until the run is stopped. For agents whose end
    /// is nothing to wait for; with one that is not resident, the run goes on until it is stopped or fails.
    #[must_use]
    pub const fn always() -> Restart {
        Restart {
            when: When::Always,
            ..Restart::never()
        }
    }

    /// How often at most within the [time](Self::within): 3 unless set. When it ends once more, so that it
    /// would be started again, the run fails (rule R12), also after a good end. After 32,767 restarts in all it
    /// does so whatever is set, as ids could no longer be told apart.
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

    /// How often the message that the agent had in hand when it failed is handled again: never unless set.
    ///
    /// The next incarnation begins with it. When the agent fails at it once more than so often, its sender
    /// gets it back in a [`PoisonMessage`](crate::PoisonMessage), or is told `Dead` where it has asked. A
    /// message is handled twice then, in part or in whole, so this is for work that may be done twice.
    #[must_use]
    pub const fn retry(self, times: u32) -> Restart {
        Restart {
            retry: times,
            ..self
        }
    }

    /// Agents that are started again together: all with the same name of a group, which share the limit as
    /// well. Where one has failed, the `strategy` says who else is asked to stop, and killed where it does
    /// not within the grace; all of them are started again when the last has ended.
    ///
    /// ```
    /// use multitools::{Restart, Strategy};
    ///
    /// let together = Restart::on_failure().max(5).group("pipeline", Strategy::All);
    /// ```
    ///
    /// All of a group have the same [`max`](Self::max), [`within`](Self::within) and strategy, or the run
    /// does not begin. Whoever has ended for good stays so.
    #[must_use]
    pub const fn group(self, name: &'static str, strategy: Strategy) -> Restart {
        Restart {
            group: Some((name, strategy)),
            ..self
        }
    }

    /// Whether it never is.
    pub(crate) fn is_never(self) -> bool {
        self.when == When::Never
    }

    /// How often a message is handled again.
    pub(crate) fn retries(self) -> u32 {
        self.retry
    }

    /// The group, unless it is never started again.
    pub(crate) fn together(self) -> Option<(&'static str, Strategy)> {
        self.group.filter(|_| !self.is_never())
    }

    /// How often at most, and within which time.
    pub(crate) fn limit(self) -> (u32, Duration) {
        (self.max, self.within)
    }

    /// What two of one group have to agree on.
    pub(crate) fn agrees_with(self, other: Restart) -> bool {
        (self.max, self.within, self.group) == (other.max, other.within, other.group)
    }

    /// Whether it is for an agent that has ended so.
    pub(crate) fn applies(self, failed: bool) -> bool {
        match self.when {
            When::Never => false,
            When::OnFailure => failed,
            When::Always => true,
        }
    }
}

/// The names of groups that other processes have told of, which stay for as long as this one: they stand in
/// the program, so they are few.
static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
const MOST_NAMES: usize = 1024;

fn group_of_another_process<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<(&'static str, Strategy)>, D::Error> {
    let Some((name, strategy)) = Option::<(String, Strategy)>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let known = match names.get(name.as_str()) {
        Some(known) => *known,
        None if names.len() >= MOST_NAMES => return Err(de::Error::custom("too many groups")),
        None => name.leak(),
    };
    names.insert(known);
    Ok(Some((known, strategy)))
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
    /// Whether there may be another restart at this time, if the policy is for failures at all.
    pub(crate) fn allows(&mut self, policy: Restart, now: Instant) -> bool {
        while let Some(oldest) = self.latest.front()
            && now.saturating_duration_since(*oldest) > policy.within
        {
            self.latest.pop_front();
        }
        policy.applies(true) && self.latest.len() < policy.max as usize
    }

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
        if !self.allows(policy, now) {
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

    #[test]
    fn r14_a_policy_is_the_same_in_another_process() {
        use crate::wire::codec;
        let policy = Restart::on_failure().group("together", Strategy::Rest);
        let there: Restart = codec::decode(&codec::encode(&policy).unwrap()).unwrap();
        assert_eq!(there, policy);
        let alone: Restart = codec::decode(&codec::encode(&Restart::never()).unwrap()).unwrap();
        assert_eq!(alone, Restart::never());
    }
}
