//! Finding out that nobody of a run will ever go on (rule R17).
//!
//! An agent that has waited for long says so, and leaves a number on its status page, which it takes away
//! before it takes a message. When all have said so, it is first looked whether anything is unread, and
//! then whether all the numbers are still there. In this order: who has been woken by something that the
//! first look missed has taken its number away by the second, and who has not been woken sends nothing.

use super::main_loop::{STOP_GRACE, Supervision};
use super::member::Member;
use super::shutdown::Phase;
use super::{Hang, Notice, Supervisor, Waiting};
use crate::protocol::Idle;
use crate::transport::{Backend, Estate};
use std::time::{Duration, Instant};

/// What is known of who waits.
#[derive(Default)]
pub(super) struct Idling {
    /// Whether somebody has said so since the last look.
    is_told: bool,
    /// When the run is ended, should it still hang.
    due: Option<Instant>,
    hang: Option<Hang>,
}

impl Idling {
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.due
    }

    pub(super) fn take_hang(&mut self) -> Option<Hang> {
        self.hang.take()
    }
}

/// How long all may wait in vain unless something else is set.
pub(super) const HANG_GRACE: Duration = Duration::from_secs(10);

/// How long an agent waits before it says so: half of the grace, the other half of which is the
/// supervisor's.
fn patience(grace: Duration) -> Duration {
    grace / 2
}

impl Supervisor<'_> {
    /// How long all agents together may wait for messages without a deadline, while none is on its way,
    /// before the run is ended with [`RunError::Hung`](crate::RunError::Hung): 10 s unless set; with `None` they may for ever
    /// (rule R17).
    ///
    /// ```
    /// use multitools::Supervisor;
    /// use std::time::Duration;
    ///
    /// let mut supervisor = Supervisor::new();
    /// supervisor.hang_grace(Duration::from_secs(1));
    /// supervisor.hang_grace(None);
    /// ```
    pub fn hang_grace(&mut self, grace: impl Into<Option<Duration>>) -> &mut Self {
        self.settings.hang_grace = grace.into();
        self.settings.agents.hang_patience = self.settings.hang_grace.map(patience);
        self
    }
}

impl Supervision<'_> {
    /// An agent waits without a deadline, and has for long.
    pub(super) fn note_idle(&mut self, index: usize, idle: Idle) {
        self.members.0[index].idle = Some(idle);
        self.idling.is_told = true;
    }

    /// Ends the run if it hangs, and did so half of the grace ago.
    pub(super) fn look_for_hang(&mut self) {
        let Some(grace) = self.settings.hang_grace else {
            return;
        };
        let now = Instant::now();
        if self.idling.due.is_some_and(|due| due <= now) {
            self.idling.due = None;
            if self.is_hung() {
                self.end_hang(grace);
            }
        } else if std::mem::take(&mut self.idling.is_told) && self.is_hung() {
            let due = now.checked_add(grace - patience(grace));
            self.idling.due = self.idling.due.or(due);
        }
    }

    fn end_hang(&mut self, grace: Duration) {
        let agents = (0..self.members.0.len())
            .filter_map(|index| self.waiting(index))
            .collect();
        let hang = Hang {
            lasted: grace,
            agents,
        };
        self.console.notice(&Notice::Hung(hang.clone()));
        self.idling.hang = Some(hang);
        self.stop(STOP_GRACE);
    }

    fn waiting(&mut self, index: usize) -> Option<Waiting> {
        let latest = self.members.0[index].agent.as_ref()?.status.latest();
        let latest = latest.map(|message| self.describe(message));
        let member = &self.members.0[index];
        let idle = member.idle.as_ref().filter(|_| !member.is_gone())?;
        Some(Waiting {
            agent: member.label.clone(),
            id: member.id,
            pid: member.child.id(),
            resident: member.is_resident(),
            at: idle.place.clone(),
            latest,
        })
    }

    /// Whether no agent will ever go on by itself.
    fn is_hung(&self) -> bool {
        let mut left = self.living();
        self.phase == Phase::Running
            && !self.is_quiet()
            && self.failed.is_none()
            && self.changes.is_empty()
            && left.all(|member| is_idle(member).is_some())
            && self.is_nothing_unread()
            && self.living().all(is_still_idle)
    }

    fn living(&self) -> impl Iterator<Item = &Member> {
        self.members.0.iter().filter(|member| !member.is_gone())
    }

    fn is_nothing_unread(&self) -> bool {
        match &self.launcher.backend {
            Backend::SharedMemory(estate) => self.are_all_rings_empty(estate),
            Backend::LocalSockets => self.is_all_received(),
        }
    }

    fn are_all_rings_empty(&self, estate: &Estate) -> bool {
        self.living()
            .all(|member| estate.has_read_all(member.id).unwrap_or(false))
    }

    /// Whether all have begun as many messages as have been sent to them. What incarnations that have been
    /// killed had sent is not known.
    fn is_all_received(&self) -> bool {
        let members = &self.members.0;
        if members.iter().any(|member| member.id.incarnation() > 0) {
            return false;
        }
        self.living().all(|receiver| {
            let to = receiver.id;
            members.iter().all(|sender| {
                let Some(agent) = &receiver.agent else {
                    return false;
                };
                let begun = agent.status.begun(sender.id);
                match is_idle(sender).filter(|_| !sender.is_gone()) {
                    Some(idle) => begun == idle.sent_to(to),
                    // Of one that has ended, no account is left where all that it had sent is begun.
                    None => begun >= self.accounts.left_to(to, sender.id),
                }
            })
        })
    }
}

/// The wait of an agent that has heard all that it was told. `None` of a plain command.
fn is_idle(member: &Member) -> Option<&Idle> {
    let idle = member.idle.as_ref()?;
    let waits = !member.has_ended() && member.going && member.outcome.is_none();
    (waits && idle.heard == member.words).then_some(idle)
}

fn is_still_idle(member: &Member) -> bool {
    let status = member.agent.as_ref().map(|agent| &agent.status);
    match (is_idle(member), status) {
        (Some(idle), Some(status)) => status.is_idle(idle.number),
        _ => false,
    }
}
