//! Starting agents again that have ended.

use super::companions::Ending;
use super::finishing::finishes;
use super::main_loop::{STOP_GRACE, Supervision};
use super::retrying::Blame;
use super::shutdown::Phase;
use super::startup::Origin;
use super::{Notice, Report};
use crate::deadline;
use crate::id::AgentId;
use crate::launch;
use crate::protocol::{ToAgent, Unfinished};
use crate::restart::{Decision, History, Restart};
use crate::router::Change;
use crate::transport::{Backend, Occupied};
use std::io;
use std::time::{Duration, Instant};

/// How an agent is started again.
pub(super) struct Again {
    origin: Origin,
    pub(super) policy: Restart,
    history: History,
    /// How often it has been.
    pub(super) times: u32,
    /// When, once it has ended.
    pub(super) due: Option<Instant>,
    /// When it has to be ready, once it has been started again.
    pub(super) ready_by: Option<Instant>,
    announced: bool,
    /// The message that its next incarnation begins with.
    pub(super) unfinished: Option<Unfinished>,
    /// While it is being ended because another of its group has failed.
    pub(super) ending: Option<Ending>,
    /// Whether it has ended once more than its policy allows.
    pub(super) exhausted: bool,
}

impl Again {
    /// `None` for one that never is.
    pub(super) fn new(origin: Origin, policy: Restart) -> Option<Again> {
        (!policy.is_never()).then(|| Again {
            origin,
            policy,
            history: History::default(),
            times: 0,
            due: None,
            ready_by: None,
            announced: false,
            unfinished: None,
            ending: None,
            exhausted: false,
        })
    }
}

