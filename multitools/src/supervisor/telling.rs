//! Telling agents how the population changes.
//!
//! Everybody is told of each change, and to tell somebody who sleeps is to wake it. Who waits for a message and
//! nothing else has no use for the word that others have joined before it gets up: that word is held back,
//! and asked for by who gets up, before it looks at what has woken it. Otherwise each agent that joins would
//! wake all the others.

use super::main_loop::Supervision;
use super::member::Member;
use super::outbound::word;
use super::shutdown::Phase;
use crate::protocol::{StatusPage, ToAgent};
use crate::router::Change;
use std::collections::{HashMap, VecDeque};

/// How many changes are held back from an agent: then it is told of all at once.
const MOST_HELD_BACK: u64 = 256;

/// The latest changes, which are numbered from nought on.
#[derive(Default)]
pub(super) struct Record {
    changes: VecDeque<Change>,
    /// The number of the first that is left.
    first: u64,
}

impl Record {
    /// The number that the next change will have.
    pub(super) fn end(&self) -> u64 {
        self.first + self.changes.len() as u64
    }

    fn since(&self, number: u64) -> Vec<Change> {
        let known = number.saturating_sub(self.first);
        let known = usize::try_from(known).unwrap_or(usize::MAX);
        self.changes.iter().skip(known).cloned().collect()
    }

    fn forget_before(&mut self, number: u64) {
        while self.first < number && self.changes.pop_front().is_some() {
            self.first += 1;
        }
    }
}

impl Supervision<'_> {
    /// Tells of the changes that nobody has been told of. Where they are no more than that somebody has joined,
    /// who only waits for a message is told later.
    pub(super) fn tell_changes(&mut self) {
        if self.changes.is_empty() || matches!(self.phase, Phase::Starting { .. }) {
            return;
        }
        let mut changes = self.changes.iter();
        let may_wait = changes.all(|change| matches!(change, Change::Joined(_)));
        self.record.changes.extend(self.changes.drain(..));
        let most = if may_wait { MOST_HELD_BACK } else { 0 };
        self.tell_record(most);
    }

    /// Tells everybody all that there is to tell.
    pub(super) fn tell_what_is_held_back(&mut self) {
        self.tell_record(0);
    }

    /// Tells all of what they have not been told of, but for those from whom it is held back.
    fn tell_record(&mut self, most: u64) {
        let end = self.record.end();
        let mut words = HashMap::new();
        for member in self.members.0.iter_mut().filter(|member| hears(member)) {
            let since = member.told;
            if since == end || end - since <= most && member.is_held_back() {
                continue;
            }
            let record = &self.record;
            let told = words
                .entry(since)
                .or_insert_with(|| word(&ToAgent::Changed(record.since(since).into())));
            member.note_told(end);
            member.tell(told.clone());
        }
        let hearing = self.members.0.iter().filter(|member| hears(member));
        let oldest = hearing.map(|member| member.told).min();
        self.record.forget_before(oldest.unwrap_or(end));
    }

    /// An agent has got up: it is told what was held back from it.
    pub(super) fn let_catch_up(&mut self, index: usize) {
        let end = self.record.end();
        let member = &mut self.members.0[index];
        if hears(member) && member.told < end {
            let changes = self.record.since(member.told);
            member.tell_word(&ToAgent::Changed(changes.into()));
        }
        member.note_told(end);
        member.tell_word(&ToAgent::CaughtUp);
    }
}

/// Whether it is an agent that is told of changes.
fn hears(member: &Member) -> bool {
    member.going && !member.has_ended() && member.agent.is_some()
}

impl Member {
    /// Holds back what there is to tell, if this agent has no use for it by now.
    fn is_held_back(&self) -> bool {
        self.page().is_some_and(StatusPage::hold_back)
    }

    /// It has been told of all changes before this one.
    pub(super) fn note_told(&mut self, end: u64) {
        self.told = end;
        if let Some(page) = self.page() {
            page.let_go();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::AgentId;

    #[test]
    fn r10_who_has_heard_less_is_told_more_and_what_all_have_heard_is_forgotten() {
        let joined = |slot| Change::joined(AgentId::new(slot, 0), 0);
        let mut record = Record::default();
        record.changes.extend((0..5).map(joined));
        assert_eq!((record.end(), record.since(5).len()), (5, 0));
        assert_eq!(record.since(3), [joined(3), joined(4)]);
        record.forget_before(3);
        assert_eq!((record.end(), record.changes.len()), (5, 2));
        assert_eq!(record.since(4), [joined(4)]);
        record.forget_before(5);
        assert_eq!((record.end(), record.changes.len()), (5, 0));
    }
}
