//! The memory of a run in the hands of its supervisor, who keeps it alive and settles what an agent that
//! has ended leaves behind.

use super::backward::note_release;
use super::inbox::InboxReader;
use super::incoming::{IN_SLOT, WHERE};
use super::layout::{CONTROL, GENERATIONS, Layout, SLOTS, generation, pair};
use super::population::Register;
use super::ring::{self, Consumer, Corrupt};
use crate::id::AgentId;
use crate::sys::shared_file::{GRAIN, SharedFile, View, Window};
use crate::transport::Limits;
use crate::wire::head::{Head, LONGEST_HEAD};
use std::collections::BTreeSet;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;

/// The memory of a run.
pub(crate) struct Estate {
    pub(super) file: SharedFile,
    pub(super) layout: Layout,
    pub(super) limits: Limits,
    register: Register,
}

/// Where a message is that an agent has begun, from [`Begun`](crate::transport::Begun).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) sender: AgentId,
    pub(crate) place: u64,
}

/// Slots that are not to be written to.
pub(crate) type Occupied = BTreeSet<u16>;

/// A message that was accepted and not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) sender: AgentId,
    /// Dense id of its type; `None` for what could not be told.
    pub(crate) message_type: Option<u32>,
}

impl Estate {
    pub(crate) fn create(limits: Limits) -> io::Result<Estate> {
        let layout = Layout::new(limits.mailbox, limits.message, LONGEST_HEAD);
        let file = SharedFile::create("multitools-run", layout.len())?;
        let register = Register::map(&file, &layout)?;
        Ok(Estate {
            file,
            layout,
            limits,
            register,
        })
    }

    /// Lets an agent take part. Before its process is started: nobody reads a ring of one that is not
    /// known here.
    pub(crate) fn admit(&self, agent: AgentId) {
        self.register.admit(agent);
    }

    /// What each agent is given.
    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// Lets nobody send to an agent that has ended, and finds out what it leaves unread. What was
    /// published before is counted, except for the message that it had `begun`, and whoever publishes
    /// after it is refused.
    pub(crate) fn settle(&self, agent: AgentId, begun: Option<Place>) -> io::Result<Vec<Unread>> {
        if let Some(begun) = begun {
            self.skip(agent, begun)?;
        }
        let inbox = InboxReader::map(&self.file, &self.layout, agent)?;
        inbox.bury();
        self.register.note_end(agent);
        let mut unread = Vec::new();
        for sender in inbox.connected() {
            // One ring that cannot be looked into is no reason to leave the others open.
            if let Err(error) = self.settle_pair(sender, agent, &mut unread) {
                tracing::error!(%agent, %sender, %error, "what is unread is not known");
                let message_type = None;
                unread.push(Unread {
                    sender,
                    message_type,
                });
            }
            // Nobody reads it again.
            let data_place = self.layout.pair(sender, agent) + CONTROL as u64;
            let len = (self.layout.pair_len() - CONTROL) as u64;
            if let Err(error) = self.file.discard(data_place, len) {
                tracing::warn!(%agent, %sender, %error, "the memory of a ring is kept");
            }
        }
        Ok(unread)
    }

    fn settle_pair(
        &self,
        sender: AgentId,
        receiver: AgentId,
        unread: &mut Vec<Unread>,
    ) -> io::Result<()> {
        let (control, data) = self.pair(sender, receiver)?;
        let head = control.word(pair::HEAD);
        ring::close(head);
        let consumer = Consumer::new(self.layout.ring, control.word(pair::TAIL));
        consumer
            .and_then(|consumer| self.list(consumer, head, &data, unread))
            .map_err(|Corrupt| io::Error::other("the ring has been overwritten"))
    }

