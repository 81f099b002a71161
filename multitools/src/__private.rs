//! Exactly what generated code names. Not public API: it changes with any release.

pub use crate::agent::{
    Accepts, Agent, Behaviour, BehaviourOf, Context, Ended, Failure, Fallible, Flow, Guard, Handle,
    HandleError, HandlerResult, Row, When, behaviour_of, serve, serve_mailbox,
};
pub use crate::catalog::{
    AgentEntry, AgentRegistration, DefaultProbe, Dispatch, Handler, NoDefault, Plan, TestEntry,
    covers, decode_with, maximal, sort, strip_crate,
};
pub use crate::error::{DecodeError, EncodeError};
pub use crate::message::{
    Ancestry, AnyMessage, DenseId, Edge, EdgeStep, EnumKind, Extends, HasBase, Is, Key, Message,
    MessageEntry, MessageRegistration, NoReply, PlainVariant, Reply, ReplyFits, StructKind,
    SubtypeVariant, Succ, Wraps, Zero, ancestry_of, boxed_as, debug_as, debug_owned, edge, extends,
    key, sendable, variant,
};
pub use crate::shape::shape;
pub use crate::supervisor::Collect;
pub use crate::wire::bytes;
pub use crate::wire::codec::{decode, encode_into};
pub use inventory;
pub use serde;

/// Checks that a subtype is answered as its parent is.
pub const fn reply_fits<R: ReplyFits<P>, P>() {}
