//! Programs as sets of agents: processes that find each other by name, send each other typed messages,
//! and overhear what interests them.
//!
//! An agent is a struct with a process of its own. Its handlers take messages by type; its `op`, if it
//! has one, is what it does by itself. [`run!`] starts the agents and returns when all are gone, with
//! what each `op` returned.
//!
//! ```
//! use multitools::{agent, message, Context, StringMessage};
//!
//! #[message(reply = u64)]
//! struct Square { n: u64 }
//!
//! #[agent(name = "Calculator", resident)]
//! #[derive(Default)]
//! struct Calculator;
//! #[agent]
//! impl Calculator {
//!     #[handle]
//!     fn on_square(&mut self, request: &Square) -> u64 { request.n * request.n }
//!     #[handle]
//!     fn on_text(&mut self, message: &StringMessage, ctx: &mut Context) { ctx.print(&message.text) }
//! }
//!
//! #[agent]
//! struct Customer { number: u64 }
//! #[agent]
//! impl Customer {
//!     fn op(&mut self, ctx: &mut Context) -> Result<u64, multitools::Error> {
//!         ctx.send("Calculator", &StringMessage::new("good morning"))?;
//!         Ok(ctx.addr::<Calculator>().ask(ctx, &Square { n: self.number })?)
//!     }
//! }
//!
//! fn main() -> Result<(), multitools::RunError> {
//!     let (answer, ()) = multitools::run!(Customer { number: 12 }, Calculator)?;
//!     assert_eq!(answer, 144);
//!     Ok(())
//! }
//! ```
//!
//! | to | use |
//! | --- | --- |
//! | declare | [`#[message]`](macro@message), [`#[agent]`](macro@agent), [`#[logger]`](macro@logger), [`#[process]`](macro@process) |
//! | start | [`run!`], [`Supervisor`], [`ProcessList`]; [`#[multitools::main]`](macro@main), [`#[multitools::test]`](macro@test), [`init`] |
//! | start others from an agent | [`Context::spawn`], [`Context::join`], [`Spawned`] |
//! | send, receive, ask, print | [`Context`], [`Addr`], [`Recipients`]; [`BROADCAST`], [`LISTENERS`], [`SUPERVISOR`] |
//! | look at any message | [`AnyMessage`] |
//! | watch others, or fall with them | [`Context::monitor`], [`Down`], [`Context::link`] |
//! | share a number | [`Value`] |
//! | learn what went wrong | [`Error`], [`RunError`], [`Report`], [`Notice`] |
//!
//! The rules that the documentation refers to (R1 to R18) are what the library promises; they stand in
//! `docs/semantics.md` of the repository. It runs on Linux.

extern crate self as multitools;

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod __fuzz;
#[doc(hidden)]
pub mod __private;
mod agent;
mod catalog;
mod deadline;
mod debug_logger;
mod error;
mod graph;
mod id;
mod launch;
mod limits;
mod message;
mod output;
mod process_list;
mod protocol;
mod restart;
mod router;
mod run;
mod shape;
mod supervisor;
mod sys;
mod transport;
mod value;
mod wire;

pub use agent::{
    Addr, Agent, Anything, Behaviour, Context, Delivery, Flow, MaySend, Missed, MissedReason,
    Monitor, Prepared, Recipients, Spawned,
};
pub use catalog::CatalogError;
pub use debug_logger::DebugLogger;
pub use error::{
    AskError, DecodeError, EncodeError, Error, InputError, JoinError, RecvError, SendError,
    SpawnError, WaitError,
};
pub use id::{AgentId, Ids};
pub use limits::Limits;
pub use message::{AnyMessage, Is, Message, Request};
pub use message::{
    Down, DownReason, EmptyMessage, ExceptionMessage, FileMessage, GetIdsMessage, IdsReplyMessage,
    InputMessage, InputResponseMessage, PoisonMessage, PrintMessage, QueryMessage,
    ResidentTermMessage, StringMessage,
};
pub use multitools_macros::{agent, logger, main, message, process, test};
pub use output::Output;
pub use process_list::{ProcessError, ProcessList};
pub use restart::{Restart, Strategy};
pub use router::{BROADCAST, LISTENERS, SUPERVISOR, Target};
pub use supervisor::{
    Added, Cause, Exceeded, Handled, Hang, Notice, Report, RestartLimit, Results, RunError,
    Supervisor, Suspicion, Undelivered, Waiting,
};
pub use value::{Shareable, Value, ValueError};

/// Turns this process into an agent, if a supervisor has started it to become one; otherwise does
/// nothing.
///
/// [`run!`] and [`#[multitools::main]`](macro@main) call it. Call it first in a `main` that uses
/// [`Supervisor`] or [`ProcessList`] directly: in the process of an agent it runs the agent and never
/// returns, so what stands before it is done in every process. Nothing may read the standard input there:
/// in the process of an agent that is the line to its supervisor, until `init` has taken it.
///
/// In the first process of a program it looks whether the program was asked about itself
/// (`PROGRAM --multitools graph`, or `MULTITOOLS=graph` in its environment): then it answers and ends
/// the process. `docs/graph.md` of the repository has the rest.
pub fn init() {
    if agent::init() == agent::Role::Parent {
        graph::answer();
    }
}

/// The code of the guide, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide.md")]
mod guide {}
