//! From MessagePack to values, as `serde` asks for them.
//!
//! What is expected is known at each step, so each type is compiled with no more of its visitor than the
//! encoding can hold. The decoder of `rmp-serde` reads whatever comes and then looks for the method that
//! takes it, so it is compiled into each type whole.

mod items;
mod parts;
#[cfg(test)]
mod tests;

use super::encoder::DEEPEST;
use crate::sys::text;
pub use items::Unreadable;
use items::{Item, Items};
use parts::{Elements, Variant};
use serde::de::{Deserializer, Error, Visitor};

/// Reads one value from the front of bytes.
pub(super) struct Decoder<'de> {
    items: Items<'de>,
    /// How many more levels there may be.
    levels: u32,
}

impl<'de> Decoder<'de> {
    pub(super) fn new(bytes: &'de [u8]) -> Decoder<'de> {
        Decoder {
            items: Items::new(bytes),
            levels: DEEPEST,
        }
    }

    /// Reads what stands one level further in.
    #[inline]
    fn within<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<T, Unreadable> {
        self.levels = self.levels.checked_sub(1).ok_or_else(too_deep)?;
        let read = read(self)?;
        self.levels += 1;
        Ok(read)
    }

    /// Reads the elements of an array.
    #[inline]
    fn elements<V: Visitor<'de>>(
        &mut self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.within(|decoder| {
            let mut elements = Elements::new(decoder, len);
            let value = visitor.visit_seq(&mut elements)?;
            elements.end(value)
        })
    }

    /// Reads the keys and values of a map.
    fn entries<V: Visitor<'de>>(&mut self, len: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.within(|decoder| {
            let mut entries = Elements::new(decoder, len);
            let value = visitor.visit_map(&mut entries)?;
            entries.end(value)
        })
    }

    #[inline]
    fn unsigned<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unreadable> {
        let value = self.items.unsigned(&visitor)?;
        visitor.visit_u64(value)
    }

    #[inline]
    fn signed<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unreadable> {
        let value = self.items.signed(&visitor)?;
        visitor.visit_i64(value)
    }

    #[inline]
    fn float<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.items.next()? {
            Item::Single(value) => visitor.visit_f32(value),
            Item::Double(value) => visitor.visit_f64(value),
            Item::Unsigned(value) => visitor.visit_u64(value),
            Item::Signed(value) => visitor.visit_i64(value),
            other => Err(other.refused(&visitor)),
        }
    }

    #[inline]
    fn text<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unreadable> {
        let text = self.items.text(&visitor)?;
        visitor.visit_borrowed_str(text)
    }

    #[inline]
    fn bytes<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.items.next()? {
            Item::Bytes(bytes) | Item::Numbers(bytes) => visitor.visit_borrowed_bytes(bytes),
            // An empty sequence does not say what it would be one of.
            Item::Array(0) => visitor.visit_borrowed_bytes(&[]),
            other => Err(other.refused(&visitor)),
        }
    }

    /// Reads each byte as a number.
    fn numbers<V: Visitor<'de>>(
        &self,
        bytes: &'de [u8],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let (items, levels) = (Items::numbers(bytes), self.levels);
        Decoder { items, levels }.elements(bytes.len(), visitor)
    }

    /// Reads a sequence, also one that was written as bytes.
    #[inline]
    fn sequence<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.items.next()? {
            Item::Array(len) => self.elements(len, visitor),
            Item::Bytes(bytes) | Item::Numbers(bytes) => self.numbers(bytes, visitor),
            other => Err(other.refused(&visitor)),
        }
    }

    #[inline]
    fn fields<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unreadable> {
        let len = self.items.array_len(&visitor)?;
        self.elements(len, visitor)
    }
}

#[cold]
#[inline(never)]
fn too_deep() -> Unreadable {
    Unreadable::custom(format_args!("it is nested deeper than {DEEPEST}"))
}

macro_rules! methods {
    ($($($method:ident)* => $read:ident;)*) => {$($(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            self.$read(visitor)
        }
    )*)*};
}

impl<'de> Deserializer<'de> for &mut Decoder<'de> {
    type Error = Unreadable;

    methods! {
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 => unsigned;
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 => signed;
        deserialize_f32 deserialize_f64 => float;
        deserialize_str deserialize_string deserialize_char => text;
        deserialize_bytes deserialize_byte_buf => bytes;
        deserialize_seq => sequence;
    }

    /// For types that take whatever comes.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.items.take_full() {
            return self.within(|decoder| visitor.visit_some(decoder));
        }
        let item = self.items.next()?;
        match item {
            Item::Nil => visitor.visit_unit(),
            Item::Bool(value) => visitor.visit_bool(value),
            Item::Unsigned(value) => visitor.visit_u64(value),
            Item::Signed(value) => visitor.visit_i64(value),
            Item::Single(value) => visitor.visit_f32(value),
            Item::Double(value) => visitor.visit_f64(value),
            Item::Text(bytes) => match text::from_bytes(bytes) {
                Some(text) => visitor.visit_borrowed_str(text),
                None => Err(item.refused(&visitor)),
            },
            Item::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Item::Numbers(bytes) => self.numbers(bytes, visitor),
            Item::Array(len) => self.elements(len, visitor),
            Item::Map(len) => self.entries(len, visitor),
        }
    }

    /// For the key of a struct with a flattened map, which may be one of the map.
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_any(visitor)
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.items.next()? {
            Item::Bool(value) => visitor.visit_bool(value),
            other => Err(other.refused(&visitor)),
        }
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let bytes = self.items.wide(&visitor)?;
        visitor.visit_i128(i128::from_be_bytes(bytes))
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let bytes = self.items.wide(&visitor)?;
        visitor.visit_u128(u128::from_be_bytes(bytes))
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if !self.items.take_full()
            && let Item::Nil = self.items.peek()?
        {
            self.items.next()?;
            return visitor.visit_none();
        }
        self.within(|decoder| visitor.visit_some(decoder))
    }

    #[inline]
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.items.next()? {
            Item::Nil => visitor.visit_unit(),
            other => Err(other.refused(&visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.items.next()? {
            Item::Nil | Item::Array(0) => visitor.visit_unit(),
            other => Err(other.refused(&visitor)),
        }
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.within(|decoder| visitor.visit_newtype_struct(decoder))
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.sequence(visitor)
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.fields(visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.fields(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.items.next()? {
            Item::Map(len) => self.entries(len, visitor),
            other => Err(other.refused(&visitor)),
        }
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        // A variant with content is a map of one entry from its name, one without is its name.
        let content = match self.items.peek()? {
            Item::Map(1) => {
                self.items.next()?;
                true
            }
            Item::Text(_) => false,
            other => return Err(other.refused(&visitor)),
        };
        self.within(|decoder| visitor.visit_enum(Variant::new(decoder, content)))
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
