//! What an agent may send, decided by the compiler: everything, or what its `sends(..)` declares.

/// What an agent without `sends(..)` may send: the scope of a plain [`Context`](crate::Context).
#[derive(Debug)]
pub enum Anything {}

/// What stands behind a [`Context<S>`](crate::Context) may send the message `M`: every `M` for [`Anything`], the declared
/// ones and their subtypes for an agent with `sends(..)`. `I` is found by the compiler.
///
/// Helpers that several kinds of agents call ask for what they send:
///
/// ```
/// use multitools::{Context, MaySend, SendError, StringMessage};
///
/// fn greet<S: MaySend<StringMessage, I>, I>(ctx: &mut Context<S>) -> Result<(), SendError> {
///     ctx.send("Echo", &StringMessage::new("hello")).map(drop)
/// }
/// # fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "agent `{Self}` does not declare that it sends `{M}`",
    label = "`{M}` is not in the `sends(..)` of `{Self}`",
    note = "add `{M}` or a supertype of it: `#[agent(sends({M}, ..))] struct {Self}`"
)]
pub trait MaySend<M: ?Sized, I> {}
#[diagnostic::do_not_recommend]
impl<M: ?Sized> MaySend<M, ()> for Anything {}

/// The scope that the declaration of an agent chooses: its own, or [`Anything`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an agent",
    label = "not an agent",
    note = "put `#[multitools::agent]` on the definition of `{Self}`"
)]
pub trait Scoped {
    /// The scope.
    type Scope;
}

/// The scope of agents without `sends(..)`.
#[diagnostic::on_unimplemented(
    message = "agent `{A}` declares what it sends, and takes its context as `&mut Context<Self>`",
    label = "write `&mut Context<Self>`",
    note = "`Context` alone may send anything, `Context<Self>` what the `sends(..)` of `{A}` declares"
)]
pub trait PlainScope<A> {}
#[diagnostic::do_not_recommend]
impl<A> PlainScope<A> for Anything {}

/// The scope of agents with `sends(..)`.
#[diagnostic::on_unimplemented(
    message = "agent `{A}` does not declare what it sends, and takes its context as `&mut Context`",
    label = "write `&mut Context`",
    note = "or declare what it sends: `#[agent(sends(..))] struct {A}`"
)]
pub trait OwnScope<A> {}
#[diagnostic::do_not_recommend]
impl<A> OwnScope<A> for A {}

/// Checks that a block whose methods take a `&mut Context` may, for generated code. The scope is a
/// parameter, so that the compiler finds fault with the context there, and with the agent at the agent.
pub const fn plain_context<A: Scoped<Scope = S>, S: PlainScope<A>>() {}

/// Checks that a block whose methods take a `&mut Context<Self>` may, for generated code.
pub const fn own_context<A: Scoped<Scope = S>, S: OwnScope<A>>() {}

/// Checks that a block whose methods take no context belongs to an agent, for generated code.
pub const fn no_context<A: Scoped>() {}
