use super::*;
use crate::wire::codec;
use crate::wire::samples::{Borrowing, Choice, Flat, Wrapped, everything, number, whatever};
use crate::wire::sink::{Spill, Written};
use proptest::prelude::*;
use rmp_serde::config::BytesMode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fmt::Debug;

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum Loose {
    Byte(u8),
    Number(i64),
    Text(String),
    Many(Vec<Loose>),
    Nothing,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct FlatChoice {
    first: u8,
    #[serde(flatten)]
    choice: Choice,
}

/// As `rmp-serde` writes it.
fn expected(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let serializer = rmp_serde::Serializer::new(&mut bytes);
    let mut serializer = serializer.with_bytes(BytesMode::ForceIterables);
    value.serialize(&mut serializer).unwrap();
    bytes
}

#[track_caller]
fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    let bytes = codec::encode(&value).unwrap();
    assert_eq!(codec::decode::<T>(&bytes).unwrap(), value);
}

#[test]
fn an_option_is_as_full_as_it_was() {
    type Nested = Option<Option<Option<u8>>>;
    for value in [None, Some(None), Some(Some(None)), Some(Some(Some(0)))] {
        survives::<Nested>(value);
        survives::<(Nested, u8)>((value, 7));
    }
    survives((Some(()), None::<()>, vec![Some(Some(())), Some(None), None]));

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    #[serde(untagged)]
    enum Untagged {
        Maybe(Option<Option<u8>>),
        Text(String),
    }
    survives(vec![
        Untagged::Maybe(Some(None)),
        Untagged::Maybe(Some(Some(1))),
        Untagged::Maybe(None),
        Untagged::Text("text".to_owned()),
    ]);
}

#[test]
fn a_field_may_be_left_out_behind_all_others_and_not_before_one() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Person {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        nick: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        mail: Option<String>,
    }
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    enum Kind {
        Of {
            #[serde(skip_serializing_if = "Option::is_none", default)]
            first: Option<u8>,
            second: u8,
        },
    }
    let text = || Some("text".to_owned());
    for (nick, mail) in [(text(), text()), (text(), None), (None, None)] {
        survives((Person { nick, mail }, 1));
    }
    let refused = |value: &dyn Fn() -> Result<Vec<u8>, EncodeError>| value().unwrap_err().reason;
    let (nick, mail) = (None, text());
    let person = [Person { nick, mail }];
    assert!(refused(&|| codec::encode(&person)).contains("its field `nick` is left out"));
    let (first, second) = (None, 2);
    let kind = Kind::Of { first, second };
    assert!(refused(&|| codec::encode(&kind)).contains("its field `first` is left out"));
}

