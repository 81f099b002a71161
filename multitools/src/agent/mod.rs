//! The agent's side of a run: what happens inside the process of an agent.

mod address;
mod asking;
mod behaviour;
mod context;
mod control;
mod enter;
mod flow;
mod ledger;
mod mailbox;
mod outbox;
mod panics;
mod receiving;
mod sending;
mod serve;
mod sites;

pub use address::Addr;
pub use behaviour::{
    Accepts, Agent, Behaviour, BehaviourOf, Ended, Failure, Fallible, Guard, Handle, HandleError,
    HandlerResult, Row, When, behaviour_of,
};
pub use context::Context;
pub use flow::Flow;
pub use sending::{Delivery, Missed, MissedReason};
pub use serve::{serve, serve_mailbox};

pub(crate) use enter::{Role, init};
