//! What arrays, maps and variants are made of.

use super::Decoder;
use super::items::{Item, Unreadable};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// What is left of an array or a map.
pub(super) struct Elements<'a, 'de> {
    decoder: &'a mut Decoder<'de>,
    left: usize,
}

impl<'a, 'de> Elements<'a, 'de> {
    #[inline]
    pub(super) fn new(decoder: &'a mut Decoder<'de>, len: usize) -> Elements<'a, 'de> {
        Elements { decoder, left: len }
    }

    /// How many may follow at most: whoever reads makes room for them beforehand, and each takes a byte.
    fn can_follow(&self) -> usize {
        self.left.min(self.decoder.items.len())
    }

    /// Gives what was read of it, if that was all.
    #[inline]
    pub(super) fn end<T>(&self, value: T) -> Result<T, Unreadable> {
        match self.left {
            0 => Ok(value),
            left => Err(too_many(left)),
        }
    }
}

#[cold]
#[inline(never)]
fn too_many(left: usize) -> Unreadable {
    Unreadable::custom(format_args!("it has {left} elements too many"))
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Unreadable;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unreadable> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(&mut *self.decoder).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.can_follow())
    }
}

impl<'de> MapAccess<'de> for Elements<'_, 'de> {
    type Error = Unreadable;

    #[inline]
    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unreadable> {
        self.next_element_seed(seed)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, Unreadable> {
        seed.deserialize(&mut *self.decoder)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.can_follow())
    }
}

/// A variant of an enum.
pub(super) struct Variant<'a, 'de> {
    decoder: &'a mut Decoder<'de>,
    /// Whether anything follows its name.
    content: bool,
}

impl<'a, 'de> Variant<'a, 'de> {
    #[inline]
    pub(super) fn new(decoder: &'a mut Decoder<'de>, content: bool) -> Variant<'a, 'de> {
        Variant { decoder, content }
    }

    /// Goes on to the content.
    #[inline]
    fn content(self, expected: &'static str) -> Result<&'a mut Decoder<'de>, Unreadable> {
        if self.content {
            Ok(self.decoder)
        } else {
            Err(bare(expected))
        }
    }
}

#[cold]
#[inline(never)]
fn bare(expected: &'static str) -> Unreadable {
    Unreadable::invalid_type(Unexpected::UnitVariant, &expected)
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Unreadable;
    type Variant = Self;

    #[inline]
    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self), Unreadable> {
        let name = seed.deserialize(Name(&mut *self.decoder))?;
        Ok((name, self))
    }
}

/// The name of a variant: other than a key beside flattened fields it is always text, so that an enum is compiled
/// with no more.
struct Name<'a, 'de>(&'a mut Decoder<'de>);

impl<'de> Deserializer<'de> for Name<'_, 'de> {
    type Error = Unreadable;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.0.text(visitor)
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Unreadable;

    #[inline]
    fn unit_variant(self) -> Result<(), Unreadable> {
        if !self.content {
            return Ok(());
        }
        match self.decoder.items.next()? {
            Item::Nil => Ok(()),
            other => Err(other.refused(&"unit variant")),
        }
    }

    #[inline]
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<S::Value, Unreadable> {
        seed.deserialize(self.content("newtype variant")?)
    }

    #[inline]
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.content("tuple variant")?.fields(visitor)
    }

    #[inline]
    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.content("struct variant")?.fields(visitor)
    }
}
