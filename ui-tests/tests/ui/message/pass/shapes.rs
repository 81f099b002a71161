//! Structs and enums of all shapes, lifetimes, and what they dereference to.
use multitools::{AnyMessage, Is, Message, PrintMessage, Request, StringMessage, message};
use std::borrow::Cow;

#[message]
struct Unit;
#[message]
struct Tuple(u8, String);
#[message]
struct Empty {}
#[message]
enum Never {}
#[message]
enum Plain {
    A,
    B(u32, u32),
    C { x: u8 },
}

#[message(extends = StringMessage)]
struct Named {
    base: StringMessage,
    seq: u32,
}
#[message(extends = Named)]
struct Newtype(Named);
#[message(extends = multitools::PrintMessage)]
struct Spelled {
    base: PrintMessage,
}

#[message]
struct Chunk<'a> {
    offset: u64,
    data: &'a [u8],
    text: Cow<'a, str>,
}
#[message(extends = Chunk<'a>)]
struct Last<'a, 'b> {
    base: Chunk<'a>,
    name: &'b str,
}

#[message]
enum Telemetry {
    Reading(Reading),
    Off(Off),
    Both(u32),
    Again(u32),
}
#[message(extends = Telemetry)]
struct Reading {
    value: f64,
}
#[message(extends = Telemetry)]
struct Off;

#[message(reply = Vec<u8>)]
struct Bytes;
#[message(reply = Result<u64, String>)]
enum Fallible {
    Never,
}
#[message(reply = ())]
struct Ask(String);
#[message(extends = Ask)]
struct Sub(Ask);
#[message(extends = Ask, reply = ())]
struct Same(Ask);
#[message(extends = StringMessage, reply = u8)]
struct Late(StringMessage);

fn is<M: Is<T>, T>(_: &M) {}
fn asks<M: Request<Answer = A>, A>(_: &M) {}

fn main() {
    let mut named = Named { base: StringMessage::new("text"), seq: 1 };
    named.text.push('!');
    let newtype = Newtype(named);
    assert_eq!((newtype.text.as_str(), newtype.seq), ("text!", 1));
    is::<_, StringMessage>(&newtype);
    is::<_, AnyMessage>(&newtype);
    is::<_, PrintMessage>(&Spelled { base: PrintMessage::new("x") });
    let last = Last { base: Chunk { offset: 0, data: &[], text: "".into() }, name: "n" };
    is::<_, Chunk<'static>>(&last);
    assert_eq!((last.data, last.offset, last.name), (&[][..], 0, "n"));
    is::<_, Telemetry>(&Reading { value: 0.5 });
    is::<_, Telemetry>(&Off);
    asks::<_, Vec<u8>>(&Bytes);
    asks::<_, Result<u64, String>>(&Fallible::Never);
    asks::<_, ()>(&Sub(Ask(String::new())));
    asks::<_, ()>(&Same(Ask(String::new())));
    asks::<_, u8>(&Late(StringMessage::new("")));
    assert_eq!(Unit::NAME, concat!(module_path!(), "::Unit"));
    println!("{:?} {:?} {:?}", Tuple(1, String::new()), Empty {}, (Telemetry::Both(1), Telemetry::Again(1)));
    println!("{:?}", [Plain::A, Plain::B(1, 2), Plain::C { x: 1 }]);
    let _: Option<Never> = None;
}
