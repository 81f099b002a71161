//! Bytes that serde knows only for numbers, as those of a `Vec<u8>`.

use super::{Encoder, Unwritable};
use serde::ser::{Error, Impossible, Serialize, Serializer};
use std::fmt;

/// How many bytes are gathered before they are written.
const PIECE: usize = 256;

/// Whether what is gone through may be bytes, each by itself or behind a reference: of any type no more than the
/// sizes are known.
pub(super) const fn may_be_bytes<I: IntoIterator>() -> bool {
    let element = size_of::<I::Item>();
    (element == 1 || element == size_of::<&u8>())
        && size_of::<I::IntoIter>() <= size_of::<std::slice::Iter<'_, u8>>()
}

impl Encoder<'_, '_> {
    /// Writes so many bytes, the first of which has been taken out.
    pub(super) fn bytes_of<T: Serialize>(
        &mut self,
        len: usize,
        first: u8,
        mut rest: impl Iterator<Item = T>,
    ) -> Result<(), Unwritable> {
        self.enter()?;
        self.bytes_len(len)?;
        self.sink.append(&[first]);
        let mut left = len.saturating_sub(1);
        while left > 0 {
            let mut piece = [0; PIECE];
            let piece = &mut piece[..left.min(PIECE)];
            for place in &mut *piece {
                *place = rest.next().and_then(|byte| of(&byte)).ok_or_else(mixed)?;
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
fn mixed() -> Unwritable {
    Unwritable::custom("it begins with a byte and goes on otherwise")
}

/// The byte that a value is, if serde takes it for one.
#[inline]
pub(super) fn of(value: &impl Serialize) -> Option<u8> {
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
