//! From values to MessagePack, as `serde` hands them over.
//!
//! Structs are arrays of their fields, whose names do not travel: each side knows them. Of two things that
//! MessagePack does not tell apart one is marked: see [`FULL`] and [`NUMBERS`].

mod byte;
mod items;
mod parts;
#[cfg(test)]
mod tests;

use super::sink::Sink;
use crate::error::EncodeError;
use parts::{Fields, Sequence};
use rmp::Marker;
use serde::{Serialize, ser::Error, ser::Serializer};
use std::fmt;

/// How many arrays, maps, variants, options and newtypes may be around a value: a few bytes for each could
/// otherwise overflow the stack of whoever reads them.
pub(super) const DEEPEST: u32 = 512;

/// Stands before an option that is full of what would by itself be taken for an empty one: `Some(None)`,
/// `Some(())`. No other item begins with it.
pub(super) const FULL: u8 = Marker::Reserved.to_u8();

/// The type of the extension that a sequence of `u8` is. It is shorter than an array, and where it is not known what
/// is expected it is not taken for bytes or text.
pub(super) const NUMBERS: i8 = 0;

/// Writes one value.
pub(super) struct Encoder<'a, 's> {
    sink: &'a mut Sink<'s>,
    /// How many more levels there may be.
    levels: u32,
    /// Where the latest item begins that says that there is nothing, with its marks.
    nil_at: usize,
}

impl<'a, 's> Encoder<'a, 's> {
    pub(super) fn new(sink: &'a mut Sink<'s>) -> Encoder<'a, 's> {
        Encoder {
            sink,
            levels: DEEPEST,
            nil_at: usize::MAX,
        }
    }

    /// Goes one level further in.
    #[inline]
    fn enter(&mut self) -> Result<(), Unwritable> {
        self.levels = self.levels.checked_sub(1).ok_or_else(too_deep)?;
        Ok(())
    }

    #[inline]
    fn leave(&mut self) {
        self.levels += 1;
    }

    #[inline]
    fn within<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.enter()?;
        value.serialize(&mut *self)?;
        self.leave();
        Ok(())
    }

    /// Begins an array of fields.
    #[inline]
    fn fields(&mut self, len: usize) -> Result<Fields<'_, 'a, 's>, Unwritable> {
        self.enter()?;
        self.array_len(len)?;
        Ok(Fields::new(self))
    }

    /// Begins what belongs to a variant: a map of one entry from its name.
    fn variant(&mut self, name: &str) -> Result<(), Unwritable> {
        self.enter()?;
        self.map_len(1)?;
        self.text(name)
    }

    fn fields_of_variant(
        &mut self,
        name: &str,
        len: usize,
    ) -> Result<Fields<'_, 'a, 's>, Unwritable> {
        self.variant(name)?;
        Ok(self.fields(len)?.of_variant())
    }
}

#[cold]
#[inline(never)]
fn too_deep() -> Unwritable {
    Unwritable::custom(format_args!("it is nested deeper than {DEEPEST}"))
}

macro_rules! numbers {
    ($($($method:ident($number:ty))* => $write:ident;)*) => {$($(
        #[inline]
        fn $method(self, value: $number) -> Result<(), Unwritable> {
            self.$write(value.into());
            Ok(())
        }
    )*)*};
}

impl<'e, 'a, 's> Serializer for &'e mut Encoder<'a, 's> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Sequence<'e, 'a, 's>;
    type SerializeTuple = Fields<'e, 'a, 's>;
    type SerializeTupleStruct = Fields<'e, 'a, 's>;
    type SerializeTupleVariant = Fields<'e, 'a, 's>;
    type SerializeMap = Sequence<'e, 'a, 's>;
    type SerializeStruct = Fields<'e, 'a, 's>;
    type SerializeStructVariant = Fields<'e, 'a, 's>;

    numbers! {
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64) => unsigned;
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64) => signed;
        serialize_bool(bool) => truth;
        serialize_f32(f32) => single;
        serialize_f64(f64) => double;
    }

    fn serialize_i128(self, value: i128) -> Result<(), Unwritable> {
        self.bytes(&value.to_be_bytes())
    }

    fn serialize_u128(self, value: u128) -> Result<(), Unwritable> {
        self.bytes(&value.to_be_bytes())
    }

    fn serialize_char(self, value: char) -> Result<(), Unwritable> {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Unwritable> {
        self.text(value)
    }

    #[inline]
    fn serialize_bytes(self, value: &[u8]) -> Result<(), Unwritable> {
        self.bytes(value)
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        self.nil();
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        let begin = self.sink.len();
        self.within(value)?;
        self.mark_full(begin);
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Unwritable> {
        self.nil();
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unwritable> {
        self.array_len(0)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> Result<(), Unwritable> {
        self.enter()?;
        self.text(name)?;
        self.leave();
        Ok(())
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        self.within(value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        self.variant(name)?;
        value.serialize(&mut *self)?;
        self.leave();
        Ok(())
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Sequence<'e, 'a, 's>, Unwritable> {
        Sequence::of_elements(self, len)
    }

    #[inline]
    fn serialize_tuple(self, len: usize) -> Result<Fields<'e, 'a, 's>, Unwritable> {
        self.fields(len)
    }

    #[inline]
    fn serialize_tuple_struct(
        self,
        _: &'static str,
        len: usize,
    ) -> Result<Fields<'e, 'a, 's>, Unwritable> {
        self.fields(len)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        len: usize,
    ) -> Result<Fields<'e, 'a, 's>, Unwritable> {
        self.fields_of_variant(name, len)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Sequence<'e, 'a, 's>, Unwritable> {
        Sequence::of_entries(self, len)
    }

    #[inline]
    fn serialize_struct(
        self,
        _: &'static str,
        len: usize,
    ) -> Result<Fields<'e, 'a, 's>, Unwritable> {
        self.fields(len)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        len: usize,
    ) -> Result<Fields<'e, 'a, 's>, Unwritable> {
        self.fields_of_variant(name, len)
    }

    /// Writes a sequence of bytes in one piece.
    fn collect_seq<I: IntoIterator<Item: Serialize>>(self, all: I) -> Result<(), Unwritable> {
        let mut all = all.into_iter();
        let len = match all.size_hint() {
            (least, Some(most)) if least == most => Some(least),
            _ => None,
        };
        if let (true, Some(len)) = (byte::is_byte::<I::Item>(), len) {
            return self.numbers(len, all);
        }
        let mut sequence = self.serialize_seq(len)?;
        all.try_for_each(|element| sequence.element(&element))?;
        sequence.finish()
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// Why a value cannot be written. Small, for it is returned for each part of one.
#[derive(Debug)]
pub struct Unwritable(Box<EncodeError>);

impl Unwritable {
    /// The error of a `T`.
    pub(crate) fn of<T: ?Sized>(self) -> EncodeError {
        self.named(std::any::type_name::<T>())
    }

    #[cold]
    fn named(self, type_name: &'static str) -> EncodeError {
        EncodeError {
            type_name,
            ..*self.0
        }
    }
}

impl Error for Unwritable {
    #[cold]
    fn custom<T: fmt::Display>(reason: T) -> Unwritable {
        let (type_name, reason) = ("", reason.to_string());
        Unwritable(Box::new(EncodeError { type_name, reason }))
    }
}

impl std::error::Error for Unwritable {}

impl fmt::Display for Unwritable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.reason)
    }
}
