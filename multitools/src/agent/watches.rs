//! Whose end an agent wants to know (rule R15): what it knows of the lives of the others, and its
//! monitors. Pure.

use crate::id::AgentId;
use crate::message::{Down, DownReason};
use crate::router::Change;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A watch that [`Context::monitor`](crate::Context::monitor) has set; what
/// [`Context::demonitor`](crate::Context::demonitor) takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Monitor {
    slot: u32,
    number: u64,
}

/// What one agent knows of the ends of others, told by the supervisor.
#[derive(Default)]
pub(super) struct Watches {
    lives: Vec<Option<Life>>,
    /// By slot, in the order in which they were set.
    watches: HashMap<u32, Vec<Watch>>,
    latest: u64,
    /// What has ended since the last call of [`take_downs`](Self::take_downs).
    downs: Vec<(Monitor, Down)>,
}

/// How it stands with the latest agent of a slot.
enum Life {
    Running {
        id: AgentId,
        since: u16,
    },
    /// It is to be started again.
    Away {
        id: AgentId,
        since: u16,
    },
    Gone {
        id: AgentId,
        since: u16,
        reason: DownReason,
    },
}

struct Watch {
    monitor: Monitor,
    asked: AgentId,
    /// The incarnation that is watched, once it is known to run.
    bound: Option<AgentId>,
}

/// What came of setting a watch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// The end is still to come.
    Watching,
    /// It has come.
    Gone(Down),
    /// Nothing is known of such an agent here: the supervisor has to be asked.
    Unknown,
}

impl Watches {
    /// Watches the agent that an id leads to.
    pub(super) fn set(&mut self, id: AgentId) -> (Monitor, Set) {
        self.latest += 1;
        let monitor = Monitor {
            slot: id.slot(),
            number: self.latest,
        };
        let (bound, set) = match self.lives.get(id.slot() as usize) {
            Some(Some(
                Life::Running { since, .. } | Life::Away { since, .. } | Life::Gone { since, .. },
            )) if !id.is_since(*since) => {
                // Somebody else has its slot, which is only given away after a good end.
                let down = Down::new(id, DownReason::Finished, false);
                return (monitor, Set::Gone(down));
            }
            Some(Some(Life::Gone {
                id: gone, reason, ..
            })) if !is_older(*gone, id) => {
                let down = Down::new(*gone, reason.clone(), false);
                return (monitor, Set::Gone(down));
            }
            Some(Some(Life::Running { id: running, .. })) if !is_older(*running, id) => {
                (Some(*running), Set::Watching)
            }
            Some(Some(Life::Away { id: away, .. })) if !is_older(*away, id) => {
                (None, Set::Watching)
            }
            // An id may come in a message before the word of the agent's start.
            Some(_) | None => (None, Set::Unknown),
        };
        let watch = Watch {
            monitor,
            asked: id,
            bound,
        };
        self.watches.entry(id.slot()).or_default().push(watch);
        (monitor, set)
    }

    /// The incarnation that an id leads to, and whether that one is still to come.
    pub(super) fn resolve(&self, id: AgentId) -> (AgentId, bool) {
        match self.lives.get(id.slot() as usize) {
            Some(Some(Life::Running { id: known, since })) if leads_to(id, *known, *since) => {
                (*known, false)
            }
            Some(Some(Life::Away { id: known, since })) if leads_to(id, *known, *since) => {
                (*known, true)
            }
            Some(Some(Life::Gone {
                id: known, since, ..
            })) if leads_to(id, *known, *since) => (*known, false),
            _ => (id, false),
        }
    }

    /// Takes a watch back.
    pub(super) fn clear(&mut self, monitor: Monitor) {
        if let Entry::Occupied(mut watches) = self.watches.entry(monitor.slot) {
            let number = |watch: &Watch| watch.monitor.number;
            if let Ok(place) = watches.get().binary_search_by_key(&monitor.number, number) {
                watches.get_mut().remove(place);
            }
            if watches.get().is_empty() {
                watches.remove();
            }
        }
        self.downs.retain(|(other, _)| *other != monitor);
    }

    /// Follows a change of the population.
    pub(super) fn follow(&mut self, change: &Change) {
        match change {
            Change::Joined(member) => {
                let joined = member.id;
                for watch in self.watches.get_mut(&joined.slot()).into_iter().flatten() {
                    if watch.bound.is_none() && !is_older(joined, watch.asked) {
                        watch.bound = Some(joined);
                    }
                }
                *self.life(joined) = Some(Life::Running {
                    id: joined,
                    since: member.since,
                });
            }
            Change::Away { id, reason, .. } => {
                let down = Down::new(*id, reason.clone(), true);
                self.end(&down, |watch| watch.bound == Some(*id));
                let since = self.since(*id);
                *self.life(*id) = Some(Life::Away { id: *id, since });
            }
            Change::Ended(id, reason) => {
                let down = Down::new(*id, reason.clone(), false);
                self.end(&down, |watch| match watch.bound {
                    Some(bound) => bound == *id,
                    None => !is_older(*id, watch.asked),
                });
                let (id, since, reason) = (*id, self.since(*id), reason.clone());
                *self.life(id) = Some(Life::Gone { id, since, reason });
            }
        }
    }

    /// The supervisor knows nothing of such an agent either.
    pub(super) fn follow_unknown(&mut self, id: AgentId) {
        let down = Down::new(id, DownReason::NeverExisted, false);
        self.end(&down, |watch| watch.bound.is_none() && watch.asked == id);
    }

    /// Takes what has ended, in the order of the ends.
    pub(super) fn take_downs(&mut self) -> Vec<(Monitor, Down)> {
        std::mem::take(&mut self.downs)
    }

    fn end(&mut self, down: &Down, is_ended: impl Fn(&Watch) -> bool) {
        let slot = down.id.slot();
        let Some(watches) = self.watches.get_mut(&slot) else {
            return;
        };
        let ended = watches.extract_if(.., |watch| is_ended(watch));
        self.downs
            .extend(ended.map(|watch| (watch.monitor, down.clone())));
        if watches.is_empty() {
            self.watches.remove(&slot);
        }
    }

    /// The first incarnation of the agent whose end is told.
    fn since(&mut self, id: AgentId) -> u16 {
        match self.life(id) {
            Some(Life::Running { since, .. } | Life::Away { since, .. }) => *since,
            Some(Life::Gone { .. }) | None => id.incarnation(),
        }
    }

    fn life(&mut self, id: AgentId) -> &mut Option<Life> {
        let slot = id.slot() as usize;
        if self.lives.len() <= slot {
            self.lives.resize_with(slot + 1, || None);
        }
        &mut self.lives[slot]
    }
}

/// Whether an incarnation comes before another of its slot. The numbers come round.
fn is_older(one: AgentId, other: AgentId) -> bool {
    !one.is_since(other.incarnation())
}

/// Whether an id is of the agent that has its slot now, in an incarnation that is known here.
fn leads_to(id: AgentId, current: AgentId, since: u16) -> bool {
    id.is_since(since) && !is_older(current, id)
}

#[cfg(test)]
#[path = "watches_tests.rs"]
mod tests;
