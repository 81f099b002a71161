//! The agent's side of a run: what happens inside the process of an agent.

mod behaviour;
mod context;
mod flow;
mod serve;

pub use behaviour::{
    Accepts, Agent, Behaviour, BehaviourOf, Ended, Failure, Fallible, Guard, Handle, HandleError,
    HandlerResult, Row, When, behaviour_of,
};
pub use context::Context;
pub use flow::Flow;
pub use serve::{serve, serve_mailbox};
