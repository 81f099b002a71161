//! Exactly what generated code names. Not public API: it changes with any release.

pub use crate::agent::{
    Accepts, Agent, Answers, Anything, Behaviour, BehaviourOf, Context, Ended, Failure, Fallible,
    Flow, Handle, HandleError, HandlerResult, IsNoResult, IsResult, MaySend, Op, OwnScope,
    PlainScope, Returned, Returns, Row, Scoped, Settle, When, behaviour_of, no_context,
    own_context, plain_context, serve, serve_mailbox,
};
pub use crate::catalog::{
    AgentEntry, AgentRegistration, Announced, DefaultProbe, Dispatch, Handler, Listed, NoDefault,
    Plan, Spawns, TestEntry, agent_key, answers, covers, decode_with, maximal, sort, spawns,
    strip_crate, widest,
};
pub use crate::error::{DecodeError, EncodeError};
pub use crate::limits::Limits;
pub use crate::message::{
    Ancestry, AnyMessage, Edge, EdgeStep, EnumKind, Extends, HasBase, Is, Key, Message,
    MessageEntry, NoReply, PlainVariant, Reply, ReplyFits, StructKind, SubtypeVariant, Travelling,
    Wraps, ancestry_of, borrowable, boxed_as, carried, key, replied, sendable, step, variant,
};
pub use crate::restart::{Restart, Strategy};
pub use crate::shape::shape;
pub use crate::supervisor::{
    Claim, Collect, KnownRun, Run, Runnable, UncheckedRun, UnknownRun, add_to,
};
pub use crate::wire::bytes;
pub use crate::wire::codec::{decode, encode};
pub use inventory;
pub use multitools_macros::agent_of_run;
pub use serde;

/// The value of a field in code that does not compile.
#[must_use]
pub fn never<T>() -> T {
    std::process::abort()
}

/// Checks that a subtype is answered as its parent is.
pub const fn reply_fits<R: ReplyFits<P>, P>() {}
