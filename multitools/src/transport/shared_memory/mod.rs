//! Links through shared memory: one ring for each pair that talks.
//!
//! The supervisor makes one sparse file of memory for the run; each agent maps the parts that concern
//! it. [`layout`] says where everything is, [`ring`] with its [`marks`] and [`doorbell`] are the protocols, [`outgoing`] and
//! [`incoming`] the two ends of a pair, [`backward`] what the latter writes, [`slots`] the places of large
//! messages. [`sending`], [`receiving`] and [`waiting`] are what an agent does with them, and [`estate`]
//! is what the supervisor does with the memory of an agent that has ended.

mod alarm;
#[cfg(test)]
mod answer_tests;
mod answers;
mod backward;
#[cfg(test)]
mod burst_tests;
mod doorbell;
mod estate;
mod in_hand;
mod inbox;
mod incoming;
#[cfg(test)]
mod kill_tests;
mod layout;
#[cfg(test)]
mod leap_models;
mod lease;
#[cfg(test)]
mod lent_tests;
mod marks;
#[cfg(test)]
mod model_tests;
#[cfg(any(test, fuzzing))]
pub(crate) mod noise;
mod outgoing;
mod patience;
mod population;
mod receiving;
#[cfg(test)]
mod reuse_tests;
mod ring;
mod sending;
mod slots;
mod waiting;
mod word;

pub(crate) use alarm::Alarm;
pub(crate) use estate::{Estate, Occupied, Place, Unread};

use super::{
    Arrival, Awaited, Begun, Bell, Identity, Ledger, Limits, Link, LinkError, Lost, Transport,
    Unsent, Wait, Waited,
};
use crate::id::AgentId;
use crate::sys::shared_file::SharedFile;
use crate::wire::frame::Answer;
use crate::wire::head::{Envelope, Head, LONGEST_HEAD};
use crate::wire::parcel::Parcel;
use crate::wire::sink::{Sink, Written};
use inbox::InboxReader;
use incoming::Incoming;
use layout::Layout;
pub(super) use layout::pair::ANSWER_ROOM;
use outgoing::Outgoing;
use sending::Frame;
use slots::{Blank, Slots};
use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use waiting::Waiting;

/// The transport of one agent.
pub(crate) struct SharedMemory {
    file: Arc<SharedFile>,
    layout: Layout,
    limits: Limits,
    id: AgentId,
    inbox: Arc<InboxReader>,
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
    /// The senders whose rings have something to be read before all is drained; `None` while nobody asks.
    undrained: Option<BTreeSet<u32>>,
    /// Peers that have ended, and whose rings have something to be read.
    leaving: Vec<AgentId>,
    /// What arrives before anything else.
    due: VecDeque<Arrival>,
    /// Whether a message stays in its ring until it is done.
    retains: bool,
    slots: Arc<Mutex<Slots>>,
    frame: Frame,
    /// For frames that go into no ring yet.
    scratch: Box<[u8]>,
    heap: Vec<u8>,
    /// The place for the next frame that does not go through a ring, where one is expected.
    spare: Option<Blank>,
    expects_large: bool,
    /// Whether somebody waits for what comes of the frame in hand.
    is_waited_for: bool,
    /// Whether the right to write to a slot could not be given up the last time.
    cannot_seal: bool,
    gone: Vec<AgentId>,
}

impl SharedMemory {
    /// Maps the agent's inbox and begins to take messages.
    pub(super) fn open(identity: &Identity, memory: OwnedFd) -> io::Result<SharedMemory> {
        let (id, limits) = (identity.id, identity.limits);
        let file = Arc::new(SharedFile::adopt(memory)?);
        let layout = Layout::new(limits.mailbox, limits.message, LONGEST_HEAD);
        let inbox = Arc::new(InboxReader::map(&file, &layout, id)?);
        inbox.open();
        let slots = Slots::new(Arc::clone(&file), layout, id, identity.occupied.clone());
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
            leaving: Vec::new(),
            due: VecDeque::new(),
            retains: false,
            slots: Arc::new(Mutex::new(slots)),
            frame: Frame::None,
            scratch: Box::default(),
            heap: Vec::new(),
            spare: None,
            expects_large: false,
            is_waited_for: false,
            cannot_seal: false,
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

    #[inline]
    fn compose(&mut self, only: Option<Link>, head: usize) -> Sink<'_> {
        self.begin_frame(only, head)
    }

    fn seal(&mut self, head: Head, written: Written) -> Result<(), Lost> {
        self.complete_frame(head, written)
    }

    #[inline]
    fn post(&mut self, link: Link) -> Result<(), LinkError> {
        self.post_frame(link)
    }

    #[inline]
    fn send(&mut self, link: Link, envelope: &Envelope, written: Written) -> Result<(), Unsent> {
        self.send_frame(link, envelope, written)
    }

    fn body(&self) -> Vec<u8> {
        self.frame_body()
    }

    #[inline]
    fn discard(&mut self) {
        self.drop_frame();
    }

    #[inline]
    fn receive(&mut self, into: &mut Parcel, begun: impl Begun) -> Option<Arrival> {
        self.next_arrival(into, begun)
    }

    fn retain(&mut self, first: Option<AgentId>) {
        self.retains = true;
        if let Some(sender) = first {
            self.begin_with(sender);
        }
    }

    fn finish(&mut self) {
        if self.retains {
            self.finish_last();
        }
    }

    fn look_again(&mut self) {
        self.inbox.mark_all_pending();
    }

    fn answer(&mut self, link: Link, request: u64) -> Option<Answer> {
        self.outgoing[link.0].answer(request, &self.file, self.limits.message)
    }

    fn give_up_answer(&mut self, link: Link, request: u64) {
        self.outgoing[link.0].give_up(request);
    }

    fn make_room_for_answer(&mut self, len: usize) {
        if len > ANSWER_ROOM {
            for link in &mut self.outgoing {
                link.reclaim(&self.slots);
            }
        }
    }

    fn ask_for_room_for_answer(&mut self) {
        let holding = self.outgoing.iter().filter(|link| link.holds_slots());
        holding.for_each(Outgoing::ask_for_room);
        lock(&self.slots).ask_for_answers();
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

    fn bid_farewell(&mut self, peer: AgentId) {
        self.await_last_message(peer);
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
        if messages && !(self.ready.is_empty() && self.due.is_empty()) {
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

    fn alarm(&mut self, socket: BorrowedFd<'_>) -> Option<Arc<Alarm>> {
        self.waiting.alarm(socket)
    }

    /// The rings themselves say what is unread.
    fn ledger(&self) -> Option<Arc<Ledger>> {
        None
    }
}

impl Bell for InboxReader {
    fn ring(&self) {
        self.knock();
    }
}

#[cfg(test)]
mod tests;