impl Supervision<'_> {
    /// When something is due if nothing happens before.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let members = self.members.0.iter().enumerate();
        let restarts = members.filter_map(|(index, member)| {
            let again = member.again.as_ref()?;
            let due = again.due.filter(|_| !self.waits_for_companions(index));
            let ending = again.ending.as_ref().and_then(Ending::deadline);
            [due, again.ready_by, ending].into_iter().flatten().min()
        });
        let spawned = self.members.0.iter();
        let spawned = spawned.filter_map(|member| member.spawned.as_ref()?.deadline());
        let others = [
            self.phase.deadline(),
            self.fall_deadline(),
            self.idling.deadline(),
        ];
        let others = others.into_iter().flatten();
        restarts.chain(spawned).chain(others).min()
    }

    /// Decides about an agent whose process has ended. Whether it is started again.
    pub(super) fn plan_restart(&mut self, index: usize, failed: bool) -> bool {
        if !self.may_restart(index, failed) {
            return false;
        }
        let now = Instant::now();
        let member = &mut self.members.0[index];
        let Some(again) = &mut member.again else {
            return false;
        };
        again.ready_by = None;
        if let Some(ending) = again.ending.take() {
            return self.plan_with_companions(index, failed, &ending);
        }
        let history = self.groups.history(again.policy, &mut again.history);
        let decision = history.decide(again.policy, failed, now, chance());
        let due = match decision {
            Decision::Again { delay, .. } => Some(deadline::since(now, delay)),
            Decision::LetGo | Decision::GiveUp => None,
        };
        again.due = due;
        again.exhausted = decision == Decision::GiveUp;
        self.give_up(index, "its process ended before it came up");
        let (Some(due), Decision::Again { delay, attempt }) = (due, decision) else {
            return false;
        };
        self.members.0[index].going = false;
        let report = self.report_of(index, Vec::new());
        self.tell_of_restart(index, report, delay, attempt, None);
        let blame = match (failed, &self.members.0[index].fall) {
            (_, Some(_)) => Blame::Another,
            (true, None) => Blame::Itself,
            (false, None) => Blame::Nobody,
        };
        self.hand_over(index, blame);
        self.end_companions(index, due, attempt);
        true
    }

    /// Whether an agent that has failed would be started again if its end was seen now.
    pub(super) fn would_restart(&mut self, index: usize) -> bool {
        if !self.may_restart(index, true) {
            return false;
        }
        let Some(again) = &mut self.members.0[index].again else {
            return false;
        };
        let history = self.groups.history(again.policy, &mut again.history);
        history.allows(again.policy, Instant::now())
    }

    /// Whether anybody is started again now. Of those who have been asked to leave only who has failed: its
    /// mailbox is to be worked off.
    fn may_restart(&self, index: usize, failed: bool) -> bool {
        if self.is_quiet() || self.failed.is_some() {
            return false;
        }
        let member = &self.members.0[index];
        match self.phase {
            Phase::Running | Phase::ResidentsFinish { .. } => true,
            Phase::ResidentsLeave(_) | Phase::LoggersLeave(_) => {
                let asked = self
                    .phase
                    .wants_gone(member.is_resident(), member.is_logger());
                !asked || failed && (!member.killed_for_staying || member.is_ending())
            }
            // Whoever cannot begin cannot the next time.
            Phase::Starting { .. } => failed && member.unfit.is_none(),
            Phase::NonResidentsLeave(_) | Phase::Stopping(_) => false,
        }
    }

    /// Decides about an agent that was asked to end because another of its group has failed. It may have
    /// ended before it heard of that.
    fn plan_with_companions(&mut self, index: usize, failed: bool, ending: &Ending) -> bool {
        let member = &mut self.members.0[index];
        let by_itself = ending.is_later_than(member.ended_at);
        let Some(again) = &mut member.again else {
            return false;
        };
        if by_itself && !again.policy.applies(failed) {
            return false;
        }
        again.due = Some(ending.due);
        self.give_up(index, "another of its group has failed");
        let told = by_itself || !self.members.0[index].left_when_asked(ending);
        let report = told.then(|| self.report_of(index, Vec::new())).flatten();
        let delay = ending.due.saturating_duration_since(Instant::now());
        let because_of = Some(ending.because_of.clone());
        self.tell_of_restart(index, report, delay, ending.attempt, because_of);
        let blame = match by_itself {
            true if failed => Blame::Itself,
            true => Blame::Nobody,
            false => Blame::Another,
        };
        self.hand_over(index, blame);
        true
    }

    fn tell_of_restart(
        &mut self,
        index: usize,
        report: Option<Report>,
        delay: Duration,
        attempt: u32,
        because_of: Option<String>,
    ) {
        let agent = self.members.0[index].label.clone();
        if let Some(again) = &mut self.members.0[index].again {
            again.announced = true;
        }
        self.console.notice(&Notice::Restarting {
            agent,
            report: report.map(Box::new),
            because_of,
            delay,
            attempt,
        });
    }

    /// Starts those that are due, and gives up those that have not come up in time.
    pub(super) fn start_again(&mut self) {
        let now = Instant::now();
        for index in 0..self.members.0.len() {
            let waits = self.waits_for_companions(index);
            let member = &mut self.members.0[index];
            let Some(again) = &mut member.again else {
                continue;
            };
            if again.due.is_some_and(|due| due <= now) && !waits {
                again.due = None;
                self.start_one_again(index);
            } else if again.ready_by.is_some_and(|by| by <= now) {
                again.ready_by = None;
                let reason = member.lateness(self.settings.start_timeout);
                member.unfit.get_or_insert(reason);
                member.kill();
            }
        }
    }

    fn start_one_again(&mut self, index: usize) {
        let member = &mut self.members.0[index];
        let Some(mut again) = member.again.take() else {
            return;
        };
        let id = self.next_incarnation(index);
        if let Some(agent) = &mut self.members.0[index].agent {
            again.origin.sites = std::mem::take(&mut agent.sites);
        }
        let (policy, unfinished) = (again.policy, again.unfinished);
        let started = id
            .and_then(|(id, occupied)| {
                let origin = again.origin.clone();
                self.launcher
                    .start(id, origin, policy, occupied, unfinished)
            })
            .and_then(|mut started| {
                self.events.watch(index, &mut started)?;
                Ok(started)
            });
        match started {
            Ok(mut started) => {
                again.times = again.times.saturating_add(1);
                again.ready_by = Some(deadline::after(self.settings.start_timeout));
                started.again = Some(again);
                let earlier = &mut self.members.0[index];
                started.since = earlier.since;
                started.sequence = earlier.sequence;
                started.spawned = earlier.spawned.take();
                started.former = earlier.former.take();
                started.given_back = earlier.take_given_back();
                self.events.forget(earlier);
                self.links.succeed(earlier.id, started.id);
                self.members.0[index] = started;
            }
            Err(error) => {
                self.members.0[index].again = Some(again);
                let advice = launch::advice(&error);
                let reason = format!("its process could not be started: {error}{advice}");
                self.give_up(index, &reason);
                self.fail_for_good(index);
            }
        }
    }

    fn fail_for_good(&mut self, index: usize) {
        let id = self.members.0[index].id;
        self.failed.get_or_insert(index);
        self.announce_end(index);
        self.balance(id);
        self.stop(STOP_GRACE);
    }

    fn next_incarnation(&self, index: usize) -> io::Result<(AgentId, Occupied)> {
        let (former, since) = (self.members.0[index].id, self.members.0[index].since);
        let (next, occupied) = match &self.launcher.backend {
            Backend::SharedMemory(estate) => {
                let receivers = self.members.0.iter().map(|member| member.id);
                estate.successor(former, receivers)?
            }
            Backend::LocalSockets => {
                let next = self.accounts.follow(former, |id| self.page(id));
                // Where messages of that many are unread, some of the oldest are not told of if they are
                // lost.
                let incarnation = former.incarnation().wrapping_add(1);
                let next = next.unwrap_or(AgentId::new(former.slot(), incarnation));
                (next, Occupied::new())
            }
        };
        Ok((next.following(since)?, occupied))
    }

    /// Tells those that have come up again to go, and the others of them.
    pub(super) fn welcome(&mut self) {
        if matches!(self.phase, Phase::Starting { .. } | Phase::Stopping(_)) {
            return;
        }
        for index in 0..self.members.0.len() {
            let member = &self.members.0[index];
            if !member.ready || member.going || member.has_ended() || member.is_ending() {
                continue;
            }
            // The others are told first: it may send to them as soon as it goes.
            self.changes.extend(member.entry().map(Change::Joined));
            self.tell_changes();
            let mut everybody = self.population();
            let told = self.record.end();
            let member = &mut self.members.0[index];
            member.note_told(told);
            let own = member.entry().filter(|_| member.is_secret());
            everybody.extend(own.map(Change::Joined));
            member.going = true;
            if let Some(again) = &mut member.again {
                again.ready_by = None;
                again.announced = false;
            }
            member.tell_word(&ToAgent::Go(everybody.into()));
            member.tell_given_back();
            let (resident, logger) = (member.is_resident(), member.is_logger());
            if resident && self.phase.wants_gone(resident, logger) {
                member.tell_word(&ToAgent::Leave);
                // It has as much time as it would have had before.
                self.phase
                    .begin_anew(Instant::now(), self.settings.leave_grace);
            }
            if matches!(self.phase, Phase::ResidentsFinish { .. }) && finishes(member) {
                member.begin_round_again();
            }
            if self.announce_spawned(index) {
                continue;
            }
            let member = &self.members.0[index];
            let (agent, id) = (member.label.clone(), member.id);
            self.console.notice(&Notice::Restarted { agent, id });
        }
    }

    /// Tells of those that had ended before all were ready, and are ready now.
    pub(super) fn tell_of_late_starts(&mut self) {
        for member in &mut self.members.0 {
            if let Some(again) = &mut member.again {
                again.ready_by = None;
                if std::mem::take(&mut again.announced) {
                    let (agent, id) = (member.label.clone(), member.id);
                    self.console.notice(&Notice::Restarted { agent, id });
                }
            }
        }
    }

    /// Nobody is started again any more.
    pub(super) fn cancel_restarts(&mut self) {
        for index in 0..self.members.0.len() {
            let member = &mut self.members.0[index];
            let Some(again) = &mut member.again else {
                continue;
            };
            again.ending = None;
            let was_due = again.due.take().is_some();
            self.give_up(index, "the run is being stopped");
            if was_due {
                let id = self.members.0[index].id;
                self.announce_end(index);
                self.balance(id);
            }
        }
    }

    /// An announced restart ends in exactly one of two ways; this is the other.
    fn give_up(&mut self, index: usize, reason: &str) {
        let member = &mut self.members.0[index];
        let Some(again) = &mut member.again else {
            return;
        };
        if std::mem::take(&mut again.announced) {
            let notice = Notice::GivenUp {
                agent: member.label.clone(),
                reason: reason.to_owned(),
            };
            self.console.notice(&notice);
        }
    }
}

/// A random number between nought and one, so that agents that fail together do not come back together.
fn chance() -> f64 {
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(random) / f64::from(u32::MAX)
}
