//! Who falls with whom (rule R15). Pure.

use crate::id::AgentId;
use std::collections::{BTreeSet, HashMap};

/// The links of a run, and how the latest agent of each slot has ended.
#[derive(Default)]
pub(super) struct Links {
    /// Each link in both directions.
    pairs: BTreeSet<(AgentId, AgentId)>,
    ends: HashMap<u32, (AgentId, Option<String>)>,
}

impl Links {
    pub(super) fn add(&mut self, one: AgentId, other: AgentId) {
        if one != other {
            self.pairs.insert((one, other));
            self.pairs.insert((other, one));
        }
    }

    /// Remembers an end, and why where it was a failure. Whom the agent was linked to: it is no more.
    pub(super) fn end(&mut self, id: AgentId, failure: Option<String>) -> Vec<AgentId> {
        self.ends.insert(id.slot(), (id, failure));
        let linked = self.linked(id);
        for other in &linked {
            self.pairs.remove(&(id, *other));
            self.pairs.remove(&(*other, id));
        }
        linked
    }

    /// What was linked to an agent that is away is linked to who follows it.
    pub(super) fn succeed(&mut self, former: AgentId, id: AgentId) {
        for other in self.linked(former) {
            self.pairs.remove(&(former, other));
            self.pairs.remove(&(other, former));
            self.add(id, other);
        }
    }

    /// Why an incarnation that has ended has failed; `None` where it ended well.
    pub(super) fn failure(&self, id: AgentId) -> Option<String> {
        match self.ends.get(&id.slot()) {
            Some((latest, failure)) if *latest == id => failure.clone(),
            Some(_) => Some("has been started again since".to_owned()),
            None => None,
        }
    }

    fn linked(&self, id: AgentId) -> Vec<AgentId> {
        let first = (id, AgentId::new(0, 0));
        let pairs = self.pairs.range(first..);
        let own = pairs.take_while(|(one, _)| *one == id);
        own.map(|(_, other)| *other).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(slot: u32, incarnation: u16) -> AgentId {
        AgentId::new(slot, incarnation)
    }

    #[test]
    fn r15_a_link_holds_in_both_directions_until_one_of_the_two_ends() {
        let mut links = Links::default();
        links.add(id(1, 0), id(0, 0));
        links.add(id(0, 0), id(1, 0));
        links.add(id(1, 0), id(7, 3));
        assert_eq!(links.end(id(0, 0), None), [id(1, 0)]);
        assert_eq!(links.end(id(1, 0), None), [id(7, 3)]);
        assert_eq!(links.end(id(7, 3), None), []);
    }

    #[test]
    fn r15_who_is_linked_to_one_that_is_away_is_linked_to_the_next() {
        let mut links = Links::default();
        links.add(id(1, 0), id(0, 0));
        assert_eq!(links.end(id(0, 0), Some("failed".into())), [id(1, 0)]);
        links.add(id(2, 0), id(0, 0));
        links.succeed(id(0, 0), id(0, 1));
        assert_eq!(links.end(id(0, 1), None), [id(2, 0)]);
    }

    #[test]
    fn r15_how_an_incarnation_ended_is_known_when_the_word_of_the_link_is_late() {
        let mut links = Links::default();
        links.end(id(0, 0), Some("failed".into()));
        assert_eq!(links.failure(id(0, 0)), Some("failed".into()));
        links.end(id(0, 1), None);
        assert_eq!(links.failure(id(0, 1)), None);
        let since = "has been started again since".to_owned();
        assert_eq!(links.failure(id(0, 0)), Some(since));
    }
}
