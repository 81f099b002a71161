//! What every backend promises, run for each of them. Agents are threads here.

mod bounds;
mod ends;
mod memory_use;
mod messages;
mod processes;
mod requests;
mod strangers;

use super::memory::{Hub, Memory};
use super::{
    Arrival, Awaited, Connection, Estate, Identity, Limits, Link, LinkError, LocalSockets,
    SharedMemory, Transport, Turned, Unsent, Wait, Waited,
};
use crate::id::AgentId;
use crate::wire::body::Body;
use crate::wire::frame::{Answer, Call};
use crate::wire::head::{Envelope, Head};
use crate::wire::parcel::Parcel;
use crate::wire::sink::Written;
use std::collections::BTreeSet;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

const LIMITS: Limits = Limits {
    mailbox: 256 << 10,
    message: 1 << 20,
};

/// Reached only where a test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Something that makes transports which find each other.
trait Backend: Sync {
    /// Whether large messages have places of their own.
    const HAS_SLOTS: bool = false;
    fn new(limits: Limits) -> Self;
    fn transport(&self, id: AgentId) -> Connection;

    fn agent(&self, slot: u32) -> Agent {
        Agent {
            transport: self.transport(id(slot)),
            id: id(slot),
            news: AtomicU64::new(0),
            parcel: Parcel::default(),
        }
    }
}

/// Those who were turned away.
#[derive(Default)]
struct TurnedAway {
    reasons: Mutex<Vec<String>>,
    changed: Condvar,
}

impl Turned for TurnedAway {
    fn away(&self, reason: String) {
        self.reasons.lock().unwrap().push(reason);
        self.changed.notify_all();
    }
}

struct Sockets {
    identity: Identity,
    turned: Arc<TurnedAway>,
}

impl Backend for Sockets {
    fn new(limits: Limits) -> Sockets {
        let mut run = [0; 8];
        getrandom::fill(&mut run).unwrap();
        Sockets {
            identity: Identity {
                run: u64::from_le_bytes(run),
                token: [42; 16],
                id: id(0),
                limits,
                occupied: BTreeSet::new(),
            },
            turned: Arc::default(),
        }
    }

    fn transport(&self, id: AgentId) -> Connection {
        let identity = Identity {
            id,
            ..self.identity.clone()
        };
        let turned = Arc::clone(&self.turned) as Arc<dyn Turned>;
        Connection::LocalSockets(Box::new(LocalSockets::open(&identity, turned).unwrap()))
    }
}

struct Shared {
    estate: Estate,
    limits: Limits,
}

impl Backend for Shared {
    const HAS_SLOTS: bool = true;

    fn new(limits: Limits) -> Shared {
        let estate = Estate::create(limits).unwrap();
        estate.admit(id(999));
        Shared { estate, limits }
    }

    fn transport(&self, id: AgentId) -> Connection {
        let memory = self.estate.descriptor().try_clone_to_owned().unwrap();
        let transport = SharedMemory::open(&identity(id, self.limits), memory).unwrap();
        Connection::SharedMemory(Box::new(transport))
    }
}

struct InProcess(Hub, Limits);

impl Backend for InProcess {
    fn new(limits: Limits) -> InProcess {
        InProcess(Hub::default(), limits)
    }

    fn transport(&self, id: AgentId) -> Connection {
        Connection::Memory(Box::new(Memory::open(&self.0, &identity(id, self.1))))
    }
}

fn identity(id: AgentId, limits: Limits) -> Identity {
    Identity {
        run: 0,
        token: [0; 16],
        id,
        limits,
        occupied: BTreeSet::new(),
    }
}

fn id(slot: u32) -> AgentId {
    AgentId::new(slot, 0)
}

/// An agent's use of its transport.
struct Agent {
    transport: Connection,
    id: AgentId,
    news: AtomicU64,
    /// What has come last.
    parcel: Parcel,
}

/// A message that has come.
struct Message {
    number: u32,
    sender: AgentId,
    call: Option<Call>,
    body: Body,
}

impl Agent {
    /// Writes a frame, for one link or for several.
    fn write(&mut self, only: Option<Link>, number: u32, request: Option<u64>, body: &[u8]) {
        loop {
            let (head, written) = self.encode(only, number, request, body);
            if self.transport.seal(head, written).is_ok() {
                return;
            }
        }
    }

    fn encode(
        &mut self,
        only: Option<Link>,
        number: u32,
        request: Option<u64>,
        body: &[u8],
    ) -> (Head, Written) {
        let envelope = Envelope::new(number, self.id, 7);
        let head = Head::message(envelope, request.map(|number| (number, PATIENCE)));
        let mut sink = self.transport.compose(only, head.size());
        for part in body.chunks(10_000) {
            sink.append(part);
        }
        (head.with_length(body.len()).unwrap(), sink.finish())
    }

    /// As a request is sent.
    fn seal_and_post(&mut self, link: Link, head: Head, written: Written) -> Result<(), Unsent> {
        let sealed = self.transport.seal(head, written);
        sealed.map_err(|_| Unsent::Lost)?;
        self.transport.post(link).map_err(Unsent::Refused)?;
        self.transport.discard();
        Ok(())
    }

