//! Only sockets can be reached by strangers.

use super::*;
use crate::wire::frame::Greeting;
use interprocess::local_socket::{ConnectOptions, GenericNamespaced, Stream, prelude::*};
use std::io::Read;
use std::io::Write;

fn connect(sockets: &Sockets, slot: u32) -> Stream {
    let name = format!("multitools-{:016x}-{slot}.0", sockets.identity.run);
    let name = name.to_ns_name::<GenericNamespaced>().unwrap();
    ConnectOptions::new().name(name).connect_sync().unwrap()
}

fn greeting(sockets: &Sockets, sender: u32) -> Vec<u8> {
    let greeting = Greeting {
        token: sockets.identity.token,
        sender: id(sender),
    };
    greeting.to_bytes().to_vec()
}

fn frame(sender: u32, number: u32, body: &[u8]) -> Vec<u8> {
    let envelope = Envelope::new(number, id(sender), 0);
    let head = Head::message(envelope, None)
        .with_length(body.len())
        .unwrap();
    let mut frame = vec![0; head.size()];
    head.write(&mut frame);
    frame.extend(body);
    frame
}

fn refusal(sockets: &Sockets) -> String {
    let reasons = sockets.turned.reasons.lock().unwrap();
    let none = |reasons: &mut Vec<String>| reasons.is_empty();
    let changed = &sockets.turned.changed;
    let (mut reasons, _) = changed.wait_timeout_while(reasons, PATIENCE, none).unwrap();
    reasons.pop().expect("nobody was turned away")
}

/// Sends bytes as a stranger and waits until the connection is closed on it.
fn is_turned_away(sockets: &Sockets, bytes: &[u8]) -> String {
    let (mut sender, mut receiver) = (sockets.agent(1), sockets.agent(2));
    sender.send(id(2), 1, &body_of(1, 10)).unwrap();
    let mut stranger = connect(sockets, 2);
    stranger.write_all(bytes).unwrap();
    let refused = refusal(sockets);
    let mut rest = Vec::new();
    // Closing with unread bytes may show as a reset.
    let _ = stranger.read_to_end(&mut rest);
    assert!(rest.is_empty());
    sender.send(id(2), 2, &body_of(2, 10)).unwrap();
    receiver.receive_all([1, 2]);
    assert!(receiver.poll().is_none());
    refused
}

#[test]
fn without_the_token_of_the_run_are_refused() {
    let sockets = Sockets::new(LIMITS);
    let mut bytes = greeting(&sockets, 1);
    bytes[10] ^= 1;
    bytes.extend(frame(1, 9, b"forged"));
    assert!(is_turned_away(&sockets, &bytes).contains("greeting"));
}

#[test]
fn noise_is_refused() {
    let sockets = Sockets::new(LIMITS);
    assert!(is_turned_away(&sockets, &[0xff; 4096]).contains("greeting"));
    let sockets = Sockets::new(LIMITS);
    let mut bytes = greeting(&sockets, 1);
    bytes.extend([0xff; 4096]);
    assert!(is_turned_away(&sockets, &bytes).contains("kind 255"));
}

#[test]
fn messages_in_another_agents_name_are_refused() {
    let sockets = Sockets::new(LIMITS);
    let mut bytes = greeting(&sockets, 1);
    bytes.extend(frame(5, 9, b"forged"));
    is_turned_away(&sockets, &bytes);
}

#[test]
fn messages_over_the_limit_are_refused_before_they_are_read() {
    let sockets = Sockets::new(LIMITS);
    let mut bytes = greeting(&sockets, 1);
    let large = frame(1, 9, &vec![0; LIMITS.message + 1]);
    bytes.extend(&large[..64]);
    assert!(is_turned_away(&sockets, &bytes).contains("limit"));
}

#[test]
fn r6_a_torn_message_is_never_seen() {
    let sockets = Sockets::new(LIMITS);
    let mut receiver = sockets.agent(2);
    let mut bytes = greeting(&sockets, 1);
    bytes.extend(frame(1, 1, &body_of(1, 5)));
    bytes.extend(&frame(1, 2, b"torn")[..26]);
    let mut dying = connect(&sockets, 2);
    dying.write_all(&bytes).unwrap();
    drop(dying);
    receiver.receive_all([1]);
    receiver.transport.drain();
    assert!(matches!(receiver.arrival(), Arrival::Drained));
    assert!(sockets.turned.reasons.lock().unwrap().is_empty());
}

#[test]
fn those_who_never_greet_do_not_pile_up() {
    let sockets = Sockets::new(LIMITS);
    let _receiver = sockets.agent(2);
    let idle: Vec<Stream> = (0..1030).map(|_| connect(&sockets, 2)).collect();
    refusal(&sockets);
    drop(idle);
}

/// Waits until a connection is closed on whoever has it.
fn await_end(mut stranger: &Stream) {
    let mut rest = Vec::new();
    let _ = stranger.read_to_end(&mut rest);
    assert!(rest.is_empty());
}

#[test]
fn half_a_greeting_and_then_silence_keeps_nothing() {
    let sockets = Sockets::new(LIMITS);
    let (mut sender, mut receiver) = (sockets.agent(1), sockets.agent(2));
    let silent = connect(&sockets, 2);
    (&silent).write_all(&greeting(&sockets, 1)[..20]).unwrap();
    let mute = connect(&sockets, 2);
    sender.send(id(2), 1, &body_of(1, 10)).unwrap();
    receiver.receive_all([1]);
    await_end(&silent);
    await_end(&mute);
    assert!(refusal(&sockets).contains("never sent its greeting"));
    sender.send(id(2), 2, &body_of(2, 10)).unwrap();
    receiver.receive_all([2]);
}

#[test]
fn an_agent_of_another_run_is_refused() {
    let sockets = Sockets::new(LIMITS);
    let mut receiver = sockets.agent(2);
    // It has found the name of this run, and proves with the secret of its own.
    let mut other = Sockets::new(LIMITS);
    other.identity.run = sockets.identity.run;
    other.identity.token = [43; 16];
    let mut intruder = other.agent(1);
    let _ = intruder.send(id(2), 9, &body_of(9, 10));
    assert!(refusal(&sockets).contains("greeting"));
    let mut sender = sockets.agent(3);
    sender.send(id(2), 1, &body_of(1, 10)).unwrap();
    receiver.receive_all([1]);
    assert!(receiver.poll().is_none());
}

#[test]
fn many_connections_disturb_nobody() {
    let sockets = Sockets::new(LIMITS);
    let (mut sender, mut receiver) = (sockets.agent(1), sockets.agent(2));
    let mut strangers = Vec::new();
    for round in 0..20 {
        for _ in 0..20 {
            let mut stranger = connect(&sockets, 2);
            let _ = stranger.write_all(&[round; 50]);
            strangers.push(stranger);
        }
        let round = u32::from(round);
        sender.send(id(2), round, &body_of(round, 100)).unwrap();
        receiver.receive_all([round]);
    }
    strangers.iter().for_each(await_end);
    assert!(receiver.poll().is_none());
}
