//! Programs as sets of agents.
extern crate self as multitools;

#[doc(hidden)]
pub mod __private;
mod agent;
mod catalog;
mod deadline;
mod error;
mod id;
mod launch;
mod message;
mod process_list;
mod protocol;
mod router;
mod run;
mod supervisor;
mod sys;
mod transport;
mod value;
mod wire;

pub use agent::{Addr, Agent, Behaviour, Context, Delivery, Flow, Missed, MissedReason};
pub use catalog::CatalogError;
pub use error::{AskError, DecodeError, EncodeError, Error, InputError, RecvError, SendError};
pub use id::{AgentId, Ids};
pub use message::{AnyMessage, Is, Message, Request};
pub use message::{
    EmptyMessage, ExceptionMessage, FileMessage, GetIdsMessage, IdsReplyMessage, InputMessage,
    InputResponseMessage, PrintMessage, QueryMessage, ResidentTermMessage, StringMessage,
};
pub use multitools_macros::{agent, logger, main, message, process, test};
pub use process_list::{ProcessError, ProcessList};
pub use router::{BROADCAST, LISTENERS, SUPERVISOR, Target};
pub use supervisor::{
    Added, Cause, Handled, Notice, Output, Report, Results, RunError, Supervisor, Undelivered,
};
pub use value::{Shareable, Value, ValueError};

/// Turns this process into an agent, if a supervisor has started it to become one; otherwise does
/// nothing.
///
/// [`run!`] and [`#[multitools::main]`](macro@main) call it. Call it first in a `main` that uses
/// [`Supervisor`] or [`ProcessList`] directly: in the process of an agent it runs the agent and never
/// returns, so what stands before it is done in every process.
pub fn init() {
    agent::init();
}
