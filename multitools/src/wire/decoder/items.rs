//! The items of MessagePack, one after the other: what each is, and how long.
//!
//! Nothing here knows of the type that is read, so it is compiled once for all of them.

use crate::error::DecodeError;
use crate::sys::text;
use crate::wire::encoder::{FULL, NUMBERS};
use rmp::Marker;
use serde::de::{Error, Expected, Unexpected};
use std::fmt;

/// One item. Of an array and a map it is the number of what follows.
#[derive(Clone, Copy)]
pub(super) enum Item<'de> {
    Nil,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Single(f32),
    Double(f64),
    /// What should be UTF-8.
    Text(&'de [u8]),
    Bytes(&'de [u8]),
    /// A sequence of `u8`.
    Numbers(&'de [u8]),
    Array(usize),
    Map(usize),
}

/// What is left to be read.
pub(super) struct Items<'de> {
    rest: &'de [u8],
    /// Whether each byte is a number, as in bytes that are read as a sequence.
    plain: bool,
}

impl<'de> Items<'de> {
    pub(super) fn new(bytes: &'de [u8]) -> Items<'de> {
        Items {
            rest: bytes,
            plain: false,
        }
    }

    /// Each byte as a number.
    pub(super) fn numbers(bytes: &'de [u8]) -> Items<'de> {
        Items {
            rest: bytes,
            plain: true,
        }
    }

    /// How many bytes are left.
    pub(super) fn len(&self) -> usize {
        self.rest.len()
    }

    /// Takes an item.
    ///
    /// # Errors
    /// When it is cut off, or of a kind that no message has.
    pub(super) fn next(&mut self) -> Result<Item<'de>, Unreadable> {
        let first = self.byte()?;
        if self.plain {
            return Ok(Item::Unsigned(first.into()));
        }
        Ok(match Marker::from_u8(first) {
            Marker::Null => Item::Nil,
            Marker::False => Item::Bool(false),
            Marker::True => Item::Bool(true),
            Marker::FixPos(value) => Item::Unsigned(value.into()),
            Marker::U8 => Item::Unsigned(self.byte()?.into()),
            Marker::U16 => Item::Unsigned(u16::from_be_bytes(self.array()?).into()),
            Marker::U32 => Item::Unsigned(u32::from_be_bytes(self.array()?).into()),
            Marker::U64 => Item::Unsigned(u64::from_be_bytes(self.array()?)),
            Marker::FixNeg(value) => Item::Signed(value.into()),
            Marker::I8 => Item::Signed(i8::from_be_bytes(self.array()?).into()),
            Marker::I16 => Item::Signed(i16::from_be_bytes(self.array()?).into()),
            Marker::I32 => Item::Signed(i32::from_be_bytes(self.array()?).into()),
            Marker::I64 => Item::Signed(i64::from_be_bytes(self.array()?)),
            Marker::F32 => Item::Single(f32::from_be_bytes(self.array()?)),
            Marker::F64 => Item::Double(f64::from_be_bytes(self.array()?)),
            Marker::FixStr(len) => Item::Text(self.bytes(len.into())?),
            Marker::Str8 => Item::Text(self.byte().and_then(|len| self.bytes(len.into()))?),
            Marker::Str16 => Item::Text(self.short_len().and_then(|len| self.bytes(len))?),
            Marker::Str32 => Item::Text(self.long_len().and_then(|len| self.bytes(len))?),
            Marker::Bin8 => Item::Bytes(self.byte().and_then(|len| self.bytes(len.into()))?),
            Marker::Bin16 => Item::Bytes(self.short_len().and_then(|len| self.bytes(len))?),
            Marker::Bin32 => Item::Bytes(self.long_len().and_then(|len| self.bytes(len))?),
            Marker::FixExt1 => self.extension(1)?,
            Marker::FixExt2 => self.extension(2)?,
            Marker::FixExt4 => self.extension(4)?,
            Marker::FixExt8 => self.extension(8)?,
            Marker::FixExt16 => self.extension(16)?,
            Marker::Ext8 => self.byte().and_then(|len| self.extension(len.into()))?,
            Marker::Ext16 => self.short_len().and_then(|len| self.extension(len))?,
            Marker::Ext32 => self.long_len().and_then(|len| self.extension(len))?,
            Marker::FixArray(len) => Item::Array(len.into()),
            Marker::Array16 => Item::Array(self.short_len()?),
            Marker::Array32 => Item::Array(self.long_len()?),
            Marker::FixMap(len) => Item::Map(len.into()),
            Marker::Map16 => Item::Map(self.short_len()?),
            Marker::Map32 => Item::Map(self.long_len()?),
            Marker::Reserved => return Err(unknown()),
        })
    }

    /// Takes the mark of an option that is full of what would be taken for none, if it comes next.
    pub(super) fn take_full(&mut self) -> bool {
        match self.first() {
            Some((FULL, behind)) => {
                self.rest = behind;
                true
            }
            _ => false,
        }
    }

    /// What `next` would take.
    ///
    /// # Errors
    /// As `next`.
    pub(super) fn peek(&self) -> Result<Item<'de>, Unreadable> {
        let (rest, plain) = (self.rest, self.plain);
        Items { rest, plain }.next()
    }

    /// Takes a number.
    ///
    /// # Errors
    /// When it is none, or negative.
    #[inline]
    pub(super) fn unsigned(&mut self, expected: &dyn Expected) -> Result<u64, Unreadable> {
        match self.short_or_followed() {
            Some(value) => Ok(value),
            None if self.plain => self.byte().map(u64::from),
            None => self.any_unsigned(expected),
        }
    }

    #[cold]
    fn any_unsigned(&mut self, expected: &dyn Expected) -> Result<u64, Unreadable> {
        match self.next()? {
            Item::Unsigned(value) => Ok(value),
            other => Err(other.refused(expected)),
        }
    }

    /// Takes a number.
    ///
    /// # Errors
    /// When it is none, or too large.
    pub(super) fn signed(&mut self, expected: &dyn Expected) -> Result<i64, Unreadable> {
        let item = self.next()?;
        match item {
            Item::Signed(value) => Ok(value),
            Item::Unsigned(value) => value.try_into().map_err(|_| item.refused(expected)),
            other => Err(other.refused(expected)),
        }
    }

    /// Takes a number of 128 bits, which travels as its bytes.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn wide(&mut self, expected: &dyn Expected) -> Result<[u8; 16], Unreadable> {
        let item = self.next()?;
        match item {
            Item::Bytes(bytes) => bytes.try_into().map_err(|_| item.refused(expected)),
            other => Err(other.refused(expected)),
        }
    }

    /// Takes text.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn text(&mut self, expected: &dyn Expected) -> Result<&'de str, Unreadable> {
        if let Some((first, behind)) = self.first()
            && let Marker::FixStr(len) = Marker::from_u8(first)
            && let Some((bytes, behind)) = behind.split_at_checked(len.into())
            && let Some(text) = text::from_ascii(bytes)
        {
            self.rest = behind;
            return Ok(text);
        }
        self.any_text(expected)
    }

    #[inline(never)]
    fn any_text(&mut self, expected: &dyn Expected) -> Result<&'de str, Unreadable> {
        let item = self.next()?;
        match item {
            Item::Text(bytes) => text::from_bytes(bytes).ok_or_else(|| item.refused(expected)),
            other => Err(other.refused(expected)),
        }
    }

    /// Takes the length of an array.
    ///
    /// # Errors
    /// When it is none.
    #[inline]
    pub(super) fn array_len(&mut self, expected: &dyn Expected) -> Result<usize, Unreadable> {
        if let Some((first, behind)) = self.first()
            && let Marker::FixArray(len) = Marker::from_u8(first)
        {
            self.rest = behind;
            return Ok(len.into());
        }
        self.any_array_len(expected)
    }

    #[cold]
    fn any_array_len(&mut self, expected: &dyn Expected) -> Result<usize, Unreadable> {
        match self.next()? {
            Item::Array(len) => Ok(len),
            other => Err(other.refused(expected)),
        }
    }

    /// What a marker would be, and what follows.
    #[inline]
    fn first(&self) -> Option<(u8, &'de [u8])> {
        let (first, behind) = self.rest.split_first()?;
        (!self.plain).then_some((*first, behind))
    }

    /// Takes a number that is in its marker, or in front of as many bytes as the longest has: that is most
    /// of them, and no branch is needed for how long it is.
    #[inline]
    fn short_or_followed(&mut self) -> Option<u64> {
        const SHORTEST: u8 = Marker::U8.to_u8();
        const LONGEST: u8 = Marker::U64.to_u8();
        let (first, behind) = self.first()?;
        if let Marker::FixPos(value) = Marker::from_u8(first) {
            self.rest = behind;
            return Some(value.into());
        }
        let (SHORTEST..=LONGEST, Some(value)) = (first, behind.first_chunk()) else {
            return None;
        };
        let len = 1 << (first - SHORTEST);
        self.rest = &behind[len as usize..];
        Some(u64::from_be_bytes(*value) >> (u64::BITS - 8 * len))
    }

    #[inline]
    fn byte(&mut self) -> Result<u8, Unreadable> {
        self.array().map(u8::from_be_bytes)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let (array, behind) = self.rest.split_first_chunk().ok_or_else(cut_off)?;
        self.rest = behind;
        Ok(*array)
    }

    #[inline]
    fn bytes(&mut self, len: usize) -> Result<&'de [u8], Unreadable> {
        let (bytes, behind) = self.rest.split_at_checked(len).ok_or_else(cut_off)?;
        self.rest = behind;
        Ok(bytes)
    }

    fn extension(&mut self, len: usize) -> Result<Item<'de>, Unreadable> {
        match i8::from_be_bytes(self.array()?) {
            NUMBERS => self.bytes(len).map(Item::Numbers),
            _ => Err(unknown()),
        }
    }

    #[inline]
    fn short_len(&mut self) -> Result<usize, Unreadable> {
        Ok(u16::from_be_bytes(self.array()?).into())
    }

    #[inline]
    fn long_len(&mut self) -> Result<usize, Unreadable> {
        Ok(u32::from_be_bytes(self.array()?) as usize)
    }
}

