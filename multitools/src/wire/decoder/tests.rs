use crate::wire::codec;
use crate::wire::samples::{
    Borrowing, Choice, Everything, Flat, Wrapped, everything, number, whatever,
};
use proptest::prelude::*;
use serde::de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt::{self, Debug};

#[test]
fn all_that_serde_knows_survives() {
    let sent = everything(Some(Box::new(everything(None))));
    let bytes = codec::encode(&sent).unwrap();
    assert_eq!(codec::decode::<Everything>(&bytes).unwrap(), sent);
    let (first, rest) = (1, [("second".to_owned(), 2)].into());
    let sent = Flat { first, rest };
    let bytes = codec::encode(&sent).unwrap();
    assert_eq!(codec::decode::<Flat>(&bytes).unwrap(), sent);
}

#[test]
fn a_flattened_map_has_keys_of_any_kind() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    #[serde(bound(deserialize = "K: Deserialize<'de> + Ord"))]
    struct Flat<K: Ord> {
        first: u8,
        #[serde(flatten)]
        rest: BTreeMap<K, u8>,
    }
    fn survives<K: Serialize + DeserializeOwned + Ord + Debug>(key: K) {
        let (first, rest) = (1, [(key, 2)].into());
        let sent = Flat { first, rest };
        let bytes = codec::encode(&sent).unwrap();
        assert_eq!(codec::decode::<Flat<K>>(&bytes).unwrap(), sent);
    }
    survives(300u16);
    survives(-7i64);
    survives(true);
    survives(Wrapped(7));
    survives("second".to_owned());
}

#[test]
fn what_is_something_else_is_refused_by_its_name() {
    let refused = |bytes: Vec<u8>| codec::decode::<Flat>(&bytes).unwrap_err().to_string();
    let text = refused(codec::encode("text").unwrap());
    assert!(
        text.contains("string \"text\", expected struct Flat"),
        "{text}"
    );
    let wrapped = |bytes: &[u8]| codec::decode::<Everything>(bytes).unwrap_err().to_string();
    let number = wrapped(&codec::encode(&7).unwrap());
    assert!(
        number.contains("integer `7`, expected struct Everything"),
        "{number}"
    );
    let short = wrapped(&codec::encode(&(Vec::<Choice>::new(),)).unwrap());
    assert!(short.contains("invalid length 1"), "{short}");
}

/// Tells how many elements it would make room for.
#[derive(Debug)]
struct Room;

impl<'de> Deserialize<'de> for Room {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Room, D::Error> {
        deserializer.deserialize_any(Room)
    }
}

impl<'de> Visitor<'de> for Room {
    type Value = Room;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("elements")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Room, A::Error> {
        Err(A::Error::custom(format!("{:?}", elements.size_hint())))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Room, A::Error> {
        Err(A::Error::custom(format!("{:?}", entries.size_hint())))
    }
}

#[test]
fn no_room_is_made_for_what_has_not_come() {
    const ARRAY: u8 = 0xdd;
    const MAP: u8 = 0xdf;
    for kind in [ARRAY, MAP] {
        let bytes = [kind, 0xff, 0xff, 0xff, 0xff, 1, 2, 3];
        let error = codec::decode::<Room>(&bytes).unwrap_err().to_string();
        assert!(error.ends_with(": Some(3)"), "{error}");
    }
}

proptest! {
    /// What is read is what `rmp-serde` reads, and nothing that it does not: of right bytes, of wrong ones,
    /// and of those that are cut off.
    #[test]
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
    fn what_is_read_is_what_stands_there(
        text in prop_oneof!["[a-z]{0,300}", any::<String>()],
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        (n, float, truth) in (number(), any::<f64>(), any::<bool>()),
        whatever in whatever(), deep in any::<bool>(),
        wrong in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        end in any::<prop::sample::Index>(),
    ) {
        let numbers = (
            n as u8, n as i8, n as u16, n as i16, n as u32, n as i32, n, n as i64, float as f32, float, truth,
        );
        let tree = deep.then(|| everything(None));
        let plain = bytes.iter().copied().map(u16::from).collect();
        let sent = Borrowing { text: &text, bytes: &bytes, numbers, plain, whatever, tree };
        let mut encoded = codec::encode(&sent).unwrap();
        let received = codec::read::<Borrowing<'_>>(&encoded).unwrap();
        prop_assert_eq!(format!("{received:?}"), format!("{sent:?}"));
        prop_assert!(codec::read::<Borrowing<'_>>(&encoded[..end.index(encoded.len())]).is_err());
        for (place, byte) in wrong {
            let place = place.index(encoded.len());
            encoded[place] = byte;
        }
        if let Ok(received) = codec::read::<Borrowing<'_>>(&encoded) {
            match rmp_serde::from_slice::<Borrowing<'_>>(&encoded) {
                Ok(expected) => prop_assert_eq!(format!("{received:?}"), format!("{expected:?}")),
                // It knows nothing of our extension.
                Err(error) => prop_assert!(error.to_string().contains("newtype struct"), "{error}"),
            }
        }
    }

    #[test]
    fn a_number_of_any_length_is_the_number(n in number(), after in prop::collection::vec(any::<u8>(), 0..9)) {
        let shorter = |n: u64| codec::encode(&n).unwrap();
        let all = [
            shorter(n),
            [&[0xcf][..], &n.to_be_bytes()].concat(),
        ];
        for mut bytes in all {
            bytes.extend(&after);
            prop_assert_eq!(codec::decode::<u64>(&bytes).unwrap(), n);
            prop_assert_eq!(codec::decode::<u8>(&bytes).ok(), u8::try_from(n).ok());
            prop_assert_eq!(codec::decode::<i64>(&bytes).ok(), i64::try_from(n).ok());
            prop_assert_eq!(codec::decode::<Option<u64>>(&bytes).unwrap(), Some(n));
        }
        let below = (!n >> 1) as i64;
        for below in [below, -below, i64::MIN] {
            let mut bytes = codec::encode(&below).unwrap();
            bytes.extend(&after);
            prop_assert_eq!(codec::decode::<i64>(&bytes).unwrap(), below);
            prop_assert_eq!(codec::decode::<u64>(&bytes).ok(), u64::try_from(below).ok());
        }
    }
}
