//! MessagePack, as messages, arguments, results and control traffic are encoded.
//!
//! Structs are arrays, so that a supertype's bytes are a prefix of its subtype's; byte sequences use the
//! bytes encoding, so that they are copied as a block and can be borrowed.

use super::decoder::{Decoder, Unreadable};
use super::encoder::{Encoder, Unwritable};
use super::sink::{Sink, Spill, Written};
use crate::error::{DecodeError, EncodeError};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// `()`, encoded: the result of a plain command, of which there is no more to say than that it succeeded.
pub(crate) const UNIT: [u8; 1] = [0xc0];

/// Appends the encoding of a value to a sink, the only kind of writer, so that a type is compiled for no
/// other.
///
/// # Errors
/// When the value's `Serialize` fails.
pub fn encode_into<T: Serialize + ?Sized>(
    value: &T,
    sink: &mut Sink<'_>,
) -> Result<(), EncodeError> {
    value
        .serialize(&mut Encoder::new(sink))
        .map_err(Unwritable::of::<T>)
}

/// Encodes a value into a buffer of its own.
///
/// # Errors
/// When the value's `Serialize` fails.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = Vec::new();
    append_to(value, &mut bytes)?;
    Ok(bytes)
}

/// Encodes a value into memory that is there, or into a buffer if it is too long for that. Gives what it is.
///
/// # Errors
/// When the value's `Serialize` fails.
pub(crate) fn encode_within<'m, T: Serialize + ?Sized>(
    value: &T,
    room: &'m mut [u8],
    buffer: &'m mut Vec<u8>,
) -> Result<&'m [u8], EncodeError> {
    let mut sink = Sink::new(room, Spill::Growing(buffer), 0, usize::MAX);
    encode_into(value, &mut sink)?;
    Ok(match sink.finish() {
        Written::InRoom(len) => &room[..len],
        Written::Spilled(_) | Written::Lost(_) => buffer,
    })
}

/// Appends the encoding of a value to a buffer.
///
/// # Errors
/// When the value's `Serialize` fails.
pub(crate) fn append_to<T: Serialize + ?Sized>(
    value: &T,
    buffer: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    encode_into(value, &mut Sink::appending_to(buffer))
}

/// Decodes an owned value.
///
/// # Errors
/// When the bytes are no `T`.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    read(bytes).map_err(Unreadable::taken_for::<T>)
}

/// Decodes a value that may borrow. What follows it is not looked at.
pub(crate) fn read<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Result<T, Unreadable> {
    T::deserialize(&mut Decoder::new(bytes))
}
