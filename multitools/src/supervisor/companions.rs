//! Agents that are started again together: where one of a group has failed, others are ended as well.

use super::RunError;
use super::builder::Plan;
use super::main_loop::Supervision;
use super::member::Member;
use super::shutdown::{Escalation, Step};
use crate::protocol::{Outcome, ToAgent};
use crate::restart::{History, Restart, Strategy};
use crate::router::Changes;
use crate::sys;
use std::collections::HashMap;
use std::time::Instant;

/// The restarts of each group.
#[derive(Default)]
pub(super) struct Groups(HashMap<&'static str, History>);

impl Groups {
    /// The restarts that count for an agent: those of its group, if it is in one.
    pub(super) fn history<'a>(
        &'a mut self,
        policy: Restart,
        own: &'a mut History,
    ) -> &'a mut History {
        match policy.together() {
            Some((group, _)) => self.0.entry(group).or_default(),
            None => own,
        }
    }
}

/// What there is to know of an agent that is ended because another has failed.
pub(super) struct Ending {
    /// Who has.
    pub(super) because_of: String,
    /// What is done if it does not end by itself.
    escalation: Escalation,
    /// When it was asked to, by the machine's clock.
    since: u64,
    /// Whether it had not even been told to go.
    had_not_begun: bool,
    /// When it is to be started again, and which restart of the group that is.
    pub(super) due: Instant,
    pub(super) attempt: u32,
}

impl Ending {
    /// When something is due if it does not end before.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.escalation.deadline()
    }

    /// Whether what an agent has told of its end was before it was asked to end.
    pub(super) fn is_later_than(&self, ended_at: Option<u64>) -> bool {
        ended_at.is_some_and(|at| at < self.since)
    }
}

impl Member {
    /// Whether it has been asked to end because another has failed, and has not.
    pub(super) fn is_ending(&self) -> bool {
        let again = self.again.as_ref();
        again.is_some_and(|again| again.ending.is_some())
    }

    fn group(&self) -> Option<(&'static str, Strategy)> {
        self.again.as_ref()?.policy.together()
    }

    /// Whether an agent that was asked to end has done so: an error that it tells of is that it was.
    pub(super) fn left_when_asked(&self, ending: &Ending) -> bool {
        let told = matches!(
            self.outcome,
            Some(Outcome::Failed { .. } | Outcome::Done(_))
        );
        ending.had_not_begun || told
    }
}

impl Supervision<'_> {
    /// Asks those to end who are started again together with one that has failed.
    pub(super) fn end_companions(&mut self, index: usize, due: Instant, attempt: u32) {
        let Some((group, strategy)) = self.members.0[index].group() else {
            return;
        };
        let first = match strategy {
            Strategy::One => return,
            Strategy::All => 0,
            Strategy::Rest => self.members.0[index].sequence,
        };
        let because_of = self.members.0[index].label.clone();
        let grace = self.settings.leave_grace;
        let members = self.members.0.iter_mut().enumerate();
        for (_, member) in members.filter(|(other, _)| *other != index) {
            let is_one = member.group().is_some_and(|(name, _)| name == group);
            if !is_one || member.sequence < first || member.is_gone() {
                continue;
            }
            let ended = member.has_ended();
            let Some(again) = &mut member.again else {
                continue;
            };
            again.ready_by = None;
            match (&mut again.due, &mut again.ending) {
                (Some(earlier), _) if ended => *earlier = due.max(*earlier),
                (_, Some(ending)) => ending.due = due.max(ending.due),
                _ => {
                    again.ending = Some(Ending {
                        because_of: because_of.clone(),
                        escalation: Escalation::begin(Instant::now(), grace),
                        since: sys::clock::now(),
                        had_not_begun: !member.going,
                        due,
                        attempt,
                    });
                    member.going = false;
                    member.tell_word(&ToAgent::Stop(Changes::default()));
                }
            }
        }
    }

    /// Whether some other of its group has not ended yet that it is started again together with.
    pub(super) fn waits_for_companions(&self, index: usize) -> bool {
        let Some((group, _)) = self.members.0[index].group() else {
            return false;
        };
        let mut ending = self.members.0.iter().filter(|member| member.is_ending());
        ending.any(|member| member.group().is_some_and(|(name, _)| name == group))
    }

    /// Does what is due against those who have been asked to end and have not.
    pub(super) fn press_companions(&mut self) {
        let now = Instant::now();
        for member in &mut self.members.0 {
            let ending = member
                .again
                .as_mut()
                .and_then(|again| again.ending.as_mut());
            match ending.and_then(|ending| ending.escalation.escalate(now)) {
                Some(Step::Terminate) => {
                    member.killed_for_staying = true;
                    member.terminate();
                }
                Some(Step::Kill) => member.kill(),
                Some(Step::Wait) | None => {}
            }
        }
    }
}

/// Whether all of each group say the same of it.
pub(super) fn check_groups(plans: &[Plan]) -> Result<(), RunError> {
    let mut groups: HashMap<&str, &Plan> = HashMap::new();
    for plan in plans {
        let Some((group, _)) = plan.restart.together() else {
            continue;
        };
        let first = groups.entry(group).or_insert(plan);
        if !first.restart.agrees_with(plan.restart) {
            return Err(RunError::Group {
                group: group.to_owned(),
                agents: [first.label(), plan.label()],
            });
        }
    }
    Ok(())
}
