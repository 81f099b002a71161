//! Links through shared memory: one ring for each pair that talks.
//!
//! The supervisor makes one sparse file of memory for the run; each agent maps the parts that concern
//! it. [`layout`] says where everything is, [`ring`] and [`doorbell`] are the protocols, [`outgoing`] and
//! [`incoming`] the two ends of a pair, [`slots`] the places of large messages. [`sending`],
//! [`receiving`] and [`waiting`] are what an agent does with them, and [`estate`] is what the supervisor
//! does with the memory of an agent that has ended.

mod doorbell;
mod estate;
mod inbox;
mod incoming;
mod layout;
#[cfg(test)]
mod model_tests;
#[cfg(any(test, fuzzing))]
pub(crate) mod noise;
mod outgoing;
mod patience;
mod receiving;
#[cfg(test)]
mod reuse_tests;
mod ring;
mod sending;
mod slots;
mod waiting;
mod word;

pub(crate) use estate::{Estate, Place, Unread};

use super::{
    Arrival, Awaited, Begun, Bell, Identity, Ledger, Limits, Link, LinkError, Lost, Transport,
    Unsent, Wait, Waited,
};
use crate::id::AgentId;
use crate::sys::shared_file::SharedFile;
use crate::wire::body::Body;
use crate::wire::frame::Answer;
use crate::wire::head::{Head, LONGEST_HEAD};
use crate::wire::sink::{Sink, Written};
use inbox::Inbox;
use incoming::Incoming;
use layout::Layout;
use outgoing::Outgoing;
use sending::Frame;
use slots::{Blank, Slots};
use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use waiting::Waiting;

/// The transport of one agent.
pub(crate) struct SharedMemory {
    file: Arc<SharedFile>,
    layout: Layout,
    limits: Limits,
    id: AgentId,
    inbox: Arc<Inbox>,
    waiting: Waiting,
    outgoing: Vec<Outgoing>,
    /// The links by the slot of the peer.
    links: Vec<Option<Link>>,
    incoming: Vec<Option<Incoming>>,
    /// Senders whose rings could not even be begun with.
    refused: BTreeSet<u32>,
    /// Senders whose rings are to be read, by slot.
    ready: VecDeque<u32>,
    /// How many messages the first of them has had read in this turn.
    turn: usize,
    /// The slot of whoever sent the last message.
    last_sender: Option<u32>,
    /// How many rings have something to be read before all is drained; `None` while nobody asks.
    undrained: Option<usize>,
    slots: Arc<Mutex<Slots>>,
    frame: Frame,
    scratch: Box<[u8]>,
    heap: Vec<u8>,
    /// The place for the next frame that does not go through a ring, where one is expected.
    spare: Option<Blank>,
    expects_large: bool,
    /// Whether somebody waits for what comes of the frame in hand.
    is_waited_for: bool,
    /// Whether the right to write to a slot could not be given up the last time.
    cannot_seal: bool,
    buffer: Vec<u8>,
    gone: Vec<AgentId>,
}

impl SharedMemory {
    /// Maps the agent's inbox and begins to take messages.
    pub(super) fn open(identity: &Identity, memory: OwnedFd) -> io::Result<SharedMemory> {
        let (id, limits) = (identity.id, identity.limits);
        let file = Arc::new(SharedFile::adopt(memory)?);
        let layout = Layout::new(limits.mailbox, limits.message, LONGEST_HEAD);
        let inbox = Arc::new(Inbox::map(&file, &layout, id)?);
        inbox.open();
        let slots = Slots::new(Arc::clone(&file), layout, id);
        Ok(SharedMemory {
            layout,
            limits,
            id,
            waiting: Waiting::new(Arc::clone(&inbox)),
            inbox,
            outgoing: Vec::new(),
            links: Vec::new(),
            incoming: Vec::new(),
            refused: BTreeSet::new(),
            ready: VecDeque::new(),
            turn: 0,
            last_sender: None,
            undrained: None,
            slots: Arc::new(Mutex::new(slots)),
            frame: Frame::None,
            scratch: vec![0; layout.longest].into(),
            heap: Vec::new(),
            spare: None,
            expects_large: false,
            is_waited_for: false,
            cannot_seal: false,
            buffer: Vec::new(),
            gone: Vec::new(),
            file,
        })
    }
}

