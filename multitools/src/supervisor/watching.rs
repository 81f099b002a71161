//! What agents are told of the lives of others, and what a failure means for those that are linked
//! (rule R15).

use super::Cause;
use super::main_loop::{STOP_GRACE, Supervision};
use super::member::Member;
use super::shutdown::{Escalation, Step};
use crate::id::AgentId;
use crate::message::DownReason;
use crate::protocol::{Linked, ToAgent};
use crate::router::{Change, Changes};
use crate::transport::Backend;
use std::time::Instant;

/// How many bytes of the text of a failure are told to everybody.
const LONGEST_REASON: usize = 4 << 10;

/// Why an agent is being ended because of another, and what is done where it does not.
pub(super) struct Fall {
    pub(super) cause: Cause,
    escalation: Escalation,
}

/// How an agent has ended.
pub(super) enum Down {
    Finished,
    Failed(String),
    /// It was asked to, since another of its group has failed, and has done so.
    Companion(String),
}

impl Supervision<'_> {
    /// Who runs, and who has ended: all that an agent has to know when it begins. Of who is coming up nobody
    /// is told, but of the end of whoever had the slot before: others may know that id.
    pub(super) fn population(&self) -> Vec<Change> {
        let mut population = Vec::new();
        let members = self.members.0.iter().enumerate();
        for (index, member) in members {
            if member.is_secret() {
                let former = member.since.checked_sub(1);
                let former = former.map(|number| AgentId::new(member.id.slot(), number));
                population.extend(former.map(|id| Change::Ended(id, DownReason::NeverExisted)));
                continue;
            }
            if member.is_gone() {
                population.push(Change::Ended(member.id, ending(member)));
                continue;
            }
            if self.is_out_of_reach(member) {
                continue;
            }
            population.extend(member.entry().map(Change::Joined));
            if member.is_awaited() {
                population.push(self.absence(index));
            }
        }
        population
    }

    /// Whether an agent is being started again and nothing can be sent to it yet: it is told of when it is
    /// up. A mailbox in shared memory takes messages meanwhile.
    fn is_out_of_reach(&self, member: &Member) -> bool {
        let over_sockets = matches!(self.launcher.backend, Backend::LocalSockets);
        over_sockets && !member.ready && !member.has_ended()
    }

    /// An agent has ended for good.
    pub(super) fn announce_end(&mut self, index: usize) {
        let member = &self.members.0[index];
        let change = Change::Ended(member.id, ending(member));
        self.changes.push(change);
    }

    /// What others are told of an agent that is to be started again.
    pub(super) fn absence(&self, index: usize) -> Change {
        let member = &self.members.0[index];
        Change::Away {
            id: member.id,
            reason: ending(member),
            kept: matches!(self.launcher.backend, Backend::SharedMemory(_)),
        }
    }

    /// Somebody wants to watch an agent that it knows nothing of. Who is to come or has gone is told of to
    /// everybody, except for whoever had a slot before the one who has just been spawned there.
    pub(super) fn look_up(&mut self, index: usize, id: AgentId) {
        let holder = self.members.0.get(id.slot() as usize);
        let holder = holder.filter(|member| member.agent.is_some());
        let word = match holder {
            None => ToAgent::Unknown(id),
            Some(member) if !member.id.is_since(id.incarnation()) => ToAgent::Unknown(id),
            Some(member) if member.is_secret() => {
                ToAgent::Changed(vec![Change::Ended(id, DownReason::Finished)].into())
            }
            Some(_) => return,
        };
        self.members.0[index].tell_word(&word);
    }

    /// An agent links itself to another, of which it may not know yet how it stands by now.
    pub(super) fn link(&mut self, index: usize, linked: Linked) {
        let (Linked::To(id) | Linked::ToSuccessor(id)) = linked;
        let own = self.members.0[index].id;
        let Some(other) = self.members.0.get(id.slot() as usize) else {
            return;
        };
        if !id.is_since(other.since) {
            // The slot is only given away after a good end.
            return;
        }
        let awaited = linked == Linked::ToSuccessor(other.id) && other.is_awaited();
        let runs = !other.has_ended();
        match linked {
            Linked::To(id) if runs && other.id == id => self.links.add(own, id),
            Linked::ToSuccessor(id) if runs && other.id != id => self.links.add(own, other.id),
            Linked::ToSuccessor(id) if awaited => self.links.add(own, id),
            Linked::To(ended) => self.fall_with(index, ended),
            Linked::ToSuccessor(_) => self.fall_with(index, other.id),
        }
    }

    /// Ends an agent if one has failed that it links itself to too late.
    fn fall_with(&mut self, index: usize, ended: AgentId) {
        if let Some(reason) = self.links.failure(ended) {
            let agent = self.members.0[ended.slot() as usize].label.clone();
            self.let_fall(index, agent, reason);
        }
    }

    /// A process has ended: what others are told of it. Who ends because another of its group has failed has
    /// not failed itself.
    pub(super) fn note_end(&mut self, index: usize) {
        let member = &mut self.members.0[index];
        let ending = member
            .again
            .as_ref()
            .and_then(|again| again.ending.as_ref());
        let ending = ending.filter(|ending| !ending.is_later_than(member.ended_at));
        member.down = Some(match (ending, member.cause()) {
            (Some(ending), _) if member.fall.is_none() && member.left_when_asked(ending) => {
                let text = format!(
                    "was ended with its group, of which `{}` has failed",
                    ending.because_of
                );
                Down::Companion(text)
            }
            (_, Some(cause)) => Down::Failed(reason(&cause)),
            (_, None) => Down::Finished,
        });
    }

    /// A process has ended: those that are linked to it fall where it has failed.
    pub(super) fn end_links(&mut self, index: usize) {
        let member = &self.members.0[index];
        let failure = match &member.down {
            Some(Down::Failed(text)) => Some(text.clone()),
            Some(Down::Companion(_) | Down::Finished) | None => None,
        };
        let agent = member.label.clone();
        let linked = self.links.end(member.id, failure.clone());
        let Some(reason) = failure else {
            return;
        };
        for other in linked {
            let index = other.slot() as usize;
            if self.members.0[index].id == other {
                self.let_fall(index, agent.clone(), reason.clone());
            }
        }
    }

    /// Ends an agent because one that it is linked to has failed. Where the run is being stopped it is told
    /// to stop as it is.
    fn let_fall(&mut self, index: usize, agent: String, reason: String) {
        let quiet = self.is_quiet() || self.failed.is_some();
        let member = &mut self.members.0[index];
        let leaves = member.has_ended() || member.is_ending() || member.outcome.is_some();
        if quiet || leaves || member.fall.is_some() {
            return;
        }
        member.fall = Some(Fall {
            cause: Cause::Linked { agent, reason },
            escalation: Escalation::begin(Instant::now(), STOP_GRACE),
        });
        member.tell_word(&ToAgent::Stop(Changes::default()));
    }

    /// When something is due against those who do not end.
    pub(super) fn fall_deadline(&self) -> Option<Instant> {
        let falling = self.members.0.iter().filter(|member| !member.has_ended());
        let falls = falling.filter_map(|member| member.fall.as_ref());
        falls.filter_map(|fall| fall.escalation.deadline()).min()
    }

    /// Does what is due.
    pub(super) fn enforce_falls(&mut self) {
        let now = Instant::now();
        for member in &mut self.members.0 {
            let due = match &mut member.fall {
                Some(fall) if member.exit.is_none() => fall.escalation.escalate(now),
                _ => None,
            };
            match due {
                Some(Step::Terminate) => member.terminate(),
                Some(Step::Kill) => member.kill(),
                Some(Step::Wait) | None => {}
            }
        }
    }
}

/// Why an agent that has ended is down.
fn ending(member: &Member) -> DownReason {
    match &member.down {
        None | Some(Down::Finished) => DownReason::Finished,
        Some(Down::Failed(text) | Down::Companion(text)) => {
            DownReason::Failed { text: text.clone() }
        }
    }
}

fn reason(cause: &Cause) -> String {
    let mut text = cause.to_string();
    text.truncate(text.floor_char_boundary(LONGEST_REASON));
    text
}
