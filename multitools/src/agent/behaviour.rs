//! What `#[agent]` declares and generated code implements.

use super::panics::LastWords;
use super::{Context, Flow};
use crate::catalog::{AgentEntry, Dispatch, Handler};
use crate::error::DecodeError;
use crate::message::{Ancestry, Message, NoReply, Reply};
use crate::protocol::Panic;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Display;
use std::marker::PhantomData;

/// A type that runs in a process of its own: declared by `#[agent]`, `#[logger]` or `#[process]`.
///
/// Its fields are its arguments; they are sent to the process when it starts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an agent",
    label = "not an agent",
    note = "put `#[multitools::agent]` on the definition of `{Self}`"
)]
pub trait Agent: Serialize + DeserializeOwned + 'static {
    /// The name it starts with; `None` for an agent that bears no name.
    const NAME: Option<&'static str>;
    #[doc(hidden)]
    fn entry() -> &'static AgentEntry;
}

/// What an agent does: declared by `#[agent] impl`.
#[diagnostic::on_unimplemented(
    message = "agent `{Self}` has no behaviour",
    label = "no `impl {Self}` block with `#[agent]` above it",
    note = "put `#[agent]` above the `impl {Self}` that has its `#[handle]` methods, its `op`, or both"
)]
pub trait Behaviour: Sized + 'static {
    /// Whose declaration its context obeys: its own, or [`Anything`](crate::Anything).
    #[doc(hidden)]
    type Scope;
    /// What `op` returns, without the error of a `Result`.
    type Output: Serialize + DeserializeOwned;
    #[doc(hidden)]
    const HAS_OP: bool;
    #[doc(hidden)]
    const HAS_LOG: bool;
    /// The types that its handlers take.
    #[doc(hidden)]
    const HANDLED: &'static [Ancestry];
    /// The handlers, sorted by key.
    #[doc(hidden)]
    const HANDLERS: &'static [Handler<Self>];
    /// By value: the arguments of a process are moved into its function.
    #[doc(hidden)]
    fn run_op(self, ctx: &mut Context<Self::Scope>) -> Result<Self::Output, Failure>;
    #[doc(hidden)]
    fn dispatch() -> &'static Dispatch<Self>;
}

/// What the declaration of an agent asks of its behaviour, for generated code: named once, so that an
/// agent without behaviour is one error.
pub struct BehaviourOf {
    /// The types that its handlers take.
    pub handled: &'static [Ancestry],
    /// Whether there is an `op`.
    pub has_op: bool,
    /// Whether there is a `log`.
    pub has_log: bool,
    /// Runs it in a child process.
    pub run: Run,
}

/// The behaviour of `A`.
#[must_use]
pub const fn behaviour_of<A: Agent + Behaviour>() -> BehaviourOf {
    BehaviourOf {
        handled: A::HANDLED,
        has_op: A::HAS_OP,
        has_log: A::HAS_LOG,
        run: super::serve::<A>,
    }
}

/// Implemented for every `#[handle]` method.
pub trait Handle<M: ?Sized>: Behaviour {
    /// Calls the method.
    ///
    /// # Errors
    /// What the method returns.
    fn handle(&mut self, message: &M, ctx: &mut Context<Self::Scope>) -> Result<Flow, Failure>;
}

/// Why an agent or a handler failed: the text of its error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub(crate) Box<str>);

impl Failure {
    pub(crate) fn of(error: impl Display) -> Failure {
        Failure(format!("{error:#}").into())
    }
}

/// How the process of an agent ends when it ends by itself: its encoded result, or why it failed.
pub type Ended = Result<Vec<u8>, Failure>;

/// Runs an agent in its process, and gives the context back, for what is left to be done.
pub type Run = fn(&[u8], Context, LastWords) -> (Result<Ended, Panic>, Context);

/// Why a message was not handled. It is returned in a box, so that whoever handles one message after the
/// other has what came of it in registers.
#[derive(Debug)]
pub enum HandleError {
    /// No handler takes it.
    Unhandled,
    /// Its bytes are not what they claim to be.
    Undecodable(DecodeError),
    /// The handler returned an error.
    Failed(Failure),
}

impl HandleError {
    /// Bytes that are not what they claim to be.
    #[cold]
    #[inline(never)]
    pub(crate) fn undecodable(error: DecodeError) -> Box<HandleError> {
        Box::new(HandleError::Undecodable(error))
    }

    /// A handler that returned an error.
    #[cold]
    #[inline(never)]
    pub(crate) fn failed(failure: Failure) -> Box<HandleError> {
        Box::new(HandleError::Failed(failure))
    }
}

/// What a handler may return, for a message with the reply `R`.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "not what a handler of this message returns",
    note = "a handler of a message declared with `reply = T` returns `T` or a `Result<T, _>`, where `T` can be sent to another process",
    note = "that of any other message returns nothing, `multitools::Flow`, or a `Result` of those",
    note = "the error of a `Result` has to be `Display`"
)]
pub trait HandlerResult<R> {
    /// Goes on, stops, fails, or answers.
    ///
    /// # Errors
    /// The error that the handler returned.
    fn settle<S>(self, ctx: &mut Context<S>) -> Result<Flow, Failure>;
}

