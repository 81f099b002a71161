//! Between messages and bytes. What every message does alike is implemented here for all of them: an
//! item in generated code costs the compiler far more.

use super::{AnyMessage, Key, Message, MessageEntry};
use crate::catalog::{Plan, decode_with};
use crate::error::{DecodeError, EncodeError};
use crate::wire::codec;
use crate::wire::decoder::Unreadable;
use crate::wire::sink::Sink;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What can be encoded. Every message can: a type that cannot is none, and that is all to be said of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a multitools message",
    label = "not a message type",
    note = "put `#[multitools::message]` on the definition of `{Self}`"
)]
pub trait Encoded {
    /// Appends the encoding of this very type.
    ///
    /// # Errors
    /// When the `Serialize` of the type fails.
    fn append_to(&self, sink: &mut Sink<'_>) -> Result<(), EncodeError>;
}

#[diagnostic::do_not_recommend]
impl<M: Serialize + ?Sized> Encoded for M {
    fn append_to(&self, sink: &mut Sink<'_>) -> Result<(), EncodeError> {
        codec::encode_into(self, sink)
    }
}

#[diagnostic::do_not_recommend]
impl Encoded for AnyMessage {
    fn append_to(&self, sink: &mut Sink<'_>) -> Result<(), EncodeError> {
        sink.append(self.body());
        Ok(())
    }
}

/// A message of whatever type.
pub trait Travelling {
    /// The most derived type of this value.
    fn leaf(&self) -> &'static MessageEntry;
    /// Appends the fields of that type.
    ///
    /// # Errors
    /// When the `Serialize` of the type fails.
    fn encode(&self, sink: &mut Sink<'_>) -> Result<(), EncodeError>;
    /// The key of that type.
    fn leaf_key(&self) -> Key;
}

impl<M: Message> Travelling for M {
    fn leaf(&self) -> &'static MessageEntry {
        Message::leaf(self)
    }

    fn encode(&self, sink: &mut Sink<'_>) -> Result<(), EncodeError> {
        Message::encode(self, sink)
    }

    fn leaf_key(&self) -> Key {
        Message::leaf_key(self)
    }
}

/// What a received message is viewed as.
pub trait View<'f>: Sized {
    /// Reads a message along a plan.
    ///
    /// # Errors
    /// When the bytes are not what the message's type says.
    fn view(message: &'f AnyMessage, plan: &Plan) -> Result<Self, Unreadable>;
    /// Writes a body as the type's `Debug` does, or why it is none.
    ///
    /// # Errors
    /// What the formatter returns.
    fn show(body: &'f [u8], formatter: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl<'f, M: Message + Deserialize<'f> + fmt::Debug> View<'f> for M {
    fn view(message: &'f AnyMessage, plan: &Plan) -> Result<M, Unreadable> {
        decode_with(message, plan)
    }

    fn show(body: &'f [u8], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match codec::read::<M>(body) {
            Ok(message) => message.fmt(formatter),
            Err(unreadable) => undecodable(unreadable.taken_for::<M>(), formatter),
        }
    }
}

#[cold]
#[inline(never)]
#[expect(clippy::needless_pass_by_value)] // so that each type is compiled without the end of it
fn undecodable(error: DecodeError, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(formatter, "<undecodable: {error}>")
}

impl<'f> View<'f> for &'f AnyMessage {
    fn view(message: &'f AnyMessage, _: &Plan) -> Result<Self, Unreadable> {
        Ok(message)
    }

    fn show(body: &'f [u8], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(body, formatter)
    }
}
