//! Values of all kinds, for tests.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub(super) enum Choice {
    Nothing,
    One(Wrapped),
    Two(u8, char),
    Named {
        text: String,
        inner: Option<Box<Everything>>,
    },
}

#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Wrapped(pub(super) i64);

#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub(super) struct Unit;

#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub(super) struct Everything {
    pub(super) choices: Vec<Choice>,
    pub(super) map: BTreeMap<String, (Wrapped, f32)>,
    pub(super) maybe: [Option<Unit>; 2],
    pub(super) wide: i128,
    pub(super) result: Result<bool, String>,
    #[serde(with = "crate::wire::bytes")]
    pub(super) bytes: Vec<u8>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub(super) struct Flat {
    pub(super) first: u8,
    #[serde(flatten)]
    pub(super) rest: BTreeMap<String, u8>,
}

pub(super) fn everything(inner: Option<Box<Everything>>) -> Everything {
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

/// Takes whatever comes.
#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
#[serde(untagged)]
pub(super) enum Whatever {
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
pub(super) struct Borrowing<'a> {
    pub(super) text: &'a str,
    #[serde(with = "crate::wire::bytes")]
    pub(super) bytes: &'a [u8],
    pub(super) numbers: (u8, i8, u16, i16, u32, i32, u64, i64, f32, f64, bool),
    // Not of `u8`, which others would not read.
    pub(super) plain: Vec<u16>,
    pub(super) whatever: Whatever,
    pub(super) tree: Option<Everything>,
}

pub(super) fn whatever() -> impl Strategy<Value = Whatever> {
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
pub(super) fn number() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0u32..64).prop_map(|(bits, shift)| bits >> shift)
}
