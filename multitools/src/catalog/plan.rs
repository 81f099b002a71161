//! How a message is read as one of its supertypes.

use crate::error::DecodeError;
use crate::message::{AnyMessage, Boxed, EdgeStep, Message, MessageEntry, Wrap};
use crate::wire::codec;
use crate::wire::decoder::Unreadable;
use std::any::Any;

/// The steps from a message's own type up to the type a handler takes.
#[derive(Clone, Default)]
pub struct Plan {
    strip: usize,
    wraps: Vec<Wrap>,
    boxed: Option<Boxed>,
}

impl Plan {
    /// Adds the step from `child` to its parent. `None` when a struct would have to be taken out of an
    /// enum, which the macros do not let anybody declare.
    pub(super) fn push(&mut self, child: &MessageEntry) -> Option<()> {
        match child.edge {
            EdgeStep::Root => {}
            EdgeStep::Same | EdgeStep::Prefix if !self.wraps.is_empty() => return None,
            EdgeStep::Same => {}
            EdgeStep::Prefix => self.strip += 1,
            EdgeStep::Wrap(wrap) => {
                if self.wraps.is_empty() {
                    self.boxed = child.boxed;
                }
                self.wraps.push(wrap);
            }
        }
        Some(())
    }
}

/// Reads a message as an `M`, for generated code. What follows a prefix is not looked at.
///
/// # Errors
/// When the bytes are not what the message's type says.
#[inline]
pub fn decode_with<'f, M: Message + serde::Deserialize<'f>>(
    message: &'f AnyMessage,
    plan: &Plan,
) -> Result<M, Unreadable> {
    if plan.wraps.is_empty() {
        return codec::read(stripped(message, plan, M::NAME)?);
    }
    M::from_box(wrapped(message, plan, M::NAME)?)
        .ok_or_else(|| malformed(M::NAME, "it is wrapped in another enum").into())
}

#[inline]
fn stripped<'f>(
    message: &'f AnyMessage,
    plan: &Plan,
    expected: &'static str,
) -> Result<&'f [u8], DecodeError> {
    match plan.strip {
        0 => Ok(message.body()),
        _ => base_of(message, plan, expected),
    }
}

// What follows is the same for all types, and is compiled once.

fn base_of<'f>(
    message: &'f AnyMessage,
    plan: &Plan,
    expected: &'static str,
) -> Result<&'f [u8], DecodeError> {
    skip_array_headers(message.body(), plan.strip)
        .ok_or_else(|| malformed(expected, "it does not begin with its supertype"))
}

fn wrapped(
    message: &AnyMessage,
    plan: &Plan,
    expected: &'static str,
) -> Result<Box<dyn Any>, DecodeError> {
    let decode = plan
        .boxed
        .ok_or_else(|| malformed(expected, "a message with lifetimes cannot be wrapped"))?;
    let inner = decode(stripped(message, plan, expected)?)?;
    Ok(plan.wraps.iter().fold(inner, |inner, wrap| wrap(inner)))
}

fn malformed(expected: &'static str, reason: &str) -> DecodeError {
    DecodeError::Malformed {
        expected,
        reason: reason.to_owned(),
    }
}

/// The bytes after `count` array headers: the base of a struct is its first element.
fn skip_array_headers(mut bytes: &[u8], count: usize) -> Option<&[u8]> {
    for _ in 0..count {
        bytes = match bytes.first()? {
            0x90..=0x9f => &bytes[1..],
            0xdc => bytes.get(3..)?,
            0xdd => bytes.get(5..)?,
            _ => return None,
        };
    }
    Some(bytes)
}
