//! What a request is answered with.
#![expect(
    clippy::needless_maybe_sized,
    reason = "of a `str` only that it is no message is to be said, not its size besides"
)]

use serde::{Serialize, de::DeserializeOwned};
use std::marker::PhantomData;

/// The reply of a message that is no request.
pub struct NoReply;

/// The reply of a message declared with `#[message(reply = T)]`.
pub struct Reply<T>(PhantomData<T>);

/// What stands in [`Message::Reply`](super::Message::Reply): [`NoReply`] or [`Reply<T>`].
pub trait ReplyKind: 'static {
    /// Whether there is a reply.
    const EXPECTED: bool;
}
impl ReplyKind for NoReply {
    const EXPECTED: bool = false;
}
// That `T` can be sent is checked where it is declared.
impl<T: 'static> ReplyKind for Reply<T> {
    const EXPECTED: bool = true;
}

/// The type of a reply, where it is declared.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to another process",
    label = "not `Serialize + Deserialize`",
    note = "a reply is sent to the agent that has asked",
    note = "a type of your own can be sent with `#[derive(serde::Serialize, serde::Deserialize)]` on its definition (`cargo add serde --features derive`)"
)]
pub trait Replied {}
#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Replied for T {}

/// Names that type where the user wrote it, for generated code.
pub const fn replied<T: Replied>() {}

/// A message that may be asked: one declared with `#[message(reply = T)]`, or a subtype of one.
///
/// ```
/// use multitools::{message, Request};
///
/// #[message(reply = u64)]
/// struct Square { n: u64 }
///
/// fn reply_of<R: Request>(_: &R) -> Option<R::Answer> { None }
/// let answer: Option<u64> = reply_of(&Square { n: 12 });
/// # assert_eq!(answer, None);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a request",
    label = "has no reply",
    note = "declare what it is answered with: `#[message(reply = SomeType)]`"
)]
pub trait Request: super::Message {
    /// The type of the answer.
    type Answer: Serialize + DeserializeOwned;
}
#[diagnostic::do_not_recommend]
impl<M: super::Message<Reply: Answered> + ?Sized> Request for M {
    type Answer = <M::Reply as Answered>::Answer;
}

/// The [`ReplyKind`] of requests.
pub trait Answered {
    /// The type of the answer.
    type Answer: Serialize + DeserializeOwned;
}
impl<T: Serialize + DeserializeOwned> Answered for Reply<T> {
    type Answer = T;
}

/// A subtype of a request is answered as its parent is: a handler of the parent serves it too.
#[diagnostic::on_unimplemented(
    message = "a subtype of a request keeps the reply type of its parent",
    label = "the parent is answered with another type"
)]
pub trait ReplyFits<Parent> {}
impl<T> ReplyFits<NoReply> for T {}
impl<T> ReplyFits<Reply<T>> for Reply<T> {}
