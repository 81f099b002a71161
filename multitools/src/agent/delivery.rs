//! What came of sending a message.

use crate::id::AgentId;

/// Whom a message has reached: what [`Context::send`](crate::Context::send) returns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// How many addressees have it in their mailboxes.
    pub reached: usize,
    /// How many others overhear it because they listen to its type.
    pub overheard: usize,
    /// Those that it did not reach: addressees and listeners without room, and ids of agents that
    /// have ended. Those without room are told of besides, by a [`Notice::Missed`](crate::Notice::Missed) for
    /// the first message that each of them misses.
    pub missed: Vec<Missed>,
}

/// An agent that a message did not reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// Which agent.
    pub id: AgentId,
    /// Why not.
    pub reason: MissedReason,
}

/// Why an agent was not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissedReason {
    /// Its mailbox had no room within the send timeout.
    Full,
    /// It has ended.
    Dead,
}
