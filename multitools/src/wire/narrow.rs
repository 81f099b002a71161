//! A deserializer around that of `rmp-serde` which asks of each visitor only what the encoding can hold.
//!
//! `rmp-serde` reads whatever comes and then looks for the method of the visitor that takes it, so each
//! type is compiled with all of them: for a struct, also with that for maps, which none is encoded as.
//! That is most of what decoding adds to a program.

use super::depth::Level;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use std::fmt;

/// Whatever it is put around: a deserializer, an access, a seed.
pub(super) struct Narrow<T>(pub(super) T);

/// A visitor that takes a sequence.
struct Elements<V>(V);
/// A visitor that takes a map.
struct Entries<V>(V);
/// A visitor that takes an enum.
struct Variants<V>(V);
/// A visitor that takes something or nothing.
struct Perhaps<V>(V);
/// A visitor that takes a value within a newtype.
struct Inner<V>(V);
/// A visitor that takes the name of a variant.
struct Name<V>(V);

macro_rules! forward {
    ($($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Narrow<D> {
    type Error = D::Error;

    forward! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32
        deserialize_i64 deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32
        deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
        deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_unit
        deserialize_ignored_any
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_identifier(Name(visitor))
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(Perhaps(visitor))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit_struct(name, visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, Inner(visitor))
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_seq(Elements(visitor))
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(len, Elements(visitor))
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0
            .deserialize_tuple_struct(name, len, Elements(visitor))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Entries(visitor))
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, Elements(visitor))
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, Variants(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Narrow<S> {
    type Value = S::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Narrow(deserializer))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Narrow<A> {
    type Error = A::Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Narrow(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Narrow<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(Narrow(seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Narrow(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Narrow<A> {
    type Error = A::Error;
    type Variant = Narrow<A::Variant>;

    #[inline]
    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, variant) = self.0.variant_seed(Narrow(seed))?;
        Ok((value, Narrow(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Narrow<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    #[inline]
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        let _level = Level::enter()?;
        self.0.newtype_variant_seed(Narrow(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(len, Elements(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, Elements(visitor))
    }
}

/// The error for what a visitor does not take: compiled once instead of for each of them.
#[cold]
#[inline(never)]
fn refuse<E: Error>(unexpected: Unexpected<'_>, expected: &dyn Expected) -> E {
    E::invalid_type(unexpected, expected)
}

/// A method of a visitor that refuses what it is given.
macro_rules! refusal {
    (map) => {
        fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<V::Value, A::Error> {
            Err(refuse(Unexpected::Map, &self))
        }
    };
    (newtype_struct) => {
        fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<V::Value, D::Error> {
            Err(refuse(Unexpected::NewtypeStruct, &self))
        }
    };
    (seq) => {
        fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<V::Value, A::Error> {
            Err(refuse(Unexpected::Seq, &self))
        }
    };
    (str) => {
        fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
            Err(refuse(Unexpected::Str(text), &self))
        }
    };
    (unit) => {
        fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
            Err(refuse(Unexpected::Unit, &self))
        }
    };
    (scalars) => {
        fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
            Err(refuse(Unexpected::Bool(value), &self))
        }
        fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
            Err(refuse(Unexpected::Signed(value), &self))
        }
        fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
            Err(refuse(Unexpected::Unsigned(value), &self))
        }
        fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
            Err(refuse(Unexpected::Float(value), &self))
        }
        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<V::Value, E> {
            Err(refuse(Unexpected::Bytes(bytes), &self))
        }
    };
}

/// A visitor that takes what the methods say, and refuses the rest.
macro_rules! visitor {
    ($name:ident refuses [$($other:ident)*], takes $($method:item)*) => {
        impl<'de, V: Visitor<'de>> Visitor<'de> for $name<V> {
            type Value = V::Value;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.expecting(formatter)
            }

            $($method)*
            refusal!(scalars);
            $(refusal!($other);)*
        }
    };
}

visitor!(Elements refuses [map newtype_struct str unit], takes
    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Narrow(access))
    }
);
visitor!(Entries refuses [newtype_struct seq str unit], takes
    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Narrow(access))
    }
);
visitor!(Variants refuses [map newtype_struct seq str unit], takes
    #[inline]
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Narrow(access))
    }
);
visitor!(Inner refuses [map seq str unit], takes
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let _level = Level::enter()?;
        self.0.visit_newtype_struct(Narrow(inner))
    }
);
visitor!(Name refuses [map newtype_struct seq unit], takes
    #[inline]
    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        self.0.visit_str(name)
    }
);
visitor!(Perhaps refuses [map newtype_struct seq str], takes
    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }
    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }
    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let _level = Level::enter()?;
        self.0.visit_some(Narrow(inner))
    }
);

/// Reads a `T`.
///
/// # Errors
/// What the deserializer returns.
pub(super) fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::deserialize(Narrow(deserializer))
}

#[cfg(test)]
#[path = "narrow_tests.rs"]
mod tests;
