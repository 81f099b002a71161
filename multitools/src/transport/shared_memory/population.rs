//! How many agents the run has had, of whom a mark may be, and how many have ended. The supervisor alone maps this
//! to write; what a broken agent writes to the inbox of another makes nobody look at rings of agents that never were,
//! nor take back what is lent to one that has not ended.

use super::layout::{ENDED, Layout, MOST_AGENTS, POPULATION};
use crate::id::AgentId;
use crate::sys::shared_file::{SharedFile, View, Window};
use std::io;
use std::sync::atomic::Ordering::SeqCst;

/// The number as an agent sees it.
pub(super) struct Population(View);

impl Population {
    pub(super) fn map(file: &SharedFile, layout: &Layout) -> io::Result<Population> {
        file.view(layout.population(), POPULATION).map(Population)
    }

    /// How many rows of marks there are, of 64 agents each.
    pub(super) fn rows(&self) -> usize {
        self.agents().div_ceil(64)
    }

    /// Which marks of a row are of agents.
    pub(super) fn of_row(&self, row: usize) -> u64 {
        match self.agents().saturating_sub(row * 64) {
            0 => 0,
            agents @ 1..64 => (1 << agents) - 1,
            _ => u64::MAX,
        }
    }

    /// How many agents that had the slot of this one have ended for good.
    pub(super) fn ended(&self, agent: AgentId) -> u64 {
        self.0.load_in_order(ended(agent))
    }

    // In one order with the marks: who looks for marks before it sleeps knows of whoever sets them.
    fn agents(&self) -> usize {
        usize::try_from(self.0.load_in_order(0)).unwrap_or(usize::MAX)
    }
}

/// Where it says how many agents that had a slot have ended.
fn ended(agent: AgentId) -> usize {
    ENDED + 8 * (agent.slot() as usize % MOST_AGENTS as usize)
}

/// The number in the hands of the supervisor.
pub(super) struct Register(Window);

impl Register {
    pub(super) fn map(file: &SharedFile, layout: &Layout) -> io::Result<Register> {
        file.window(layout.population(), POPULATION).map(Register)
    }

    /// There is such an agent from now on.
    pub(super) fn admit(&self, agent: AgentId) {
        let agents = u64::from(agent.slot()) + 1;
        self.0.word(0).fetch_max(agents, SeqCst);
    }

    /// This agent has ended for good: it looks at nothing any more.
    pub(super) fn note_end(&self, agent: AgentId) {
        self.0.word(ended(agent)).fetch_add(1, SeqCst);
    }
}