impl Item<'_> {
    /// The error for an item that is not what was expected.
    #[cold]
    pub(super) fn refused(self, expected: &dyn Expected) -> Unreadable {
        let unexpected = match self {
            Item::Nil => Unexpected::Unit,
            Item::Bool(value) => Unexpected::Bool(value),
            Item::Unsigned(value) => Unexpected::Unsigned(value),
            Item::Signed(value) => Unexpected::Signed(value),
            Item::Single(value) => Unexpected::Float(value.into()),
            Item::Double(value) => Unexpected::Float(value),
            Item::Text(bytes) => match text::from_bytes(bytes) {
                Some(text) => Unexpected::Str(text),
                None => Unexpected::Other("text that is not UTF-8"),
            },
            Item::Bytes(bytes) => Unexpected::Bytes(bytes),
            Item::Numbers(_) | Item::Array(_) => Unexpected::Seq,
            Item::Map(_) => Unexpected::Map,
        };
        Unreadable::invalid_type(unexpected, expected)
    }
}

#[cold]
fn unknown() -> Unreadable {
    Unreadable::custom("it has an item of an unknown kind")
}

#[cold]
fn cut_off() -> Unreadable {
    Unreadable::custom("it is cut off")
}

/// Why bytes are not what was expected. Every value that is read is returned in its place, so it is as small as
/// can be; and it is the same from where it is found to whoever asked, so that the value need not be moved.
#[derive(Debug)]
pub struct Unreadable(Box<DecodeError>);

impl Unreadable {
    /// The error of bytes that should have been a `T`.
    pub(crate) fn taken_for<T>(self) -> DecodeError {
        self.named(std::any::type_name::<T>())
    }

    #[cold]
    fn named(mut self, whole: &'static str) -> DecodeError {
        if let DecodeError::Malformed { expected, .. } = &mut *self.0
            && expected.is_empty()
        {
            *expected = whole;
        }
        *self.0
    }
}

impl Error for Unreadable {
    #[cold]
    fn custom<T: fmt::Display>(reason: T) -> Unreadable {
        let (expected, reason) = ("", reason.to_string());
        DecodeError::Malformed { expected, reason }.into()
    }
}

impl From<DecodeError> for Unreadable {
    #[cold]
    fn from(error: DecodeError) -> Unreadable {
        Unreadable(Box::new(error))
    }
}

impl std::error::Error for Unreadable {}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
