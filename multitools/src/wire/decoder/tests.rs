use crate::wire::codec;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum Choice {
    Nothing,
    One(Wrapped),
    Two(u8, char),
    Named {
        text: String,
        inner: Option<Box<Everything>>,
    },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Wrapped(i64);

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Unit;

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Everything {
    choices: Vec<Choice>,
    map: BTreeMap<String, (Wrapped, f32)>,
    maybe: [Option<Unit>; 2],
    wide: i128,
    result: Result<bool, String>,
    bytes: Vec<u8>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Flat {
    first: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, u8>,
}

fn everything(inner: Option<Box<Everything>>) -> Everything {
    let text = "ß".to_owned();
    Everything {
        choices: vec![
            Choice::Nothing,
            Choice::One(Wrapped(-70_000)),
            Choice::Two(7, 'ß'),
            Choice::Named { text, inner },
        ],
        map: [("key".to_owned(), (Wrapped(1), 0.5))].into(),
        maybe: [Some(Unit), None],
        wide: i128::MIN,
        result: Err("no".to_owned()),
        bytes: vec![0, 255],
    }
}

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

/// Takes whatever comes.
#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
#[serde(untagged)]
enum Whatever {
    Number(i64),
    Large(u64),
    Fraction(f64),
    Truth(bool),
    Text(String),
    Many(Vec<Whatever>),
    Named(BTreeMap<String, Whatever>),
    Nothing,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Borrowing<'a> {
    text: &'a str,
    #[serde(with = "crate::wire::bytes")]
    bytes: &'a [u8],
    numbers: (u8, i8, u16, i16, u32, i32, u64, i64, f32, f64, bool),
    plain: Vec<u8>,
    whatever: Whatever,
    tree: Option<Everything>,
}

fn whatever() -> impl Strategy<Value = Whatever> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Whatever::Number),
        (1 + i64::MAX as u64..).prop_map(Whatever::Large),
        any::<f64>().prop_map(Whatever::Fraction),
        any::<bool>().prop_map(Whatever::Truth),
        any::<String>().prop_map(Whatever::Text),
        Just(Whatever::Nothing),
    ];
    leaf.prop_recursive(3, 24, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..20).prop_map(Whatever::Many),
            prop::collection::btree_map(any::<String>(), inner, 0..20).prop_map(Whatever::Named),
        ]
    })
}

/// Numbers of all lengths.
fn number() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0u32..64).prop_map(|(bits, shift)| bits >> shift)
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
        let plain = bytes.clone();
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
            let expected = rmp_serde::from_slice::<Borrowing<'_>>(&encoded).unwrap();
            prop_assert_eq!(format!("{received:?}"), format!("{expected:?}"));
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
