//! Each target on noise, and on what is nearly right.

use super::control::control;
use super::decoding::{Base, Borrowing, Deep, Derived, Family, Left, Tree, decoding};
use super::{frames, handshake};
use crate::id::AgentId;
use crate::message::{DownReason, Message};
use crate::protocol::{Handling, Linked, Outcome, ToAgent, ToSupervisor, UnhandledReason, encode};
use crate::router::{Change, Changes, Kind, Member};
use crate::transport::SentAccount;
use crate::wire::frame::{Answer, Envelope, reply};
use crate::wire::head::Head;
use crate::wire::sink::Sink;
use proptest::prelude::*;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

const SENDER: AgentId = AgentId::new(1, 0);

fn frame(sender: AgentId, request: bool, body: &[u8]) -> Vec<u8> {
    let envelope = Envelope::new(3, sender, 1);
    let request = request.then_some((5, Duration::from_secs(1)));
    let head = Head::message(envelope, request);
    let head = head.with_length(body.len()).unwrap();
    let mut frame = vec![0; head.size()];
    head.write(&mut frame);
    frame.extend(body);
    frame
}

fn right_frames() -> Vec<Vec<u8>> {
    let other = AgentId::new(9, 9);
    let some = [
        frame(SENDER, false, b"some bytes"),
        frame(SENDER, true, &[7; 1000]),
        frame(other, false, b""),
        frame(SENDER, false, &[0; 1001]),
        reply(5, &Answer::Value(&[1, 2])),
        reply(5, &Answer::Failed("why".to_owned())),
    ];
    let mut all = some.to_vec();
    all.push(some.concat());
    all
}

fn right_words() -> Vec<Vec<u8>> {
    let account = SentAccount {
        to: SENDER,
        total: u64::MAX,
        latest: vec![(1, u64::MAX), (2, 3)],
    };
    let sent = vec![account.clone(), account.clone()];
    let message = Handling {
        message_type: 1,
        sender: SENDER,
        site: 2,
    };
    let member = Member {
        id: SENDER,
        since: 0,
        kind: Arc::new(Kind {
            name: Some("Ann".to_owned()),
            agent: Base::ANCESTRY.key(),
            listens: vec![Base::ANCESTRY.key()],
        }),
    };
    let to_supervisor = [
        ToSupervisor::Ready,
        ToSupervisor::Missed {
            receiver: SENDER,
            latest: message,
            count: 3,
        },
        ToSupervisor::OtherBuild(crate::catalog::shapes().into_iter().take(3).collect()),
        ToSupervisor::Print("a line".to_owned()),
        ToSupervisor::Object {
            message_type: 2,
            site: 1,
            body: vec![0x92, 1, 0xa1, b'x'],
        },
        ToSupervisor::Unhandled {
            message,
            reason: UnhandledReason::Undecodable("no".to_owned()),
        },
        ToSupervisor::Know(SENDER),
        ToSupervisor::Link(Linked::ToSuccessor(SENDER)),
        ToSupervisor::Sent(account),
        ToSupervisor::Ended {
            outcome: Outcome::Done(vec![0xc0]),
            at: 1,
            sent,
        },
    ];
    let reason = DownReason::Failed {
        text: "no".to_owned(),
    };
    let away = Change::Away {
        id: SENDER,
        reason: reason.clone(),
        kept: true,
    };
    let changes = vec![
        Change::Joined(member.clone()),
        away,
        Change::Ended(SENDER, reason),
    ];
    let to_agent = [
        ToAgent::Go(vec![Change::Joined(member)].into()),
        ToAgent::Unknown(SENDER),
        ToAgent::Changed(changes.into()),
        ToAgent::Stop(Changes::default()),
        ToAgent::Unanswered { request: 7 },
    ];
    let word = |side: u8, bytes: Vec<u8>| [vec![side | 32], bytes].concat();
    let up = to_supervisor.iter().map(|it| word(0, encode(it).unwrap()));
    let down = to_agent.iter().map(|it| word(1, encode(it).unwrap()));
    up.chain(down).collect()
}

fn own<M: Message>(message: &M) -> Vec<u8> {
    crate::catalog::messages().unwrap();
    let kind = message.leaf().id().unwrap();
    let mut bytes = vec![u8::try_from(kind).unwrap()];
    message.encode(&mut Sink::appending_to(&mut bytes)).unwrap();
    bytes
}

