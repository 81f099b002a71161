//! Messages: what `#[message]` declares, the hierarchy, and the view of any message.

mod ancestry;
mod any;
mod builtin;
mod down;
mod edge;
mod entry;
mod relation;
mod reply;
mod view;

#[cfg(test)]
mod tests;

pub use ancestry::{Ancestry, Key, key};
pub use any::{AnyMessage, NoParent};
pub use builtin::*;
pub use down::{Down, DownReason};
pub use edge::*;
pub use entry::*;
pub use relation::*;
pub use reply::*;
pub use view::*;

use crate::catalog;
use crate::error::EncodeError;
use crate::wire::sink::Sink;
use std::any::Any;
use std::borrow::Borrow;

/// A type that can be sent from one process to another.
///
/// Implemented by [`#[message]`](macro@crate::message) and by nothing else: the hidden items are the
/// contract between the macros and this version of the library.
///
/// ```
/// use multitools::{message, Message};
///
/// #[message(name = "weather.report")]
/// pub struct Report { pub degrees: f32 }
/// assert_eq!(Report::NAME, "weather.report");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a multitools message",
    label = "not a message type",
    note = "put `#[multitools::message]` on the definition of `{Self}`",
    note = "a plain text is sent as a `multitools::StringMessage`"
)]
pub trait Message: Encoded + Sized {
    /// `Self` with its lifetimes replaced by `'f`.
    #[doc(hidden)]
    type At<'f>: Message;
    /// What a received message is viewed as: the type itself, or a reference for [`AnyMessage`].
    #[doc(hidden)]
    type View<'f>: View<'f> + Borrow<Self::At<'f>>;
    #[doc(hidden)]
    type Parent;
    #[doc(hidden)]
    type Kind;
    #[doc(hidden)]
    type Reply: ReplyKind;
    /// The stable name, unique in the program: what identifies the type on the wire.
    const NAME: &'static str;
    /// The ancestry of the parent, and how this type becomes it.
    #[doc(hidden)]
    const PARENT: (Ancestry, EdgeStep) = (Ancestry::ROOT, EdgeStep::Root);
    #[doc(hidden)]
    const ANCESTRY: Ancestry = Self::PARENT.0.child(key(Self::NAME));
    /// The message that extends this enum and is held by it: it travels, not the enum.
    #[doc(hidden)]
    fn subtype(&self) -> Option<&dyn Travelling> {
        None
    }
    /// The most derived type of this value.
    #[doc(hidden)]
    fn leaf(&self) -> &'static MessageEntry {
        self.subtype()
            .map_or_else(catalog::entry_of::<Self>, Travelling::leaf)
    }
    /// Appends what travels: the fields of that type.
    #[doc(hidden)]
    fn encode(&self, sink: &mut Sink<'_>) -> Result<(), EncodeError> {
        match self.subtype() {
            Some(subtype) => subtype.encode(sink),
            None => self.append_to(sink),
        }
    }
    /// The key of the most derived type of this value.
    #[doc(hidden)]
    fn leaf_key(&self) -> Key {
        self.subtype()
            .map_or(Self::ANCESTRY.key(), Travelling::leaf_key)
    }
    #[doc(hidden)]
    fn from_box(_: Box<dyn Any>) -> Option<Self> {
        None
    }
}

/// The ancestry of `M`, for generated code: a call can be spanned at the user's own token.
#[must_use]
pub const fn ancestry_of<M: Message>() -> Ancestry {
    M::ANCESTRY
}

/// A field or argument that crosses the border of a process.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to another process",
    label = "not `Serialize + Deserialize`",
    note = "fields of agents and arguments of processes are sent to a child process",
    note = "a type of your own can be sent with `#[derive(Debug, serde::Serialize, serde::Deserialize)]` on its definition (`cargo add serde --features derive`)",
    note = "what only the child uses, such as a file, is an `Option` with `#[serde(skip)]`, filled in `op`: `#[serde(skip)] file: Option<File>`"
)]
pub trait Sendable {}
#[diagnostic::do_not_recommend]
impl<T: serde::Serialize + serde::de::DeserializeOwned> Sendable for T {}

/// A field of a message. Its type may be meant to be a message itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to another process",
    label = "not `Serialize + Deserialize`",
    note = "the fields of messages are sent to another process",
    note = "a type of your own can be sent with `#[derive(Debug, serde::Serialize, serde::Deserialize)]` on its definition (`cargo add serde --features derive`)",
    note = "in an enum of messages it may be a message of that family: `#[message(extends = ..)]` on its definition"
)]
pub trait Carried {}
#[diagnostic::do_not_recommend]
impl<T: serde::Serialize + serde::de::DeserializeOwned> Carried for T {}

/// Names the type of such a field, for generated code.
pub const fn carried<T: Carried>() {}

/// A field that borrows from the message that it is part of, with `'static` for its lifetime.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a message",
    label = "not `Serialize + Deserialize`",
    note = "a message borrows texts and bytes, as `&'a str` and `&'a [u8]`, and types that serde can read from these",
    note = "a type of your own can be sent with `#[derive(Debug, serde::Serialize, serde::Deserialize)]` on its definition (`cargo add serde --features derive`)"
)]
pub trait Borrowable {}
#[diagnostic::do_not_recommend]
impl<T: serde::Serialize + serde::Deserialize<'static>> Borrowable for T {}

/// Names the type of such a field, for generated code.
pub const fn borrowable<T: Borrowable>() {}

/// Names a field's type where the user wrote it, for generated code.
pub const fn sendable<T: Sendable>() {}
