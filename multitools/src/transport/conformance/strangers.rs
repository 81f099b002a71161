//! Only sockets can be reached by strangers.

use super::*;
use interprocess::local_socket::{ConnectOptions, GenericNamespaced, Stream, prelude::*};

fn connect(identity: &Identity) -> Stream {
    let name = format!("multitools-{:016x}-{}.0", identity.run, identity.id.slot());
    let name = name.to_ns_name::<GenericNamespaced>().unwrap();
    ConnectOptions::new().name(name).connect_sync().unwrap()
}

fn greeting(sockets: &Sockets, sender: u32) -> Vec<u8> {
    let greeting = Greeting {
        token: sockets.0.token,
        sender: id(sender),
    };
    greeting.to_bytes().to_vec()
}

/// Sends bytes as a stranger and waits until the connection is closed on it.
fn is_turned_away(sockets: &Sockets, bytes: &[u8]) -> String {
    let (here, there) = (Recorder::new(usize::MAX), Recorder::new(usize::MAX));
    let _receiver = sockets.open(2, Arc::clone(&there));
    let sender = sockets.open(1, Arc::clone(&here));
    let link = sender.connect(id(2)).unwrap();
    send(&*link, &here, &frame(1, 1, None, b"before"));
    let mut stranger = connect(&sockets.identity(2));
    stranger.write_all(bytes).unwrap();
    let refused = there.wait("the refusal", |seen| seen.refused.pop());
    let mut rest = Vec::new();
    // Closing with unread bytes may show as a reset.
    let _ = stranger.read_to_end(&mut rest);
    assert!(rest.is_empty());
    send(&*link, &here, &frame(1, 2, None, b"after"));
    there.wait("the other messages", |seen| {
        (seen.messages.len() == 2).then_some(())
    });
    assert_eq!(there.seen.lock().unwrap().messages.len(), 2);
    refused
}

#[test]
fn without_the_token_of_the_run_are_refused() {
    let sockets = Sockets::default();
    let mut bytes = greeting(&sockets, 1);
    bytes[10] ^= 1;
    bytes.extend(frame(1, 9, None, b"forged"));
    assert!(is_turned_away(&sockets, &bytes).contains("greeting"));
}

#[test]
fn noise_is_refused() {
    let sockets = Sockets::default();
    assert!(is_turned_away(&sockets, &[0xff; 4096]).contains("greeting"));
    let sockets = Sockets::default();
    let mut bytes = greeting(&sockets, 1);
    bytes.extend([0xff; 4096]);
    assert!(is_turned_away(&sockets, &bytes).contains("kind 255"));
}

#[test]
fn messages_in_another_agents_name_are_refused() {
    let sockets = Sockets::default();
    let mut bytes = greeting(&sockets, 1);
    bytes.extend(frame(5, 9, None, b"forged"));
    is_turned_away(&sockets, &bytes);
}

#[test]
fn messages_over_the_limit_are_refused_before_they_are_read() {
    let sockets = Sockets::default();
    let mut bytes = greeting(&sockets, 1);
    let large = frame(1, 9, None, &vec![0; LIMIT + 1]);
    bytes.extend(&large[..64]);
    assert!(is_turned_away(&sockets, &bytes).contains("limit"));
}

#[test]
fn r6_a_torn_message_is_never_seen() {
    let sockets = Sockets::default();
    let there = Recorder::new(usize::MAX);
    let receiver = sockets.open(2, Arc::clone(&there));
    let mut bytes = greeting(&sockets, 1);
    bytes.extend(frame(1, 1, None, b"whole"));
    bytes.extend(&frame(1, 2, None, b"torn")[..26]);
    let mut dying = connect(&sockets.identity(2));
    dying.write_all(&bytes).unwrap();
    drop(dying);
    let recorder = Arc::clone(&there);
    there.wait("the whole message", |seen| {
        (!seen.messages.is_empty()).then_some(())
    });
    receiver.drain(Box::new(move || {
        recorder.change(|seen| seen.drained = true)
    }));
    there.wait("the drain", |seen| seen.drained.then_some(()));
    let seen = there.seen.lock().unwrap();
    assert_eq!(seen.messages.len(), 1);
    assert!(seen.refused.is_empty());
}

#[test]
fn those_who_never_greet_do_not_pile_up() {
    let sockets = Sockets::default();
    let there = Recorder::new(usize::MAX);
    let _receiver = sockets.open(2, Arc::clone(&there));
    let idle: Vec<Stream> = (0..1030).map(|_| connect(&sockets.identity(2))).collect();
    there.wait("a refusal", |seen| seen.refused.pop());
    drop(idle);
}
