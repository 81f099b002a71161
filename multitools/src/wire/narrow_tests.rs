use crate::wire::codec;
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
