//! What travels and how it is read: prefixes, families, chains of both, and bytes.

use super::{AnyMessage, EmptyMessage, Message, PrintMessage, StringMessage};
use crate::agent::{Accepts, Behaviour, Context, Flow, HandleError};
use crate::catalog::{self, strip_crate};
use crate::error::DecodeError;
use crate::id::AgentId;
use crate::wire::body::Body;
use crate::wire::frame::Envelope;
use crate::wire::sink::Sink;
use crate::{agent, message, process};
use std::borrow::Cow;

/// Sends a message to this very process.
fn travel<M: Message>(message: &M) -> AnyMessage {
    catalog::messages().unwrap();
    let mut body = Vec::new();
    message.encode(&mut Sink::appending_to(&mut body)).unwrap();
    let envelope = Envelope::new(message.leaf().id().unwrap(), AgentId::new(1, 0), 0);
    AnyMessage::received(envelope, Body::from(body)).unwrap()
}

#[message(extends = StringMessage)]
#[derive(PartialEq)]
struct Numbered {
    base: StringMessage,
    number: u32,
}
#[message(extends = Numbered)]
#[derive(PartialEq)]
struct Renamed(Numbered);
#[message(extends = Renamed)]
#[derive(PartialEq)]
struct Deep {
    base: Renamed,
    rest: Vec<String>,
}

fn deep() -> Deep {
    Deep {
        base: Renamed(Numbered {
            base: StringMessage::new("text"),
            number: 7,
        }),
        rest: vec!["x".repeat(40); 20],
    }
}

#[test]
fn a_supertype_is_read_from_the_beginning_of_its_subtype() {
    let received = travel(&deep());
    assert_eq!(received.decode::<Deep>().unwrap(), deep());
    assert_eq!(received.decode::<Renamed>().unwrap(), deep().base);
    assert_eq!(received.decode::<Numbered>().unwrap(), deep().base.0);
    assert_eq!(received.decode::<StringMessage>().unwrap().text, "text");
    assert_eq!(received.decode::<AnyMessage>().unwrap().name(), Deep::NAME);
    assert!(received.is::<Numbered>() && !received.is::<PrintMessage>());
    assert_eq!(format!("{received:?}"), format!("{:?}", deep()));
}

#[test]
fn a_message_of_another_type_is_refused() {
    let received = travel(&StringMessage::new("text"));
    assert_eq!(
        received.decode::<Numbered>().unwrap_err(),
        DecodeError::OtherType {
            expected: Numbered::NAME,
            found: "multitools.StringMessage",
        }
    );
}

#[test]
fn a_base_of_many_fields_is_skipped_whatever_its_array_header() {
    #[message]
    #[derive(PartialEq, Clone)]
    struct Wide(
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
        u8,
    );
    #[message(extends = Wide)]
    #[derive(PartialEq)]
    #[rustfmt::skip]
    struct Wider(Wide, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8);
    let wide = Wide(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 200);
    #[rustfmt::skip]
    let wider = Wider(wide.clone(), 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 200, 1);
    assert_eq!(travel(&wider).decode::<Wide>().unwrap(), wide);
}

#[message(reply = u64)]
#[derive(PartialEq)]
enum Telemetry {
    Reading(Reading),
    Alarm(Alarm),
    Silence(Silence),
    Low(u32),
    High(u32),
    Text(StringMessage),
    Off { reason: String },
}
#[message(extends = Telemetry)]
#[derive(PartialEq)]
struct Reading {
    value: f64,
}
#[message(extends = Telemetry)]
#[derive(PartialEq)]
enum Alarm {
    Fire(Fire),
    Test,
}
#[message(extends = Alarm)]
#[derive(PartialEq)]
struct Fire {
    room: u8,
}
#[message(extends = Fire)]
#[derive(PartialEq)]
struct BigFire {
    base: Fire,
    rooms: Vec<u8>,
}
#[message(extends = Telemetry)]
#[derive(PartialEq)]
struct Silence;