    /// Writes a frame for one peer and sends it; one that is refused stays in hand.
    fn send_at_once(
        &mut self,
        to: AgentId,
        number: u32,
        request: Option<u64>,
        body: &[u8],
    ) -> Result<Link, LinkError> {
        let link = self.transport.link(to)?;
        loop {
            let (head, written) = self.encode(Some(link), number, request, body);
            let sent = match request {
                None => self.transport.send(link, &head.envelope, written),
                Some(_) => self.seal_and_post(link, head, written),
            };
            match sent {
                Ok(()) => return Ok(link),
                Err(Unsent::Refused(error)) => return Err(error),
                Err(Unsent::Lost) => {}
            }
        }
    }

    fn try_send(&mut self, to: AgentId, number: u32, body: &[u8]) -> Result<(), LinkError> {
        let sent = self.send_at_once(to, number, None, body);
        self.transport.discard();
        sent.map(drop)
    }

    /// Sends when there is room.
    fn send(&mut self, to: AgentId, number: u32, body: &[u8]) -> Result<(), LinkError> {
        let mut sent = self.send_at_once(to, number, None, body).map(drop);
        while sent == Err(LinkError::Full) {
            assert_eq!(self.wait(Awaited::Room), Waited::News, "no room, ever");
            sent = self
                .transport
                .link(to)
                .and_then(|link| self.transport.post(link));
        }
        self.transport.discard();
        sent
    }

    /// Waits for something that comes. What there is when the deadline has passed was slept through.
    fn wait(&mut self, what_for: Awaited) -> Waited {
        let deadline = Instant::now() + PATIENCE;
        let waited = self.transport.wait(&Wait {
            what_for,
            news: &self.news,
            seen: 0,
            deadline: Some(deadline),
            patience: None,
        });
        match Instant::now() < deadline {
            true => waited,
            false => Waited::Late,
        }
    }

    fn poll(&mut self) -> Option<Arrival> {
        // As agents do as soon as a message is handled.
        self.parcel.body.give_back();
        self.transport.receive(&mut self.parcel, |_, _, _| ())
    }

    fn arrival(&mut self) -> Arrival {
        loop {
            if let Some(arrival) = self.poll() {
                return arrival;
            }
            let waited = self.wait(Awaited::Message);
            assert_eq!(waited, Waited::News, "{} waited in vain", self.id);
        }
    }

    fn receive(&mut self) -> Message {
        match self.arrival() {
            Arrival::Message => {
                let parcel = std::mem::take(&mut self.parcel);
                Message {
                    number: parcel.envelope.message_type(),
                    sender: parcel.envelope.sender,
                    call: parcel.call,
                    body: parcel.body,
                }
            }
            Arrival::Drained => panic!("drained"),
            Arrival::Left(peer) => panic!("{peer} has left"),
            Arrival::Refused(reason) => panic!("refused: {reason}"),
        }
    }

    /// Receives the next messages, which must have these numbers and whole bodies.
    fn receive_all(&mut self, numbers: impl IntoIterator<Item = u32>) {
        for number in numbers {
            let message = self.receive();
            assert_eq!(message.number, number);
            message.check();
            self.parcel.body = message.body;
            self.parcel.body.give_back();
        }
    }

    fn answer_of(&mut self, link: Link, request: u64) -> Option<Answer> {
        loop {
            let closed = self.transport.is_closed(link);
            if let Some(answer) = self.transport.answer(link, request) {
                return Some(answer);
            }
            if closed {
                return None;
            }
            assert_eq!(self.wait(Awaited::Answer(link, request)), Waited::News);
        }
    }
}

/// Sees its messages out first, as agents do.
impl Drop for Agent {
    fn drop(&mut self) {
        while !std::thread::panicking()
            && !self.transport.is_flushed()
            && self.wait(Awaited::Room) == Waited::News
        {}
    }
}

impl Message {
    /// The body must be that of its number.
    fn check(&self) {
        let body = self.body.as_slice();
        assert!(
            body == body_of(self.number, body.len()),
            "message {} is torn",
            self.number
        );
    }

    fn answer(&self, answer: &Answer) {
        let call = self.call.as_ref().expect("a request");
        assert!(call.reply_path.reply(call.request, &answer.borrowed()));
    }
}

/// Bytes that follow from a number.
fn body_of(number: u32, len: usize) -> Vec<u8> {
    let mut body = Vec::with_capacity(len + 256);
    let mut word = number;
    while body.len() < len {
        word = word.wrapping_mul(31).wrapping_add(7);
        // The same word several times: tests are not optimised.
        for _ in 0..8 {
            body.extend_from_slice(&u64::from(word).wrapping_mul(u64::MAX / 255).to_le_bytes());
        }
    }
    body.truncate(len);
    body
}

/// Tests of promises, for each backend that can hold them.
macro_rules! conformance {
    ($($promise:ident),* $(,)?) => {
        conformance!(@ shared_memory, Shared, $($promise)*);
        conformance!(@ local_socket, Sockets, $($promise)*);
        conformance!(@ memory, InProcess, $($promise)*);
    };
    (@ $module:ident, $backend:ident, $($promise:ident)*) => {
        mod $module {
            $(
                #[test]
                fn $promise() {
                    super::$promise::<super::$backend>();
                }
            )*
        }
    };
}
use conformance;