/// As `docs/attributes.md` has it.
#[test]
fn enums_survive_in_all_forms_but_those_that_are_read_by_names_alone() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Point {
        x: u8,
        y: u8,
    }
    macro_rules! form {
        ($name:ident, $(#[$form:meta])? { $($other:tt)* }) => {
            #[derive(Serialize, Deserialize, PartialEq, Debug)]
            $(#[$form])?
            enum $name {
                Held(Point),
                Named { x: u8, z: String },
                $($other)*
            }
        };
    }
    form!(Plain, { Empty, Pair(u8, u8) });
    form!(
        Tagged,
        #[serde(tag = "t")]
        {
            Empty
        }
    );
    form!(Adjacent, #[serde(tag = "t", content = "c")] { Empty, Pair(u8, u8) });
    form!(
        Untagged,
        #[serde(untagged)]
        {
            Pair(u8, u8, u8)
        }
    );
    let (point, z) = (|| Point { x: 1, y: 2 }, || "z".to_owned());
    let plain = [
        Plain::Held(point()),
        Plain::Empty,
        Plain::Pair(1, 2),
        Plain::Named { x: 1, z: z() },
    ];
    survives(Vec::from(plain));
    let tagged = [
        Tagged::Held(point()),
        Tagged::Empty,
        Tagged::Named { x: 1, z: z() },
    ];
    survives(Vec::from(tagged));
    let adjacent = [Adjacent::Held(point()), Adjacent::Pair(1, 2)];
    survives(Vec::from(adjacent));
    survives(vec![Untagged::Held(point()), Untagged::Pair(1, 2, 3)]);

    for unreadable in [Adjacent::Named { x: 1, z: z() }, Adjacent::Empty] {
        let bytes = codec::encode(&unreadable).unwrap();
        assert!(codec::decode::<Adjacent>(&bytes).is_err());
    }
    let untagged = codec::encode(&Untagged::Named { x: 1, z: z() }).unwrap();
    assert!(codec::decode::<Untagged>(&untagged).is_err());
}

#[test]
fn what_is_named_by_the_error_is_the_whole() {
    let error = codec::encode(&nested::<Listed>(600)).unwrap_err();
    assert!(error.type_name.ends_with("Listed"));
    assert_eq!(error.reason, "it is nested deeper than 512");
}

/// Something that may be around another of its kind.
trait Nesting {
    fn innermost() -> Self;
    fn around(self) -> Self;
}

macro_rules! nesting {
    ($($name:ident: $innermost:expr, $inner:ident => $around:expr, $definition:item)*) => {$(
        #[derive(Serialize, Deserialize)]
        $definition
        impl Nesting for $name {
            fn innermost() -> $name {
                $innermost
            }
            fn around(self) -> $name {
                let $inner = self;
                $around
            }
        }
    )*};
}

nesting! {
    Listed: Listed(vec![]), inner => Listed(vec![inner]), struct Listed(Vec<Listed>);
    Held: Held { inner: None }, inner => Held { inner: Some(Box::new(inner)) },
        struct Held { inner: Option<Box<Held>> }
    Chosen: Chosen::None, inner => Chosen::One(Box::new(inner)),
        enum Chosen { None, One(Box<Chosen>) }
    Paired: Paired::None, inner => Paired::Two(1, Box::new(inner)),
        enum Paired { None, Two(u8, Box<Paired>) }
    Named: Named::None, inner => Named::Some { inner: Box::new(inner) },
        enum Named { None, Some { inner: Box<Named> } }
    Ended: Ended::Bytes(vec![1]), inner => Ended::Inner(Box::new(inner)),
        enum Ended { Bytes(Vec<u8>), Inner(Box<Ended>) }
}

fn nested<T: Nesting>(times: usize) -> T {
    (0..times).fold(T::innermost(), |inner, _| inner.around())
}

#[test]
fn what_is_written_is_not_too_deep_to_be_read() {
    fn check<T: Nesting + Serialize + DeserializeOwned>() {
        let mut refused = 0;
        for times in (160..180).chain(240..270).chain(500..520) {
            let value = nested::<T>(times);
            let written = codec::encode(&value).ok();
            let readable = codec::decode::<T>(&expected(&value)).is_ok();
            assert_eq!(written.is_some(), readable, "{times}");
            refused += usize::from(!readable);
        }
        assert!(refused > 0);
    }
    check::<Listed>();
    check::<Held>();
    check::<Chosen>();
    check::<Paired>();
    check::<Named>();
    check::<Ended>();
}

#[test]
fn a_sequence_may_begin_with_a_byte_and_go_on_with_something_else() {
    let text = || Loose::Text("text".to_owned());
    survives(vec![Loose::Byte(1), Loose::Byte(200), text()]);
    survives(vec![
        Loose::Byte(1),
        Loose::Many(vec![Loose::Byte(200), Loose::Number(-1)]),
    ]);
    survives(vec![Loose::Byte(1), Loose::Nothing]);
    survives(vec![Loose::Byte(1), Loose::Byte(200)]);
    let choice = Choice::Two(7, 'ß');
    survives(FlatChoice { first: 1, choice });
}

#[test]
fn a_sequence_of_bytes_is_one_also_for_what_takes_whatever_comes() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    #[serde(tag = "kind")]
    enum Tagged {
        Bytes { some: Vec<u8> },
    }
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    #[serde(untagged)]
    enum TextOrBytes {
        Text(String),
        Bytes(Box<[u8]>),
    }
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Beside {
        first: u8,
        #[serde(flatten)]
        bytes: Option<Bytes>,
    }
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Bytes {
        some: Vec<u8>,
    }
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    #[serde(untagged)]
    enum Explicit<'a> {
        Numbers(Vec<u16>),
        #[serde(borrow, with = "crate::wire::bytes")]
        Bytes(&'a [u8]),
    }
    for some in [1, 2, 3, 4, 8, 16, 17, 255, 256, 65535, 65536].map(|len| vec![b'x'; len]) {
        survives((some.clone(), some.iter().copied().collect::<VecDeque<u8>>()));
        survives(Tagged::Bytes { some: some.clone() });
        survives(TextOrBytes::Bytes(some[..].into()));
        survives(vec![Some(TextOrBytes::Bytes(some[..].into()))]);
        let bytes = codec::encode(&some[..]).unwrap();
        assert_eq!(codec::read::<&[u8]>(&bytes).unwrap(), some);
        let bytes = codec::encode(&Explicit::Bytes(&some)).unwrap();
        assert_eq!(
            codec::read::<Explicit<'_>>(&bytes).unwrap(),
            Explicit::Bytes(&some)
        );
        survives(Beside {
            first: 1,
            bytes: Some(Bytes { some }),
        });
    }
}

/// Elements of which it is not known how many there are.
#[derive(Clone, Debug)]
struct Uncounted(Vec<u16>);

impl Serialize for Uncounted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().filter(|_| true))
    }
}