#[test]
fn a_variant_and_what_it_holds_are_the_same_message() {
    let alone = travel(&Reading { value: 0.5 });
    let wrapped = travel(&Telemetry::Reading(Reading { value: 0.5 }));
    assert_eq!(
        (alone.name(), alone.body()),
        (wrapped.name(), wrapped.body())
    );
    assert_eq!(alone.name(), Reading::NAME);
    for received in [alone, wrapped] {
        assert_eq!(received.decode::<Reading>().unwrap().value, 0.5);
        let telemetry = received.decode::<Telemetry>().unwrap();
        assert_eq!(telemetry, Telemetry::Reading(Reading { value: 0.5 }));
    }
    let silence = travel(&Telemetry::Silence(Silence));
    assert_eq!(silence.name(), Silence::NAME);
    assert_eq!(
        silence.decode::<Telemetry>().unwrap(),
        Telemetry::Silence(Silence)
    );
}

#[test]
fn variants_that_are_no_subtypes_are_values_of_the_enum() {
    for value in [
        Telemetry::Low(1),
        Telemetry::High(2),
        Telemetry::Text(StringMessage::new("no subtype of Telemetry")),
        Telemetry::Off {
            reason: "quiet".into(),
        },
    ] {
        let received = travel(&value);
        assert_eq!(received.name(), Telemetry::NAME);
        assert_eq!(received.decode::<Telemetry>().unwrap(), value);
        assert!(received.decode::<StringMessage>().is_err());
    }
}

#[test]
fn families_in_families_are_wrapped_step_by_step() {
    let big = || BigFire {
        base: Fire { room: 3 },
        rooms: vec![4, 5],
    };
    let received = travel(&big());
    assert_eq!(received.decode::<BigFire>().unwrap(), big());
    assert_eq!(received.decode::<Fire>().unwrap().room, 3);
    assert_eq!(
        received.decode::<Alarm>().unwrap(),
        Alarm::Fire(Fire { room: 3 })
    );
    assert_eq!(
        received.decode::<Telemetry>().unwrap(),
        Telemetry::Alarm(Alarm::Fire(Fire { room: 3 }))
    );
    let twice = travel(&Telemetry::Alarm(Alarm::Fire(Fire { room: 3 })));
    assert_eq!(twice.name(), Fire::NAME);
    let value = travel(&Telemetry::Alarm(Alarm::Test));
    assert_eq!(value.name(), Alarm::NAME);
    assert_eq!(
        value.decode::<Telemetry>().unwrap(),
        Telemetry::Alarm(Alarm::Test)
    );
}

#[message]
#[derive(PartialEq)]
struct Chunk<'a> {
    name: &'a str,
    data: &'a [u8],
    maybe: Option<&'a [u8]>,
    cow: Cow<'a, [u8]>,
}
#[message(extends = Chunk<'a>)]
#[derive(PartialEq)]
struct Last<'a> {
    base: Chunk<'a>,
    owned: Vec<u8>,
    boxed: Box<[u8]>,
    absent: Option<Vec<u8>>,
    nested: (Vec<u8>, Vec<Vec<u8>>, [u8; 2]),
}

fn last(bytes: &[u8]) -> Last<'_> {
    Last {
        base: Chunk {
            name: "chunk",
            data: bytes,
            maybe: Some(bytes),
            cow: bytes.into(),
        },
        owned: bytes.into(),
        boxed: bytes.into(),
        absent: None,
        nested: (bytes.into(), vec![bytes.into(), vec![]], [200, 1]),
    }
}

