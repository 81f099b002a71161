//! What every backend promises, run for each of them.

use super::memory::{Hub, Memory};
use super::{Appetite, Identity, Inbox, Link, LinkError, LocalSockets, Transport};
use crate::id::AgentId;
use crate::wire::frame::{self, Answer, Call, Envelope, Greeting};
use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

const LIMIT: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(20);

/// An inbox that keeps everything, and says that it is full past a number of messages.
struct Recorder {
    seen: Mutex<Seen>,
    changed: Condvar,
}

#[derive(Default)]
struct Seen {
    messages: Vec<(Envelope, Option<u64>, Vec<u8>)>,
    calls: Vec<Call>,
    answers: Vec<(u64, Answer)>,
    gone: Vec<AgentId>,
    refused: Vec<String>,
    rooms: usize,
    drained: bool,
    appetite: usize,
}

impl Recorder {
    fn new(appetite: usize) -> Arc<Recorder> {
        let seen = Seen {
            appetite,
            ..Seen::default()
        };
        Arc::new(Recorder {
            seen: Mutex::new(seen),
            changed: Condvar::new(),
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        let result = change(&mut self.seen.lock().unwrap());
        self.changed.notify_all();
        result
    }

    /// Waits for a condition and says what it found.
    fn wait<T>(&self, what: &str, mut find: impl FnMut(&mut Seen) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.seen.lock().unwrap();
        loop {
            if let Some(found) = find(&mut seen) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain for {what}");
            seen = self.changed.wait_timeout(seen, left).unwrap().0;
        }
    }
}

impl Inbox for Recorder {
    fn deliver(&self, envelope: Envelope, call: Option<Call>, body: Vec<u8>) -> Appetite {
        self.change(|seen| {
            let request = call.as_ref().map(|call| call.request);
            seen.messages.push((envelope, request, body));
            seen.calls.extend(call);
            if seen.messages.len() < seen.appetite {
                Appetite::Hungry
            } else {
                Appetite::Full
            }
        })
    }
    fn answered(&self, request: u64, answer: Answer) {
        self.change(|seen| seen.answers.push((request, answer)));
    }
    fn peer_gone(&self, peer: AgentId) {
        self.change(|seen| seen.gone.push(peer));
    }
    fn room(&self) {
        self.change(|seen| seen.rooms += 1);
    }
    fn refused(&self, reason: String) {
        self.change(|seen| seen.refused.push(reason));
    }
}

/// Something that makes transports which find each other.
trait Backend: Default {
    fn open(&self, slot: u32, inbox: Arc<Recorder>) -> Arc<dyn Transport>;
}

struct Sockets(Identity);

impl Default for Sockets {
    fn default() -> Self {
        let mut run = [0; 8];
        getrandom::fill(&mut run).unwrap();
        Sockets(Identity {
            run: u64::from_le_bytes(run),
            token: [42; 16],
            id: id(0),
            message_limit: LIMIT,
        })
    }
}

impl Sockets {
    fn identity(&self, slot: u32) -> Identity {
        Identity {
            id: id(slot),
            ..self.0.clone()
        }
    }
}

impl Backend for Sockets {
    fn open(&self, slot: u32, inbox: Arc<Recorder>) -> Arc<dyn Transport> {
        Arc::new(LocalSockets::open(&self.identity(slot), inbox).unwrap())
    }
}

impl Backend for Hub {
    fn open(&self, slot: u32, inbox: Arc<Recorder>) -> Arc<dyn Transport> {
        let identity = Sockets::default().identity(slot);
        Arc::new(Memory::open(self, &identity, inbox))
    }
}

fn id(slot: u32) -> AgentId {
    AgentId::new(slot, 0)
}

fn frame(sender: u32, number: u32, request: Option<u64>, body: &[u8]) -> Vec<u8> {
    let envelope = Envelope {
        message_type: number,
        sender: id(sender),
        site: 0,
    };
    let mut buffer = Vec::new();
    let budget = Duration::from_secs(1);
    frame::begin(&mut buffer, &envelope, request.map(|n| (n, budget)));
    buffer.extend_from_slice(body);
    frame::finish(&mut buffer).unwrap();
    buffer
}

/// Sends when there is room.
fn send(link: &dyn Link, sender: &Recorder, frame: &[u8]) {
    loop {
        let rooms = sender.seen.lock().unwrap().rooms;
        match link.try_send(frame) {
            Ok(()) => return,
            Err(LinkError::Full) => {
                sender.wait("room", |seen| (seen.rooms > rooms).then_some(()));
            }
            Err(LinkError::Closed) => panic!("the peer has gone"),
        }
    }
}

fn order_is_kept<B: Backend>() {
    let backend = B::default();
    let (here, there) = (Recorder::new(usize::MAX), Recorder::new(usize::MAX));
    let sender = backend.open(1, Arc::clone(&here));
    let _receiver = backend.open(2, Arc::clone(&there));
    let link = sender.connect(id(2)).unwrap();
    for number in 0..5_000 {
        let body = vec![number as u8; number as usize % 700];
        send(&*link, &here, &frame(1, number, None, &body));
    }
    let messages = there.wait("all messages", |seen| {
        (seen.messages.len() == 5_000).then(|| std::mem::take(&mut seen.messages))
    });
    for (number, (envelope, request, body)) in (0u32..).zip(messages) {
        assert_eq!((envelope.message_type, envelope.sender), (number, id(1)));
        assert_eq!(request, None);
        assert_eq!(body, vec![number as u8; number as usize % 700]);
    }
}

fn large_messages_arrive_whole<B: Backend>() {
    let backend = B::default();
    let (here, there) = (Recorder::new(usize::MAX), Recorder::new(usize::MAX));
    let sender = backend.open(1, Arc::clone(&here));
    let _receiver = backend.open(2, Arc::clone(&there));
    let link = sender.connect(id(2)).unwrap();
    let body: Vec<u8> = (0..LIMIT).map(|n| (n / 3) as u8).collect();
    for number in 0..3 {
        send(&*link, &here, &frame(1, number, None, &body));
    }
    there.wait("three large messages", |seen| {
        (seen.messages.len() == 3).then_some(())
    });
    assert!(
        there
            .seen
            .lock()
            .unwrap()
            .messages
            .iter()
            .all(|m| m.2 == body)
    );
    here.wait("the last of them to leave", |_| {
        link.is_flushed().then_some(())
    });
}

fn requests_are_answered<B: Backend>() {
    let backend = B::default();
    let (here, there) = (Recorder::new(usize::MAX), Recorder::new(usize::MAX));
    let sender = backend.open(1, Arc::clone(&here));
    let _receiver = backend.open(2, Arc::clone(&there));
    let link = sender.connect(id(2)).unwrap();
    send(&*link, &here, &frame(1, 0, Some(77), b"what?"));
    let call = there.wait("the request", |seen| seen.calls.pop());
    assert_eq!(call.request, 77);
    let answer = Answer::Value(b"that".to_vec());
    call.reply_path.reply(&frame::reply(77, &answer));
    let answered = here.wait("the answer", |seen| seen.answers.pop());
    assert_eq!(answered, (77, answer));
}

fn a_full_inbox_stops_the_sender_and_loses_nothing<B: Backend>() {
    let backend = B::default();
    let (here, there) = (Recorder::new(usize::MAX), Recorder::new(1));
    let sender = backend.open(1, Arc::clone(&here));
    let receiver = backend.open(2, Arc::clone(&there));
    let link = sender.connect(id(2)).unwrap();
    let message = |number| frame(1, number, None, &[7; 2_000]);
    let accepted = (0..100_000)
        .take_while(|number| link.try_send(&message(*number)).is_ok())
        .count();
    assert!(accepted < 100_000, "nothing ever stopped the sender");
    assert_eq!(link.try_send(&message(0)), Err(LinkError::Full));
    there.change(|seen| seen.appetite = usize::MAX);
    receiver.resume();
    send(&*link, &here, &message(accepted as u32));
    let messages = there.wait("every accepted message", |seen| {
        (seen.messages.len() == accepted + 1).then(|| std::mem::take(&mut seen.messages))
    });
    let numbers = messages.iter().map(|message| message.0.message_type);
    assert!(numbers.eq(0..=accepted as u32));
}

fn draining_delivers_what_was_sent_before<B: Backend>() {
    let backend = B::default();
    let there = Recorder::new(usize::MAX);
    let receiver = backend.open(2, Arc::clone(&there));
    for slot in 10..20 {
        let here = Recorder::new(usize::MAX);
        let sender = backend.open(slot, Arc::clone(&here));
        let link = sender.connect(id(2)).unwrap();
        for number in 0..20 {
            send(&*link, &here, &frame(slot, number, None, b"before"));
        }
    }
    let recorder = Arc::clone(&there);
    receiver.drain(Box::new(move || {
        recorder.change(|seen| seen.drained = true)
    }));
    let delivered = there.wait("the drain", |seen| {
        seen.drained.then_some(seen.messages.len())
    });
    assert_eq!(delivered, 200);
}

fn a_peer_that_has_gone_is_closed<B: Backend>() {
    let backend = B::default();
    let (here, there) = (Recorder::new(usize::MAX), Recorder::new(usize::MAX));
    let sender = backend.open(1, Arc::clone(&here));
    let receiver = backend.open(2, Arc::clone(&there));
    let link = sender.connect(id(2)).unwrap();
    send(&*link, &here, &frame(1, 0, None, b"hello"));
    there.wait("the message", |seen| seen.messages.pop());
    drop(receiver);
    here.wait("the news of its end", |seen| seen.gone.pop());
    assert_eq!(
        link.try_send(&frame(1, 1, None, b"too late")),
        Err(LinkError::Closed)
    );
    assert_eq!(sender.connect(id(3)).err(), Some(LinkError::Closed));
}

macro_rules! conformance {
    ($($backend:ident as $module:ident),*) => {$(
        mod $module {
            use super::*;
            conformance!(@ $backend order_is_kept large_messages_arrive_whole requests_are_answered
                a_full_inbox_stops_the_sender_and_loses_nothing draining_delivers_what_was_sent_before
                a_peer_that_has_gone_is_closed);
        }
    )*};
    (@ $backend:ident $($promise:ident)*) => {$(
        #[test]
        fn $promise() {
            super::$promise::<$backend>();
        }
    )*};
}
conformance!(Sockets as local_socket, Hub as memory);

mod strangers;