proptest! {
    /// Each byte is what `rmp-serde` writes.
    #[test]
    fn what_is_written_is_what_stands_for_it(
        text in prop_oneof!["[a-z]{0,300}", (65_530usize..65_540).prop_map(|len| "x".repeat(len)), any::<String>()],
        bytes in prop_oneof![
            9 => prop::collection::vec(any::<u8>(), 0..700), 1 => Just(vec![7; 70_000]),
        ],
        (n, float, truth) in (number(), any::<f64>(), any::<bool>()),
        whatever in whatever(), deep in any::<bool>(),
        many in prop::collection::vec(any::<(i64, char)>(), 0..40),
    ) {
        let numbers = (
            n as u8, n as i8, n as u16, n as i16, n as u32, n as i32, n, n as i64, float as f32, float, truth,
        );
        let below = [-1, -32, -33, -128, -129, -32_768, -32_769, i64::from(i32::MIN), i64::MIN];
        let tree = deep.then(|| everything(None));
        let array = [n as u8; 5];
        let wrapped: Vec<Wrapped> = many.iter().map(|(number, _)| Wrapped(*number)).collect();
        let plain = bytes.iter().copied().map(u16::from).collect();
        let sent = Borrowing { text: &text, bytes: &bytes, numbers, plain, whatever, tree };
        let all = (sent, below, array, many, wrapped, n as u128);
        prop_assert!(codec::encode(&all).unwrap() == expected(&all));
    }

    #[test]
    fn it_is_the_same_wherever_it_is_written(
        uncounted in prop::collection::vec(any::<u16>(), 0..100),
        (room, second) in (0usize..400, 0usize..400),
        text in "[a-z]{0,100}", rest in any::<std::collections::BTreeMap<String, u8>>(),
    ) {
        let flat = Flat { first: 1, rest };
        let value = (Some(None::<u8>), Uncounted(uncounted.clone()), text, flat, Some(Some(Some(()))));
        let whole = codec::encode(&value).unwrap();
        type Read = (Option<Option<u8>>, Vec<u16>, String, Flat, Option<Option<Option<()>>>);
        let read = codec::decode::<Read>(&whole).unwrap();
        prop_assert_eq!((read.0, read.1, read.2, read.3, read.4), (value.0, uncounted, value.2.clone(), Flat {
            first: 1, rest: value.3.rest.clone(),
        }, value.4));

        let (mut first, mut memory, mut buffer) = (vec![0; room], vec![0; second], vec![1; 7]);
        let write = |spill: Spill<'_>, room: &mut [u8]| {
            let mut sink = Sink::new(room, spill, 0, usize::MAX);
            codec::encode_into(&value, &mut sink).unwrap();
            sink.finish()
        };
        match write(Spill::Growing(&mut buffer), &mut first) {
            Written::InRoom(len) => prop_assert_eq!(&first[..len], &whole[..]),
            _ => prop_assert_eq!(&buffer, &whole),
        }
        match write(Spill::Fixed(&mut memory), &mut first) {
            Written::InRoom(len) => prop_assert_eq!(&first[..len], &whole[..]),
            Written::Spilled(len) => prop_assert_eq!(&memory[..len], &whole[..]),
            Written::Lost(len) => prop_assert_eq!(len, whole.len()),
        }
        prop_assert_eq!(write(Spill::Nowhere, &mut first).len(), whole.len());
    }
}