    /// Whether an agent has read all that has been sent to it.
    pub(crate) fn has_read_all(&self, agent: AgentId) -> io::Result<bool> {
        let inbox = InboxReader::map(&self.file, &self.layout, agent)?;
        for sender in inbox.connected() {
            let place = self.layout.pair(sender, agent);
            let control = self.file.window(place, CONTROL)?;
            if !ring::is_empty(control.word(pair::HEAD), control.word(pair::TAIL)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Leaves the mailbox of an agent that has ended to its next incarnation, without the message that
    /// it had `begun`, unless that is to be handled again.
    pub(crate) fn hand_over(&self, agent: AgentId, begun: Option<Place>) -> io::Result<()> {
        if let Some(begun) = begun {
            self.skip(agent, begun)?;
        }
        let inbox = InboxReader::map(&self.file, &self.layout, agent)?;
        for lent in inbox.take_leases() {
            let (control, data) = self.pair(lent.sender, agent)?;
            // It may have been killed between noting a lease and beginning the message.
            if !self.is_in_ring(&control, &data, lent.sender, lent.slot) {
                let place = self.layout.slots(lent.sender) + (lent.slot * self.layout.slot) as u64;
                let number = self.file.view(place, GRAIN)?.load(0);
                note_release(&control, generation(lent.sender), lent.slot, number);
            }
        }
        inbox.mark_all_pending();
        Ok(())
    }

    /// An incarnation to follow an agent that has ended, and its slots that it must not use: somebody has a
    /// message of an earlier incarnation in them, unread or lent.
    pub(crate) fn successor(
        &self,
        agent: AgentId,
        receivers: impl Iterator<Item = AgentId> + Clone,
    ) -> io::Result<(AgentId, Occupied)> {
        let mut least: Option<(AgentId, Occupied)> = None;
        for step in 1..=GENERATIONS as u16 {
            let incarnation = agent.incarnation().wrapping_add(step);
            let next = AgentId::new(agent.slot(), incarnation);
            // Before the generations come round again, and the numbers with them, none has been used.
            let fresh = incarnation > agent.incarnation() && usize::from(incarnation) < GENERATIONS;
            let occupied = match fresh {
                true => Occupied::new(),
                false => self.occupied(next, receivers.clone())?,
            };
            if occupied.is_empty() {
                let arena = (SLOTS * self.layout.slot) as u64;
                self.file.discard(self.layout.slots(next), arena)?;
                return Ok((next, occupied));
            }
            if least
                .as_ref()
                .is_none_or(|(_, least)| occupied.len() < least.len())
            {
                least = Some((next, occupied));
            }
        }
        least.ok_or_else(|| io::Error::other("there is no incarnation to follow"))
    }

    /// Gives the slot of an agent that has ended for good to another: the id of that. `None` where
    /// something of the former is still in use by some of those that run.
    pub(crate) fn reassign(
        &self,
        former: AgentId,
        running: impl Iterator<Item = AgentId> + Clone,
    ) -> io::Result<Option<AgentId>> {
        let inbox = InboxReader::map(&self.file, &self.layout, former)?;
        let senders = inbox.connected();
        let is_among = |ids: &[AgentId], one: AgentId| ids.iter().any(|id| id.slot() == one.slot());
        for peer in running.clone() {
            if is_among(&senders, peer) && self.untaken_answer(peer, former)?.is_some() {
                return Ok(None);
            }
            let receivers = InboxReader::map(&self.file, &self.layout, peer)?;
            // One that was sent bytes that are no frames takes nothing more out of this ring.
            if is_among(&receivers.connected(), former)
                && ring::is_closed(self.control(former, peer)?.word(pair::HEAD))
            {
                return Ok(None);
            }
        }
        let (next, occupied) = self.successor(former, running)?;
        if !occupied.is_empty() {
            return Ok(None);
        }
        inbox.assign(next.incarnation());
        for sender in senders {
            let control = self.control(sender, former)?;
            let head = control.word(pair::HEAD).load(SeqCst) & !ring::CLOSED;
            // A sender that still has the ring of the former expects its head where it was, and will
            // not find it there: what it is about to publish is refused.
            let begin = if head == 0 { 8 } else { 0 };
            control.word(pair::TAIL).store(begin, SeqCst);
            control.word(pair::LEAP).store(0, SeqCst);
            for (generation, word) in each_released() {
                control
                    .word(pair::released(generation, word))
                    .store(0, SeqCst);
            }
            control.word(pair::HEAD).store(begin, SeqCst);
        }
        inbox.disconnect_all();
        inbox.take_leases();
        Ok(Some(next))
    }

    pub(super) fn control(&self, sender: AgentId, receiver: AgentId) -> io::Result<Window> {
        self.file
            .window(self.layout.pair(sender, receiver), CONTROL)
    }

    /// The slots that an incarnation must not use: those of answers, and those of messages, of unread ones first:
    /// a message that is taken out meanwhile is noted as lent before it counts as read.
    fn occupied(
        &self,
        sender: AgentId,
        receivers: impl Iterator<Item = AgentId>,
    ) -> io::Result<Occupied> {
        let mut occupied = self.slots_of_answers(sender)?;
        for receiver in receivers {
            let inbox = InboxReader::map(&self.file, &self.layout, receiver)?;
            let is_connected = |id: &AgentId| id.slot() == sender.slot();
            if !inbox.connected().iter().any(is_connected) {
                continue;
            }
            let (control, data) = self.pair(sender, receiver)?;
            match self.slots_in_ring(&control, &data) {
                Ok(unread) => occupied.extend(of_generation(unread, sender)),
                // All are taken to be where the ring makes no sense.
                Err(Corrupt) => occupied.extend(0..SLOTS as u16),
            }
            let lent = inbox.leases().into_iter();
            let lent = lent.map(|lent| (lent.sender, lent.slot as u64));
            occupied.extend(of_generation(lent, sender));
        }
        Ok(occupied)
    }

    /// Whether a message in a slot is unread. It is taken to be where the ring makes no sense.
    fn is_in_ring(&self, control: &Window, data: &View, sender: AgentId, slot: usize) -> bool {
        let unread = self.slots_in_ring(control, data);
        unread.map_or(true, |unread| {
            of_generation(unread, sender).any(|other| usize::from(other) == slot)
        })
    }

    /// The slots, with their senders, that unread messages are in.
    fn slots_in_ring(&self, control: &Window, data: &View) -> Result<Vec<(AgentId, u64)>, Corrupt> {
        let consumer = Consumer::new(self.layout.ring, control.word(pair::TAIL))?;
        let mut found = Vec::new();
        self.walk(consumer, control.word(pair::HEAD), data, |at, head| {
            if head.detail == IN_SLOT {
                found.push((head.envelope.sender, data.load(at + head.size())));
            }
        })?;
        Ok(found)
    }

    /// Skips a message that was begun and does not count as read.
    fn skip(&self, agent: AgentId, begun: Place) -> io::Result<()> {
        let (control, data) = self.pair(begun.sender, agent)?;
        let (head_word, tail_word) = (control.word(pair::HEAD), control.word(pair::TAIL));
        let broken = |_| io::Error::other("a ring has been overwritten");
        let mut consumer = Consumer::new(self.layout.ring, tail_word).map_err(broken)?;
        let next = consumer
            .next(head_word, |at| data.load(at))
            .map_err(broken)?;
        if let Some((at, most)) = next
            && at as u64 == begun.place
        {
            let (_, size) = self.frame(&data, at, most).map_err(broken)?;
            consumer.advance(size, tail_word);
        }
        Ok(())
    }

    pub(super) fn pair(&self, sender: AgentId, receiver: AgentId) -> io::Result<(Window, View)> {
        let place = self.layout.pair(sender, receiver);
        let control = self.file.window(place, CONTROL)?;
        let data_len = self.layout.pair_len() - CONTROL;
        Ok((control, self.file.view(place + CONTROL as u64, data_len)?))
    }

    /// The head of a frame, and how much of the ring it takes.
    pub(super) fn frame(
        &self,
        data: &View,
        at: usize,
        most: usize,
    ) -> Result<(Head, usize), Corrupt> {
        let word = |n: usize| (8 * n + 8 <= most).then(|| data.load(at + 8 * n));
        let Ok(Some(head)) = Head::of_words(word, self.limits.message) else {
            return Err(Corrupt);
        };
        let length = match head.detail {
            IN_SLOT => WHERE,
            _ => head.length as usize,
        };
        let size = (head.size() + length).next_multiple_of(8);
        match size <= most {
            true => Ok((head, size)),
            false => Err(Corrupt),
        }
    }

    fn list(
        &self,
        consumer: Consumer,
        head_word: &AtomicU64,
        data: &View,
        unread: &mut Vec<Unread>,
    ) -> Result<(), Corrupt> {
        self.walk(consumer, head_word, data, |_, head| {
            unread.push(Unread {
                sender: head.envelope.sender,
                message_type: Some(head.envelope.message_type()),
            });
        })
    }

    /// Goes through the frames of a ring, and leaves them there.
    fn walk(
        &self,
        mut consumer: Consumer,
        head_word: &AtomicU64,
        data: &View,
        mut each: impl FnMut(usize, &Head),
    ) -> Result<(), Corrupt> {
        let mut walked = 0;
        while let Some((at, most)) = consumer.next(head_word, |at| data.load(at))? {
            let (head, size) = self.frame(data, at, most)?;
            walked += size;
            if walked > self.layout.ring {
                return Err(Corrupt);
            }
            each(at, &head);
            consumer.skip(size);
        }
        Ok(())
    }
}

/// The words that say what of a sender's slots may be used again.
fn each_released() -> impl Iterator<Item = (usize, usize)> {
    (0..GENERATIONS).flat_map(|generation| (0..SLOTS / 64).map(move |word| (generation, word)))
}

/// The slots among these that an incarnation would use.
fn of_generation(
    slots: impl IntoIterator<Item = (AgentId, u64)>,
    incarnation: AgentId,
) -> impl Iterator<Item = u16> {
    let own = (incarnation.slot(), generation(incarnation));
    let slots = slots.into_iter();
    let own = slots.filter(move |(sender, _)| (sender.slot(), generation(*sender)) == own);
    own.filter_map(|(_, slot)| u16::try_from(slot).ok())
}
