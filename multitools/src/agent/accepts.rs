//! What may be sent to an agent, decided by the compiler.
#![expect(
    clippy::needless_maybe_sized,
    reason = "of a `str` only that it is no message is to be said, not its size besides"
)]

use crate::message::{Message, NoReply};
use std::marker::PhantomData;

/// A message that an agent takes; `I` is the row of the handler that makes it so.
#[diagnostic::on_unimplemented(
    message = "agent `{Self}` has no handler for `{M}` or a supertype of it",
    label = "`{Self}` does not handle `{M}`",
    note = "add a `#[handle]` method that takes `&{M}` to `#[agent] impl {Self}`",
    note = "if `{M}` belongs to a family of messages that is handled, its definition says so: `#[message(extends = ..)]`"
)]
pub trait Accepts<M: ?Sized, I> {}
/// It holds for nobody, but has the compiler wait for the type of the message before it complains.
#[diagnostic::do_not_recommend]
impl<A, M: When<false> + ?Sized> Accepts<M, ()> for A {}

/// The row of a handler. It names the type that the handler takes as well, so that the rows of a second
/// block are others, and the compiler does not report each of them besides the block.
pub struct Row<const I: usize, T = ()>(PhantomData<T>);

/// A condition in a `where` clause. It is asked of the message, so that it waits until that is known.
pub trait When<const HOLDS: bool> {}
impl<M: ?Sized> When<true> for M {}

/// A request that an agent answers; `I` is the row of the handler that makes it so.
#[diagnostic::on_unimplemented(
    message = "agent `{Self}` does not answer `{R}`",
    label = "`{Self}` has no handler that answers `{R}`",
    note = "add a `#[handle]` method that takes `&{R}` and returns its reply to `#[agent] impl {Self}`"
)]
pub trait Answers<R: ?Sized, I> {}
/// What is no request is reported as such, and only so.
#[diagnostic::do_not_recommend]
impl<A, M: Message<Reply = NoReply> + ?Sized> Answers<M, NoReply> for A {}
