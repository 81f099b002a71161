//! What has several parts.

use super::{Encoder, Unwritable};
use serde::Serialize;
use serde::ser::{
    Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

/// The fields of a struct, a tuple or a variant.
pub struct Fields<'e, 'a, 's> {
    encoder: &'e mut Encoder<'a, 's>,
    /// How many levels end with it.
    levels: u32,
    /// The field that has been left out.
    gap: Option<&'static str>,
}

impl<'e, 'a, 's> Fields<'e, 'a, 's> {
    #[inline]
    pub(super) fn new(encoder: &'e mut Encoder<'a, 's>) -> Fields<'e, 'a, 's> {
        Fields {
            encoder,
            levels: 1,
            gap: None,
        }
    }

    /// The same, and with it ends the variant that they belong to.
    pub(super) fn of_variant(self) -> Fields<'e, 'a, 's> {
        Fields { levels: 2, ..self }
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        match self.gap {
            None => value.serialize(&mut *self.encoder),
            Some(name) => Err(left_out(name)),
        }
    }

    #[inline]
    fn finish(self) -> Result<(), Unwritable> {
        self.encoder.levels += self.levels;
        Ok(())
    }
}

#[cold]
#[inline(never)]
fn left_out(name: &str) -> Unwritable {
    Unwritable::custom(format_args!(
        "its field `{name}` is left out (`skip_serializing_if`): values are encoded as arrays, where the fields \
         after it would be read in its place"
    ))
}

/// The elements of a sequence, or the keys and values of a map.
pub struct Sequence<'e, 'a, 's> {
    encoder: &'e mut Encoder<'a, 's>,
    /// Where the length is to be noted, if it was not known.
    len_at: Option<usize>,
    count: usize,
}

impl<'e, 'a, 's> Sequence<'e, 'a, 's> {
    pub(super) fn of_elements(
        encoder: &'e mut Encoder<'a, 's>,
        len: Option<usize>,
    ) -> Result<Sequence<'e, 'a, 's>, Unwritable> {
        let len_at = match len {
            Some(len) => encoder.array_len(len).map(|()| None)?,
            None => Some(encoder.array_of_unknown_len()),
        };
        Sequence::begin(encoder, len_at)
    }

    pub(super) fn of_entries(
        encoder: &'e mut Encoder<'a, 's>,
        len: Option<usize>,
    ) -> Result<Sequence<'e, 'a, 's>, Unwritable> {
        let len_at = match len {
            Some(len) => encoder.map_len(len).map(|()| None)?,
            None => Some(encoder.map_of_unknown_len()),
        };
        Sequence::begin(encoder, len_at)
    }

    fn begin(
        encoder: &'e mut Encoder<'a, 's>,
        len_at: Option<usize>,
    ) -> Result<Sequence<'e, 'a, 's>, Unwritable> {
        encoder.enter()?;
        Ok(Sequence {
            encoder,
            len_at,
            count: 0,
        })
    }

    pub(super) fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.count += 1;
        value.serialize(&mut *self.encoder)
    }

    pub(super) fn finish(self) -> Result<(), Unwritable> {
        self.encoder.leave();
        match self.len_at {
            Some(at) => self.encoder.note_len(at, self.count),
            None => Ok(()),
        }
    }
}

impl SerializeSeq for Sequence<'_, '_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.element(value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.finish()
    }
}

impl SerializeMap for Sequence<'_, '_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.element(key)
    }

    /// Only keys are counted.
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        value.serialize(&mut *self.encoder)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.finish()
    }
}

macro_rules! unnamed {
    ($($kind:ident $method:ident)*) => {$(
        impl $kind for Fields<'_, '_, '_> {
            type Ok = ();
            type Error = Unwritable;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
                self.field(value)
            }

            #[inline]
            fn end(self) -> Result<(), Unwritable> {
                self.finish()
            }
        }
    )*};
}

macro_rules! named {
    ($($kind:ident)*) => {$(
        impl $kind for Fields<'_, '_, '_> {
            type Ok = ();
            type Error = Unwritable;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                _: &'static str,
                value: &T,
            ) -> Result<(), Unwritable> {
                self.field(value)
            }

            /// Does no harm to the fields before it, which are all there is if none follows.
            #[inline]
            fn skip_field(&mut self, name: &'static str) -> Result<(), Unwritable> {
                self.gap = Some(name);
                Ok(())
            }

            #[inline]
            fn end(self) -> Result<(), Unwritable> {
                self.finish()
            }
        }
    )*};
}

unnamed! {
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}
named! { SerializeStruct SerializeStructVariant }