fn lock(slots: &Mutex<Slots>) -> MutexGuard<'_, Slots> {
    slots.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Transport for SharedMemory {
    fn link(&mut self, peer: AgentId) -> Result<Link, LinkError> {
        self.open_link(peer)
    }

    fn compose(&mut self, only: Option<Link>, head: usize) -> Sink<'_> {
        self.begin_frame(only, head)
    }

    fn seal(&mut self, head: Head, written: Written) -> Result<(), Lost> {
        self.complete_frame(head, written)
    }

    fn post(&mut self, link: Link) -> Result<(), LinkError> {
        self.post_frame(link)
    }

    #[inline]
    fn send(&mut self, link: Link, head: Head, written: Written) -> Result<(), Unsent> {
        self.send_frame(link, head, written)
    }

    fn body(&self) -> Vec<u8> {
        self.frame_body()
    }

    fn discard(&mut self) {
        self.drop_frame();
    }

    fn receive(&mut self, begun: Begun<'_>) -> Option<Arrival> {
        self.next_arrival(begun)
    }

    fn look_again(&mut self) {
        self.inbox.mark_all_pending();
    }

    fn recycle(&mut self, body: Body) {
        if let Some(buffer) = body.into_buffer() {
            self.buffer = buffer;
        }
    }

    fn answer(&mut self, link: Link, request: u64) -> Option<Answer> {
        self.outgoing[link.0].answer(request, &self.file, self.limits.message)
    }

    fn is_closed(&self, link: Link) -> bool {
        self.outgoing[link.0].is_closed()
    }

    fn gone(&self) -> Vec<AgentId> {
        self.gone.clone()
    }

    fn drain(&mut self) {
        self.begin_to_drain();
    }

    fn refuse(&mut self) {
        self.close_inbox();
    }

    /// What is published has left this process.
    fn is_flushed(&self) -> bool {
        true
    }

    fn wait(&mut self, wait: &Wait<'_>) -> Waited {
        let messages = wait.what_for == Awaited::Message;
        if messages && (!self.ready.is_empty() || self.undrained == Some(0)) {
            return Waited::News;
        }
        self.offer_what_is_read();
        let sender = self
            .last_sender
            .and_then(|slot| self.incoming.get(slot as usize)?.as_ref());
        let peer = match wait.what_for {
            Awaited::Answer(link, _) => self.outgoing[link.0].processor(),
            _ => sender.map_or(0, |sender| sender.backward.processor()),
        };
        self.waiting.wait(wait, peer, &self.outgoing)
    }

    fn bell(&self) -> Arc<dyn Bell> {
        Arc::clone(&self.inbox) as Arc<dyn Bell>
    }

    /// The rings themselves say what is unread.
    fn ledger(&self) -> Option<Arc<Ledger>> {
        None
    }
}

