//! The agent's side of a run: what happens inside the process of an agent.

mod accepts;
mod address;
mod asking;
mod audiences;
mod behaviour;
mod context;
mod control;
mod core;
mod delivery;
mod enter;
mod flow;
mod idling;
mod long_texts;
mod mishaps;
mod misses;
mod news;
mod outgoing;
mod panics;
mod posting;
mod receiving;
mod recipients;
mod refusals;
mod resting;
mod retries;
mod rounds;
mod scope;
mod sending;
mod serve;
mod sites;
mod spawning;
mod watches;
mod watching;

pub use accepts::{Accepts, Answers, Row, When};
pub use address::Addr;
pub use behaviour::{
    Agent, Behaviour, BehaviourOf, Ended, Failure, Fallible, Handle, HandleError, HandlerResult,
    IsNoResult, IsResult, Op, Returned, Returns, Run, Settle, behaviour_of,
};
pub use context::Context;
pub use delivery::{Delivery, Missed, MissedReason};
pub use flow::Flow;
pub use recipients::Recipients;
pub use scope::{
    Anything, MaySend, OwnScope, PlainScope, Scoped, no_context, own_context, plain_context,
};
pub use serve::{serve, serve_mailbox};
pub use spawning::{Prepared, Spawned};
pub use watches::Monitor;

pub(crate) use enter::{Role, init};
