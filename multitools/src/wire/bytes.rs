//! Byte buffers in fields: always the bytes encoding, copied as one block, borrowed where the type
//! borrows.
//!
//! Through serde alone a buffer is a sequence of numbers. `wire::codec` recognises most of
//! those, but not an empty one, which could then not be borrowed; and it goes byte by byte. The macros
//! put `#[serde(with = ..)]` with this module on the fields it is for.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A field that is a buffer.
pub trait Buffer {
    /// Its bytes, if it holds any.
    fn bytes(&self) -> Option<&[u8]>;
}
impl Buffer for Vec<u8> {
    fn bytes(&self) -> Option<&[u8]> {
        Some(self)
    }
}
impl Buffer for Box<[u8]> {
    fn bytes(&self) -> Option<&[u8]> {
        Some(self)
    }
}
impl Buffer for &[u8] {
    fn bytes(&self) -> Option<&[u8]> {
        Some(self)
    }
}
impl Buffer for Cow<'_, [u8]> {
    fn bytes(&self) -> Option<&[u8]> {
        Some(self)
    }
}
impl<T: Buffer> Buffer for Option<T> {
    fn bytes(&self) -> Option<&[u8]> {
        self.as_ref()?.bytes()
    }
}

/// A buffer that can be made from what was received.
pub trait Received<'de>: Sized {
    /// Whether the buffer may be absent.
    const ABSENT: Option<Self> = None;
    /// Takes bytes that live as long as the message.
    fn borrowed(bytes: &'de [u8]) -> Self;
    /// Takes bytes of its own; `None` when it can only borrow.
    fn owned(bytes: Vec<u8>) -> Option<Self>;
}
impl<'de> Received<'de> for Vec<u8> {
    fn borrowed(bytes: &'de [u8]) -> Self {
        bytes.to_vec()
    }
    fn owned(bytes: Vec<u8>) -> Option<Self> {
        Some(bytes)
    }
}
impl<'de> Received<'de> for Box<[u8]> {
    fn borrowed(bytes: &'de [u8]) -> Self {
        bytes.into()
    }
    fn owned(bytes: Vec<u8>) -> Option<Self> {
        Some(bytes.into())
    }
}
impl<'de> Received<'de> for &'de [u8] {
    fn borrowed(bytes: &'de [u8]) -> Self {
        bytes
    }
    fn owned(_: Vec<u8>) -> Option<Self> {
        None
    }
}
impl<'de, T: Received<'de>> Received<'de> for Option<T> {
    const ABSENT: Option<Self> = Some(None);
    fn borrowed(bytes: &'de [u8]) -> Self {
        Some(T::borrowed(bytes))
    }
    fn owned(bytes: Vec<u8>) -> Option<Self> {
        T::owned(bytes).map(Some)
    }
}

/// For `#[serde(serialize_with)]`.
///
/// # Errors
/// What the serializer returns.
pub fn serialize<T: Buffer, S: Serializer>(buffer: &T, serializer: S) -> Result<S::Ok, S::Error> {
    match buffer.bytes() {
        Some(bytes) => serializer.serialize_bytes(bytes),
        None => serializer.serialize_none(),
    }
}

/// For `#[serde(deserialize_with)]`.
///
/// # Errors
/// When there are no bytes.
pub fn deserialize<'de, T: Received<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    // Formats of the user's own may need the hint that they are asked for bytes, so `deserialize_any`,
    // which would take an absent buffer as well, is only for those that can be absent.
    match T::ABSENT {
        Some(_) => deserializer.deserialize_option(Bytes(PhantomData)),
        None => deserializer.deserialize_bytes(Bytes(PhantomData)),
    }
}

struct Bytes<T>(PhantomData<T>);

impl<'de, T: Received<'de>> Visitor<'de> for Bytes<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("bytes")
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<T, E> {
        Ok(T::borrowed(bytes))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<T, E> {
        self.visit_byte_buf(bytes.to_vec())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<T, E> {
        T::owned(bytes).ok_or_else(|| E::custom("these bytes cannot be borrowed"))
    }

    /// For encodings that have no bytes of their own, such as JSON.
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<T, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = sequence.next_element()? {
            bytes.push(byte);
        }
        self.visit_byte_buf(bytes)
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        T::ABSENT.ok_or_else(|| E::custom("the bytes are missing"))
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

#[cfg(test)]
mod tests {
    use crate::wire::codec;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Buffers<'a> {
        #[serde(with = "super")]
        owned: Vec<u8>,
        #[serde(with = "super")]
        boxed: Box<[u8]>,
        #[serde(with = "super")]
        borrowed: &'a [u8],
        #[serde(with = "super")]
        maybe: Option<Vec<u8>>,
        #[serde(with = "super")]
        missing: Option<&'a [u8]>,
        #[serde(borrow, serialize_with = "super::serialize")]
        cow: std::borrow::Cow<'a, [u8]>,
    }

    #[test]
    fn buffers_survive_whether_full_or_empty() {
        for bytes in [&[][..], &[1, 200, 255]] {
            let sent = Buffers {
                owned: bytes.into(),
                boxed: bytes.into(),
                borrowed: bytes,
                maybe: Some(bytes.into()),
                missing: None,
                cow: bytes.into(),
            };
            let encoded = codec::encode(&sent).unwrap();
            let received: Buffers<'_> = rmp_serde::from_slice(&encoded).unwrap();
            assert_eq!(received, sent);
            assert!(encoded.as_ptr_range().contains(&received.borrowed.as_ptr()));
            assert!(matches!(received.cow, std::borrow::Cow::Borrowed(_)));
        }
    }

    #[test]
    fn plain_buffers_decode_from_the_bytes_encoding() {
        let sent = (
            vec![1u8, 2],
            Vec::<u8>::new(),
            [7u8; 3],
            Some(vec![9u8]),
            vec![vec![1u8]],
        );
        let encoded = codec::encode(&sent).unwrap();
        assert_eq!(
            codec::decode::<(Vec<u8>, Vec<u8>, [u8; 3], Option<Vec<u8>>, Vec<Vec<u8>>)>(&encoded)
                .unwrap(),
            sent
        );
    }

    #[test]
    fn what_is_not_bytes_is_refused() {
        #[derive(Deserialize, Debug)]
        struct Only {
            #[serde(with = "super")]
            #[allow(dead_code)]
            owned: Vec<u8>,
        }
        let encoded = codec::encode(&("text",)).unwrap();
        assert!(codec::decode::<Only>(&encoded).is_err());
        let encoded = codec::encode(&(Option::<u8>::None,)).unwrap();
        assert!(codec::decode::<Only>(&encoded).is_err());
    }
}