fn right_messages() -> Vec<Vec<u8>> {
    let mut tree = Tree::Many(vec![Tree::Leaf(1), Tree::Leaf(2)]);
    for _ in 0..100 {
        tree = Tree::Boxed(Box::new(tree));
    }
    let base = || Base {
        number: 7,
        text: "seven".to_owned(),
    };
    let left = || Left {
        unit: (),
        array: [1, 2, 3],
    };
    vec![
        own(&base()),
        own(&Deep { tree }),
        own(&Family::Nothing),
        own(&Family::Named {
            wide: u128::MAX,
            letter: 'ß',
        }),
        own(&Family::Left(left())),
        own(&left()),
        own(&Borrowing {
            bytes: &[1, 2, 3],
            text: "text",
            either: Cow::Borrowed("either"),
            owned: vec![9; 40],
        }),
        own(&Derived {
            base: base(),
            list: vec![Some(-1), None],
            map: [("a".to_owned(), (1.5, true))].into(),
        }),
    ]
}

/// Bytes that are nearly right: some are others, and some are missing or come twice.
fn nearly(right: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 0..6);
    (prop::sample::select(right), edits).prop_map(|(mut bytes, edits)| {
        for (place, byte, what) in edits {
            let at = place.index(bytes.len() + 1);
            match what {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, byte),
                2 => bytes.extend_from_within(at..),
                _ => {
                    if let Some(there) = bytes.get_mut(at) {
                        *there = byte;
                    }
                }
            }
        }
        bytes
    })
}

fn noise() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..300)
}

/// Frames behind what the first bytes say: in which pieces, and which byte of the greeting is wrong.
fn after(first: &[u8]) -> Vec<Vec<u8>> {
    let frames = right_frames().into_iter();
    frames.map(|frame| [first, &frame].concat()).collect()
}

#[test]
fn what_is_right_is_read() {
    for message in right_messages() {
        decoding(&message);
        let (kind, body) = message.split_first().unwrap();
        let envelope = Envelope::new(u32::from(*kind), SENDER, 0);
        let body = crate::wire::body::Body::from(body.to_vec());
        let read = crate::AnyMessage::received(envelope, body).unwrap();
        assert!(!format!("{read:?}").contains("undecodable"), "{read:?}");
    }
    right_words().iter().for_each(|word| control(word));
    after(&[50]).iter().for_each(|bytes| frames(bytes));
    after(&[50, 199]).iter().for_each(|bytes| handshake(bytes));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn frames_that_are_noise(bytes in noise(), near in nearly(after(&[9]))) {
        frames(&bytes);
        frames(&near);
    }

    #[test]
    fn a_handshake_that_is_noise(
        bytes in noise(),
        wrong in 0..40_u8,
        near in nearly(after(&[50, 199])),
    ) {
        handshake(&bytes);
        handshake(&near);
        let mut forged = near;
        if let Some(byte) = forged.get_mut(1) {
            *byte = wrong;
        }
        handshake(&forged);
    }

    #[test]
    fn control_words_that_are_noise(bytes in noise(), near in nearly(right_words())) {
        control(&bytes);
        control(&near);
    }

    #[test]
    fn messages_that_are_noise(bytes in noise(), near in nearly(right_messages())) {
        decoding(&bytes);
        decoding(&near);
    }
}

/// A body that is nested without end would overflow the stack of whoever reads it.
#[test]
fn what_is_nested_too_deep_is_refused() {
    // A variant with a value is a map of its name.
    let leaf = own(&Deep {
        tree: Tree::Leaf(0),
    });
    let nested = |depth: usize| [&leaf[..2], &b"\x81\xa5Boxed".repeat(depth), &leaf[2..]].concat();
    let tree = Tree::Boxed(Box::new(Tree::Leaf(0)));
    assert_eq!(nested(1), own(&Deep { tree }));
    for (depth, is_read) in [(510, true), (511, false), (1_000_000, false)] {
        let bytes = nested(depth);
        decoding(&bytes);
        let read = crate::wire::codec::decode::<Deep>(&bytes[1..]);
        assert_eq!(read.is_ok(), is_read, "{depth}");
    }
    let endless = [&leaf[..2], b"\x81\xa7Perhaps\x01"].concat();
    decoding(&endless);
    assert!(crate::wire::codec::decode::<Deep>(&endless[1..]).is_err());
}

/// Has the fuzzer begin with what is right: `cargo test -p multitools --lib seeds -- --ignored`.
#[test]
#[ignore = "writes to fuzz/seeds"]
fn seeds() {
    for (target, all) in [
        ("frames", after(&[9])),
        ("handshake", after(&[50, 199])),
        ("control", right_words()),
        ("decoding", right_messages()),
    ] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
        let folder = folder.join(target);
        std::fs::create_dir_all(&folder).unwrap();
        for (number, seed) in all.iter().enumerate() {
            std::fs::write(folder.join(number.to_string()), seed).unwrap();
        }
    }
}
