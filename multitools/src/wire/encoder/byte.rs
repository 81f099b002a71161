//! Sequences of `u8`, which serde does not tell from others, as that of a `Vec<u8>`.

use super::{Encoder, Unwritable};
use serde::ser::{Error, Impossible, Serialize, Serializer};
use std::fmt;

/// How many bytes are gathered before they are written.
const PIECE: usize = 256;

/// Whether this is a `u8`, by itself or behind a reference. Of a type of which nothing is known but that serde takes
/// it, only its name says so. If that was another one day, such sequences would be written as all others are.
pub(super) fn is_byte<T>() -> bool {
    matches!(std::any::type_name::<T>(), "u8" | "&u8")
}

impl Encoder<'_, '_> {
    /// Writes a sequence of so many.
    pub(super) fn numbers<T: Serialize>(
        &mut self,
        len: usize,
        mut all: impl Iterator<Item = T>,
    ) -> Result<(), Unwritable> {
        self.enter()?;
        self.numbers_len(len)?;
        let mut left = len;
        while left > 0 {
            let mut piece = [0; PIECE];
            let piece = &mut piece[..left.min(PIECE)];
            for place in &mut *piece {
                *place = all.next().and_then(|byte| of(&byte)).ok_or_else(other)?;
            }
            self.sink.append(piece);
            left -= piece.len();
        }
        self.leave();
        Ok(())
    }
}

#[cold]
#[inline(never)]
fn other() -> Unwritable {
    Unwritable::custom("a sequence is not what it said it was")
}

#[inline]
fn of(value: &impl Serialize) -> Option<u8> {
    value.serialize(Byte).ok()
}

/// Takes a byte and nothing else.
struct Byte;

#[derive(Debug)]
struct Other;

impl Error for Other {
    fn custom<T: fmt::Display>(_: T) -> Other {
        Other
    }
}

impl std::error::Error for Other {}

impl fmt::Display for Other {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

macro_rules! refused {
    ($($method:ident($($argument:ty),*) $(-> $part:ident)?;)*) => {$(
        #[inline]
        fn $method(self, $(_: $argument),*) -> Result<refused!(@ $($part)?), Other> {
            Err(Other)
        }
    )*};
    (@) => { u8 };
    (@ $part:ident) => { Self::$part };
}

impl Serializer for Byte {
    type Ok = u8;
    type Error = Other;
    type SerializeSeq = Impossible<u8, Other>;
    type SerializeTuple = Impossible<u8, Other>;
    type SerializeTupleStruct = Impossible<u8, Other>;
    type SerializeTupleVariant = Impossible<u8, Other>;
    type SerializeMap = Impossible<u8, Other>;
    type SerializeStruct = Impossible<u8, Other>;
    type SerializeStructVariant = Impossible<u8, Other>;

    #[inline]
    fn serialize_u8(self, value: u8) -> Result<u8, Other> {
        Ok(value)
    }

    refused! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
        serialize_seq(Option<usize>) -> SerializeSeq;
        serialize_tuple(usize) -> SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
        serialize_map(Option<usize>) -> SerializeMap;
        serialize_struct(&'static str, usize) -> SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant;
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<u8, Other> {
        Err(Other)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<u8, Other> {
        Err(Other)
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<u8, Other> {
        Err(Other)
    }

    #[inline]
    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Result<u8, Other> {
        Err(Other)
    }
}
