//! Starting agents again that have ended.

use super::Notice;
use super::main_loop::{STOP_GRACE, Supervision};
use super::shutdown::Phase;
use super::startup::Origin;
use crate::deadline;
use crate::id::AgentId;
use crate::protocol::{SUPERVISOR_ID, ToAgent};
use crate::restart::{Decision, History, Restart};
use crate::router::Change;
use crate::transport::Backend;
use std::io;
use std::time::{Duration, Instant};

/// How an agent is started again.
pub(super) struct Again {
    origin: Origin,
    policy: Restart,
    history: History,
    /// How often it has been.
    pub(super) times: u32,
    /// When, once it has ended.
    pub(super) due: Option<Instant>,
    /// When it has to be ready, once it has been started again.
    ready_by: Option<Instant>,
    announced: bool,
}

impl Again {
    /// `None` for one that never is.
    pub(super) fn new(origin: Origin, policy: Restart) -> Option<Again> {
        (policy != Restart::never()).then(|| Again {
            origin,
            policy,
            history: History::default(),
            times: 0,
            due: None,
            ready_by: None,
            announced: false,
        })
    }
}

impl Supervision<'_> {
    /// When something is due if nothing happens before.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let again = self
            .members
            .0
            .iter()
            .filter_map(|member| member.again.as_ref());
        let restarts = again
            .flat_map(|again| [again.due, again.ready_by])
            .flatten();
        let spawned = self.members.0.iter();
        let spawned = spawned.filter_map(|member| member.spawned.as_ref()?.deadline());
        restarts.chain(spawned).chain(self.phase.deadline()).min()
    }

    /// Decides about an agent whose process has ended. Whether it is started again.
    pub(super) fn plan_restart(&mut self, index: usize, failed: bool) -> bool {
        if self.phase != Phase::Running || self.is_quiet() || self.failed.is_some() {
            return false;
        }
        let now = Instant::now();
        let member = &mut self.members.0[index];
        let Some(again) = &mut member.again else {
            return false;
        };
        again.ready_by = None;
        let decision = again.history.decide(again.policy, failed, now, chance());
        let due = match decision {
            Decision::Again { delay, .. } => Some(deadline::since(now, delay)),
            Decision::LetGo | Decision::GiveUp => None,
        };
        again.due = due;
        self.give_up(index, "its process ended before it came up");
        let Decision::Again { delay, attempt } = decision else {
            return false;
        };
        self.members.0[index].going = false;
        self.tell_of_restart(index, delay, attempt);
        self.hand_over(index);
        true
    }

    fn tell_of_restart(&mut self, index: usize, delay: Duration, attempt: u32) {
        let report = self.report_of(index, Vec::new()).map(Box::new);
        let agent = self.members.0[index].label.clone();
        if let Some(again) = &mut self.members.0[index].again {
            again.announced = true;
        }
        self.console.notice(&Notice::Restarting {
            agent,
            report,
            delay,
            attempt,
        });
    }

    /// Leaves the mailbox to the next incarnation. What the links do not keep is reported as lost.
    fn hand_over(&mut self, index: usize) {
        let member = &self.members.0[index];
        let (id, begun) = (member.id, member.begun());
        if let Backend::SharedMemory(estate) = &self.launcher.backend {
            if let Err(error) = estate.hand_over(id, begun) {
                tracing::error!(%id, %error, "some of its messages are lost");
            }
            self.tell_who_asked(index);
        } else {
            self.changes.push(Change::Ended(id));
            self.balance(id);
        }
    }

    /// Whoever asked what was in hand waits in vain.
    fn tell_who_asked(&mut self, index: usize) {
        let status = self.members.0[index].agent.as_ref();
        let request = status.and_then(|agent| {
            let asker = agent.status.handling()?.sender;
            let request = agent.status.request();
            (request != 0 && asker != SUPERVISOR_ID).then_some((asker, request))
        });
        if let Some((asker, request)) = request
            && let Some(member) = self.members.0.get_mut(asker.slot() as usize)
        {
            member.tell_word(&ToAgent::Unanswered { request });
        }
    }

    /// Starts those that are due, and gives up those that have not come up in time.
    pub(super) fn start_again(&mut self) {
        let now = Instant::now();
        for index in 0..self.members.0.len() {
            let member = &mut self.members.0[index];
            let Some(again) = &mut member.again else {
                continue;
            };
            if again.due.is_some_and(|due| due <= now) {
                again.due = None;
                self.start_one_again(index);
            } else if again.ready_by.is_some_and(|by| by <= now) {
                again.ready_by = None;
                let text = "its process did not come up in time";
                member.unfit.get_or_insert_with(|| text.to_owned());
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
        let started = id
            .and_then(|id| self.launcher.start(id, again.origin.clone(), again.policy))
            .and_then(|started| {
                self.events.watch(index, &started)?;
                Ok(started)
            });
        match started {
            Ok(mut started) => {
                again.times = again.times.saturating_add(1);
                again.ready_by = Some(deadline::after(self.settings.start_timeout));
                started.again = Some(again);
                let earlier = &mut self.members.0[index];
                started.since = earlier.since;
                started.spawned = earlier.spawned.take();
                started.former = earlier.former.take();
                self.events.forget(earlier);
                self.members.0[index] = started;
            }
            Err(error) => {
                self.members.0[index].again = Some(again);
                let reason = format!("its process could not be started: {error}");
                self.give_up(index, &reason);
                self.fail_for_good(index);
            }
        }
    }

    fn fail_for_good(&mut self, index: usize) {
        let id = self.members.0[index].id;
        self.failed.get_or_insert(index);
        self.changes.push(Change::Ended(id));
        self.balance(id);
        self.stop(STOP_GRACE);
    }

    fn next_incarnation(&self, index: usize) -> io::Result<AgentId> {
        let former = self.members.0[index].id;
        match &self.launcher.backend {
            Backend::SharedMemory(estate) => {
                let receivers = self.members.0.iter().map(|member| member.id);
                estate.successor(former, receivers)
            }
            Backend::LocalSockets => {
                let incarnation = former.incarnation().wrapping_add(1);
                Ok(AgentId::new(former.slot(), incarnation))
            }
        }
    }

    /// Tells those that have come up again to go, and the others of them.
    pub(super) fn welcome(&mut self) {
        if !matches!(self.phase, Phase::Running | Phase::NonResidentsLeave(_)) {
            return;
        }
        for index in 0..self.members.0.len() {
            let member = &self.members.0[index];
            if !member.ready || member.going || member.has_ended() {
                continue;
            }
            // The others are told first: it may send to them as soon as it goes.
            self.changes.extend(member.entry().map(Change::Joined));
            self.tell_changes();
            let mut everybody = self.members.directory();
            let member = &mut self.members.0[index];
            everybody.extend(member.entry().filter(|_| member.is_secret()));
            member.going = true;
            if let Some(again) = &mut member.again {
                again.ready_by = None;
                again.announced = false;
            }
            member.tell_word(&ToAgent::Go(everybody));
            if self.announce_spawned(index) {
                continue;
            }
            let member = &self.members.0[index];
            let (agent, id) = (member.label.clone(), member.id);
            self.console.notice(&Notice::Restarted { agent, id });
        }
    }

    /// Nobody is started again any more.
    pub(super) fn cancel_restarts(&mut self) {
        for index in 0..self.members.0.len() {
            let member = &mut self.members.0[index];
            let Some(again) = &mut member.again else {
                continue;
            };
            let was_due = again.due.take().is_some();
            self.give_up(index, "the run is being stopped");
            if was_due {
                let id = self.members.0[index].id;
                self.changes.push(Change::Ended(id));
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