#[test]
fn bytes_are_borrowed_from_the_message() {
    for bytes in [&[0, 127, 128, 255][..], &[], &[9; 70_000]] {
        let received = travel(&last(bytes));
        assert_eq!(received.decode::<Last<'_>>().unwrap(), last(bytes));
        let chunk = received.decode::<Chunk<'_>>().unwrap();
        assert_eq!(chunk, last(bytes).base);
        let frame = received.body().as_ptr_range();
        assert!(frame.contains(&chunk.data.as_ptr()) && frame.contains(&chunk.name.as_ptr()));
        assert!(matches!(chunk.cow, Cow::Borrowed(_)));
    }
}

#[test]
fn bytes_take_one_byte_each() {
    #[message]
    struct Bytes(Vec<u8>, Option<Box<[u8]>>);
    let sent = Bytes(vec![255; 1000], Some(vec![255; 1000].into()));
    assert!(travel(&sent).size() < 2010);
}

#[test]
fn what_is_cut_short_is_malformed() {
    let whole = travel(&deep());
    for length in 0..whole.size() {
        let body = Body::from(whole.body()[..length].to_vec());
        let cut = AnyMessage::received(*whole.envelope(), body).unwrap();
        let error = cut.decode::<Deep>().unwrap_err();
        assert!(matches!(error, DecodeError::Malformed { .. }), "{error}");
        assert!(!format!("{cut:?}").is_empty());
    }
}

#[test]
fn names_are_stable_or_paths() {
    assert_eq!(EmptyMessage::NAME, "multitools.EmptyMessage");
    assert_eq!(Reading::NAME, "multitools::message::tests::Reading");
    assert_eq!(strip_crate(Reading::NAME), "message::tests::Reading");
}

/// The context of a process without a supervisor.
fn context() -> Context {
    Context::detached()
}

#[agent(resident, listen_to(Telemetry))]
#[derive(Default)]
struct Witness {
    seen: Vec<String>,
}
#[agent]
impl Witness {
    #[handle]
    fn on_any(&mut self, m: &AnyMessage) {
        self.seen.push(format!("any {}", m.size()));
    }
    #[handle]
    fn on_telemetry(&mut self, m: &Telemetry, _: &mut Context) -> u64 {
        self.seen.push(format!("{m:?}"));
        0
    }
    #[handle]
    fn on_fire(&mut self, m: &Fire) -> Result<u64, String> {
        Err(format!("room {} burns", m.room))
    }
    #[handle]
    fn on_chunk(&mut self, m: &Chunk<'_>) -> Flow {
        self.seen.push(m.name.to_owned());
        Flow::Stop
    }
}

#[test]
fn the_nearest_handler_takes_a_message() {
    let mut witness = Witness::default();
    let mut ctx = context();
    let mut serve = |message| Witness::dispatch().call(&mut witness, &message, &mut ctx);
    assert!(matches!(serve(travel(&EmptyMessage)), Ok(Flow::Continue)));
    assert!(matches!(serve(travel(&Silence)), Ok(Flow::Continue)));
    assert!(matches!(serve(travel(&last(&[1]))), Ok(Flow::Stop)));
    let big = BigFire {
        base: Fire { room: 3 },
        rooms: vec![],
    };
    // A failure of a request is answered, and the agent fails only when nobody asked.
    let error = serve(travel(&big)).unwrap_err();
    assert!(matches!(*error, HandleError::Failed(f) if *f.0 == *"room 3 burns"));
    assert_eq!(witness.seen, ["any 1", "Silence(Silence)", "chunk"]);
}

#[test]
fn the_compiler_knows_what_an_agent_accepts() {
    #[agent(resident)]
    struct Picky;
    #[agent]
    impl Picky {
        #[handle]
        fn on_text(&mut self, _: &StringMessage) {}
        #[handle]
        fn on_number(&mut self, _: &Numbered) {}
        #[handle]
        fn on_chunk(&mut self, _: &Chunk<'_>) {}
    }
    fn accepts<A: Accepts<M, I>, M, I>(_: &M) {}
    accepts::<Picky, _, _>(&StringMessage::new(""));
    accepts::<Picky, _, _>(&deep());
    accepts::<Picky, _, _>(&last(&[]));
    // A handler of all messages leaves the others their own rows, but decides for all.
    accepts::<Witness, _, _>(&deep());
    accepts::<Witness, _, _>(&Silence);
}

#[process(name = "moves")]
fn moves(ctx: &mut Context, mut bytes: Vec<u8>, more: Option<Vec<u8>>) -> Result<usize, String> {
    let _ = ctx;
    bytes.extend(more.ok_or("nothing more")?);
    Ok(bytes.len())
}

#[test]
fn processes_run_from_their_encoded_arguments() {
    use crate::agent::Agent;
    use crate::wire::codec;
    let run = |process: moves| {
        let arguments = codec::encode(&process).unwrap();
        let (ended, _) = (moves::entry().run)(&arguments, context(), Box::new(|_| ()));
        ended.unwrap()
    };
    let output = run(moves::with(vec![1, 2], Some(vec![]))).unwrap();
    assert_eq!(codec::decode::<usize>(&output).unwrap(), 2);
    let failure = run(moves::with(vec![], None)).unwrap_err();
    assert_eq!(&*failure.0, "nothing more");
    assert_eq!(moves::NAME, Some("moves"));
    assert_eq!(moves::entry().path, "multitools::message::tests::moves");
    assert!(moves::entry().manual && Witness::entry().default.is_some());
}