/// Settles what a handler has returned, for generated code.
pub struct Settle;

impl Settle {
    /// For the message `M`. It is named as a parameter, not in a path of its own: the compiler says then
    /// in one way that a type is no message.
    ///
    /// # Errors
    /// The error that the handler returned.
    pub fn of<M: Message, S>(
        result: impl HandlerResult<M::Reply>,
        ctx: &mut Context<S>,
    ) -> Result<Flow, Failure> {
        result.settle(ctx)
    }
}

#[diagnostic::do_not_recommend]
impl HandlerResult<NoReply> for () {
    fn settle<S>(self, _: &mut Context<S>) -> Result<Flow, Failure> {
        Ok(Flow::Continue)
    }
}
#[diagnostic::do_not_recommend]
impl HandlerResult<NoReply> for Flow {
    fn settle<S>(self, _: &mut Context<S>) -> Result<Flow, Failure> {
        Ok(self)
    }
}
#[diagnostic::do_not_recommend]
impl<T: HandlerResult<NoReply>, E: Display> HandlerResult<NoReply> for Result<T, E> {
    fn settle<S>(self, ctx: &mut Context<S>) -> Result<Flow, Failure> {
        self.map_err(Failure::of)?.settle(ctx)
    }
}
#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + 'static> HandlerResult<Reply<T>> for T {
    fn settle<S>(self, ctx: &mut Context<S>) -> Result<Flow, Failure> {
        ctx.core.answer(&self);
        Ok(Flow::Continue)
    }
}
#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + 'static, E: Display> HandlerResult<Reply<T>>
    for Result<T, E>
{
    fn settle<S>(self, ctx: &mut Context<S>) -> Result<Flow, Failure> {
        match self {
            Ok(value) => {
                ctx.core.answer(&value);
                Ok(Flow::Continue)
            }
            Err(error) => ctx.core.answer_failure(Failure::of(error)),
        }
    }
}

/// What stands between a type and its use as an output. Generated code names the output through it,
/// since the compiler would report the bounds of an associated type one by one; and it is implemented
/// for another type than `T`, whose own bounds the compiler would name instead.
#[diagnostic::on_unimplemented(
    message = "an agent cannot return `{T}`",
    label = "not `Serialize + Deserialize`",
    note = "what an agent returns is sent to the process that has started it",
    note = "a type of your own can be sent with `#[derive(serde::Serialize, serde::Deserialize)]` on its definition (`cargo add serde --features derive`)"
)]
pub trait Returns<T> {
    /// The type itself.
    type Output: Serialize + DeserializeOwned;
}
#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Returns<T> for Op {
    type Output = T;
}
/// The `op` of an agent.
pub struct Op;

/// The `Result` that an `op` returns: its `Ok` is the agent's output, its error a failure of the agent.
#[diagnostic::on_unimplemented(
    message = "an agent cannot return `{Self}`",
    label = "not an output",
    note = "return a value that can be sent, or a `Result` of one whose error is `Display`"
)]
pub trait Fallible {
    /// The output.
    type Output;
    /// The output or the text of the error.
    ///
    /// # Errors
    /// The error that the `op` returned.
    fn outcome(self) -> Result<Self::Output, Failure>;
}
#[diagnostic::do_not_recommend]
impl<T, E: Display> Fallible for Result<T, E> {
    type Output = T;
    fn outcome(self) -> Result<T, Failure> {
        self.map_err(Failure::of)
    }
}

/// Whether a type is a `Result`, by whichever name: `IsResult::<T>::VALUE`.
pub struct IsResult<T>(PhantomData<T>);
impl<T, E> IsResult<Result<T, E>> {
    /// It is.
    pub const VALUE: bool = true;
}
/// What holds where there is no [`VALUE`](IsResult::VALUE) of the type's own.
pub trait IsNoResult {
    /// It is not.
    const VALUE: bool = false;
}
impl<T> IsNoResult for IsResult<T> {}

/// What an `op` returns that is not spelled `Result`, and whether it is one nevertheless.
#[diagnostic::on_unimplemented(
    message = "an agent cannot return `{Self}`",
    label = "not an output",
    note = "return a value that can be sent, or a `Result` of one whose error is `Display`"
)]
pub trait Returned<const IS_RESULT: bool> {
    /// The output.
    type Output;
    /// The output or the text of the error.
    ///
    /// # Errors
    /// The error that the `op` returned.
    fn outcome(self) -> Result<Self::Output, Failure>;
}
#[diagnostic::do_not_recommend]
impl<T, E: Display> Returned<true> for Result<T, E> {
    type Output = T;
    fn outcome(self) -> Result<T, Failure> {
        Fallible::outcome(self)
    }
}
#[diagnostic::do_not_recommend]
impl<T> Returned<false> for T {
    type Output = T;
    fn outcome(self) -> Result<T, Failure> {
        Ok(self)
    }
}