impl Bell for Inbox {
    fn ring(&self) {
        self.knock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::head::Envelope;
    use std::io::Write;

    pub(super) const LIMITS: Limits = Limits {
        mailbox: 64 << 10,
        message: 64 << 10,
    };

    pub(super) fn open(estate: &Estate, slot: u32) -> SharedMemory {
        open_as(estate, AgentId::new(slot, 0))
    }

    pub(super) fn open_as(estate: &Estate, id: AgentId) -> SharedMemory {
        let identity = Identity {
            run: 0,
            token: [0; 16],
            id,
            limits: LIMITS,
        };
        let memory = estate.descriptor().try_clone_to_owned().unwrap();
        SharedMemory::open(&identity, memory).unwrap()
    }

    fn send(sender: &mut SharedMemory, to: u32, body: &[u8]) {
        let link = sender.link(AgentId::new(to, 0)).unwrap();
        let envelope = Envelope {
            message_type: 7,
            sender: sender.id,
            site: 0,
        };
        let head = Head::message(envelope, None);
        loop {
            let mut sink = sender.compose(Some(link), head.size());
            sink.write_all(body).unwrap();
            let written = sink.finish();
            match sender.send(link, head.with_length(body.len()).unwrap(), written) {
                Ok(()) => return,
                Err(Unsent::Lost) => {}
                refused => panic!("{refused:?}"),
            }
        }
    }

    #[test]
    fn r14_a_message_that_was_lent_and_not_begun_when_its_receiver_was_killed_stays_as_it_is() {
        let estate = Estate::create(LIMITS).unwrap();
        let mut sender = open(&estate, 1);
        let (killed, mut other) = (open(&estate, 2), open(&estate, 3));
        let large = |byte: u8| vec![byte; 50_000];
        send(&mut sender, 2, &large(1));
        killed.inbox.note_lease(AgentId::new(1, 0), 0).unwrap();
        estate.hand_over(killed.id, None).unwrap();
        for byte in 2..9 {
            send(&mut sender, 3, &large(byte));
            assert!(other.receive(&mut |_, _| ()).is_some());
        }
        let mut successor = open(&estate, 2);
        let Some(Arrival::Message { body, .. }) = successor.receive(&mut |_, _| ()) else {
            panic!("it is lost");
        };
        assert!(body.as_slice() == large(1));
        std::mem::forget(killed);
    }

    pub(super) fn receive(receiver: &mut SharedMemory) -> Body {
        match receiver.receive(&mut |_, _| ()) {
            Some(Arrival::Message { body, .. }) => body,
            _ => panic!("it is lost"),
        }
    }

    #[test]
    fn r14_what_is_lent_of_an_earlier_incarnation_is_let_go_of_as_that_and_stays_as_it_is() {
        let estate = Estate::create(LIMITS).unwrap();
        let mut receiver = open(&estate, 2);
        let large = |byte: u8| vec![byte; 30_000];
        let mut first = open(&estate, 1);
        send(&mut first, 2, &large(1));
        let lent_by_first = receive(&mut receiver);
        std::mem::forget(first);
        let mut second = open_as(&estate, AgentId::new(1, 1));
        send(&mut second, 2, &large(2));
        let lent_by_second = receive(&mut receiver);
        // Both are in the first slot of their senders.
        drop(lent_by_first);
        send(&mut second, 2, &large(3));
        assert!(lent_by_second.as_slice() == large(2));
        assert!(receive(&mut receiver).as_slice() == large(3));
    }

    #[test]
    fn r14_an_incarnation_does_not_write_to_what_is_still_lent_of_an_earlier_one() {
        let estate = Estate::create(LIMITS).unwrap();
        let mut receiver = open(&estate, 2);
        let mut first = open(&estate, 1);
        for number in 0..2 {
            send(&mut first, 2, &vec![number; 30_000]);
        }
        let lent = receive(&mut receiver);
        std::mem::forget(first);
        let receivers = || [AgentId::new(1, 0), AgentId::new(2, 0)].into_iter();
        let after = |incarnation| {
            let former = AgentId::new(1, incarnation);
            estate.successor(former, receivers()).unwrap().incarnation()
        };
        assert_eq!(after(0), 1);
        assert_eq!(after(7), 9, "one is lent and one unread of the first");
        assert_eq!(after(u16::MAX), 1, "the numbers come round, too");
        let unread = receive(&mut receiver);
        assert_eq!(after(7), 9, "two are lent");
        drop((lent, unread));
        assert_eq!(after(7), 8);
    }

    #[test]
    fn r6_what_a_sender_has_published_when_it_is_killed_is_found() {
        let estate = Estate::create(LIMITS).unwrap();
        let (mut killed, mut receiver) = (open(&estate, 1), open(&estate, 2));
        let link = killed.link(receiver.id).unwrap();
        let envelope = Envelope {
            message_type: 7,
            sender: killed.id,
            site: 0,
        };
        let head = Head::message(envelope, None);
        let mut sink = killed.compose(Some(link), head.size());
        sink.write_all(b"last words").unwrap();
        let written = sink.finish();
        killed.seal(head.with_length(10).unwrap(), written).unwrap();
        let Frame::InRing { place, len, .. } = killed.frame else {
            panic!("it is elsewhere");
        };
        killed.outgoing[link.0].publish_and_be_killed(place, len);
        assert!(receiver.receive(&mut |_, _| ()).is_none());
        estate.settle(killed.id, None).unwrap();
        receiver.look_again();
        let Some(Arrival::Message { body, .. }) = receiver.receive(&mut |_, _| ()) else {
            panic!("it is lost");
        };
        assert_eq!(body.as_slice(), b"last words");
    }
}
