//! The sending end of a pair.

use super::doorbell;
use super::inbox::{Inbox, InboxReader, Mark};
use super::incoming::WHERE;
use super::layout::{CONTROL, Layout, SLOT_HEAD, SLOTS, answer_slot, generation, pair};
use super::ring::{self, Place, Producer};
use super::slots::{Held, Slots};
use super::{LinkError, lock};
use crate::id::AgentId;
use crate::sys::shared_file::{SharedFile, View, Window};
use crate::wire::frame::Answer;
use crate::wire::head::{Head, LONGEST_HEAD};
use std::io;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::{Arc, Mutex};

/// Up to how many bytes a frame is written so quickly that it is worth it to have the place for the next one
/// fetched beforehand. Where they are more, the processor sees by itself where they go.
const SHORT: usize = 192;

/// A pair as its sender has it.
pub(super) struct Outgoing {
    pub(super) peer: AgentId,
    /// The first incarnation of that agent, and whether another has its slot by now: nothing more is sent.
    since: u16,
    /// How many that had its slot before have ended, and who knows how many have by now.
    ended: u64,
    own: Arc<InboxReader>,
    retired: bool,
    mark: Mark,
    inbox: Inbox,
    window: Window,
    layout: Layout,
    /// How many bytes may be unread at the peer before messages have to wait.
    mailbox: usize,
    producer: Producer,
    /// Of this incarnation of the sender.
    generation: usize,
    held: Held,
    /// Whether somebody waits for what comes of the frame in hand.
    pub(super) is_waited_for: bool,
    /// The peer's slots, mapped once an answer was in one.
    answers: Option<(u64, View)>,
}

impl Outgoing {
    pub(super) fn connect(
        file: &SharedFile,
        layout: Layout,
        mailbox: usize,
        from: (AgentId, &Arc<InboxReader>),
        to: AgentId,
    ) -> io::Result<Option<Outgoing>> {
        let (from, own) = from;
        // Before it is seen whether the peer runs: one that ends after this is counted.
        let ended = own.ended(to);
        let inbox = Inbox::map(file, &layout, to)?;
        let since = inbox.since();
        if !inbox.is_open() || !to.is_since(since) {
            return Ok(None);
        }
        let window = file.window(layout.pair(from, to), layout.pair_len())?;
        let mark = Mark::of(from);
        inbox.connect(mark);
        // Whoever closes an inbox does so before it looks for those who have connected.
        if !inbox.is_open() {
            return Ok(None);
        }
        let producer = Producer::new(
            layout.ring,
            window.word(pair::HEAD),
            window.word(pair::TAIL),
            window.word(pair::LEAP),
        );
        let producer = producer.map_err(|_| io::Error::other("the ring has been overwritten"))?;
        // What has been let go of there was of earlier incarnations: nothing of this one is there yet.
        for word in 0..SLOTS / 64 {
            window
                .word(pair::released(generation(from), word))
                .store(0, SeqCst);
        }
        // Nor does anybody wait for an answer to what an earlier one has asked.
        let answered = window.word(pair::ANSWERED).load(SeqCst);
        window.word(pair::TAKEN).store(answered, SeqCst);
        // Whoever gives the slot to another says so before anything of the ring changes.
        if inbox.since() != since {
            return Ok(None);
        }
        Ok(Some(Outgoing {
            peer: to,
            since,
            ended,
            own: Arc::clone(own),
            retired: false,
            mark,
            inbox,
            window,
            layout,
            mailbox,
            producer,
            generation: generation(from),
            held: Held::default(),
            is_waited_for: false,
            answers: None,
        }))
    }

    /// Whether the peer has slots to let go of.
    pub(super) fn holds_slots(&self) -> bool {
        !self.held.is_empty()
    }

    pub(super) fn is_closed(&self) -> bool {
        ring::is_closed(self.window.word(pair::HEAD)) || self.is_outlived()
    }

    /// Whether the peer has ended for good and looks at nothing any more, on the word of the supervisor alone.
    fn is_gone(&self) -> bool {
        self.own.ended(self.peer) != self.ended
    }

    /// Whether another agent has the slot of the peer by now.
    pub(super) fn is_outlived(&self) -> bool {
        self.inbox.since() != self.since
    }

    /// Whether this is the peer or an incarnation of it.
    pub(super) fn is_since_of(&self, peer: AgentId) -> bool {
        peer.is_since(self.since)
    }

    /// Sends nothing more: the peer's process has ended, and its slot is another's.
    pub(super) fn retire(&mut self, slots: &Mutex<Slots>) {
        self.retired = true;
        if self.is_gone() {
            self.held.release(|_, _| true, &mut lock(slots));
        }
    }

    pub(super) fn processor(&self) -> u64 {
        self.inbox.processor()
    }

    /// Room for the longest frame that goes through the ring, if there is.
    #[inline]
    pub(super) fn place(&mut self) -> Option<Place> {
        if !self.held.is_empty() {
            return None;
        }
        let tail = self.window.word(pair::TAIL);
        self.producer.place(self.layout.longest, tail)
    }

    /// The memory of a place.
    #[allow(unsafe_code)]
    #[inline]
    pub(super) fn memory(&mut self, place: Place) -> &mut [u8] {
        let begin = CONTROL + place.at;
        let len = place.room.min(self.layout.longest);
        // SAFETY: the place is between head and tail, or behind a wrap that the head has not come back to. The
        // receiver does not read there until `publish` (rules 1 and 3 of the ring): at its tail it looks at no more
        // than the length of a head before it knows that it is a frame, and a leap leads so far behind a wrap. Nor
        // does the supervisor, which reads as a receiver does. The only producer is `self`, borrowed mutably. All
        // others map the ring read-only.
        unsafe { self.window.bytes_mut(begin..begin + len) }
    }

    /// Publishes what has been written to a place. `Closed` leaves nothing behind.
    #[inline]
    pub(super) fn publish(&mut self, place: Place, len: usize) -> Result<(), LinkError> {
        if let Some((at, mark)) = place.mark() {
            // Unpublished, like the frame itself, until the head moves.
            self.window.word(CONTROL + at).store(mark, Relaxed);
        }
        let (head, leap) = (self.window.word(pair::HEAD), self.window.word(pair::LEAP));
        if self.retired {
            return Err(LinkError::Closed);
        }
        match self
            .producer
            .publish(place, len.next_multiple_of(8), head, leap)
        {
            Ok(()) => {
                if len <= SHORT {
                    // The next is likely as long, and the lines it goes to are the receiver's as yet.
                    let next = CONTROL + place.at + len;
                    self.window.prepare_to_write(next..next + len);
                }
                self.inbox.ring(self.mark, self.is_waited_for);
                Ok(())
            }
            Err(ring::Closed) => Err(LinkError::Closed),
        }
    }

    /// What becomes of a sender that is killed when it has published a frame.
    #[cfg(test)]
    pub(super) fn publish_and_be_killed(&mut self, place: Place, len: usize) {
        let (head, leap) = (self.window.word(pair::HEAD), self.window.word(pair::LEAP));
        let published = self
            .producer
            .publish(place, len.next_multiple_of(8), head, leap);
        assert_eq!(published, Ok(()));
    }

    /// Sends a frame that is elsewhere. Where there is no room for it, the peer will tell of some.
    #[inline]
    pub(super) fn send(&mut self, frame: &[u8], slots: &Mutex<Slots>) -> Result<(), LinkError> {
        self.insist(slots, |link| link.try_send(frame))
    }

    /// Sends the message in a slot, as [`send`](Self::send) does.
    pub(super) fn send_slot(
        &mut self,
        head: &Head,
        slot: (usize, u64),
        len: usize,
        slots: &Mutex<Slots>,
    ) -> Result<(), LinkError> {
        self.insist(slots, |link| link.try_send_slot(head, slot, len))
    }

    /// Tries again after having asked to be told of room, for it may have come in between.
    #[inline]
    fn insist(
        &mut self,
        slots: &Mutex<Slots>,
        mut send: impl FnMut(&mut Self) -> Result<(), LinkError>,
    ) -> Result<(), LinkError> {
        self.reclaim(slots);
        match send(self) {
            Err(LinkError::Full) => {
                self.ask_for_room();
                self.reclaim(slots);
                send(self)
            }
            sent => sent,
        }
    }

    /// Has the peer tell of room, and of slots that it lets go of.
    pub(super) fn ask_for_room(&self) {
        doorbell::ask_for_room(self.window.word(pair::WAITING));
    }

    #[inline]
    fn try_send(&mut self, frame: &[u8]) -> Result<(), LinkError> {
        if !self.held.is_empty() && self.unread() >= self.mailbox {
            return Err(self.refusal());
        }
        let tail = self.window.word(pair::TAIL);
        let Some(place) = self.producer.place(frame.len().next_multiple_of(8), tail) else {
            return Err(self.refusal());
        };
        self.memory(place)[..frame.len()].copy_from_slice(frame);
        self.publish(place, frame.len())
    }

    /// Sends the head of a message, and where the whole of it is.
    fn try_send_slot(
        &mut self,
        head: &Head,
        (slot, number): (usize, u64),
        len: usize,
    ) -> Result<(), LinkError> {
        let unread = self.unread();
        if unread > 0 && unread + len > self.mailbox {
            return Err(self.refusal());
        }
        let size = head.size();
        let mut frame = [0; LONGEST_HEAD + WHERE];
        head.write(&mut frame);
        frame[size..size + 8].copy_from_slice(&(slot as u64).to_le_bytes());
        frame[size + 8..size + WHERE].copy_from_slice(&number.to_le_bytes());
        let tail = self.window.word(pair::TAIL);
        let size = size + WHERE;
        let Some(place) = self.producer.place(size, tail) else {
            return Err(self.refusal());
        };
        self.memory(place)[..size].copy_from_slice(&frame[..size]);
        self.publish(place, size)?;
        self.held.add(slot, len, number);
        Ok(())
    }

    /// How many bytes the peer has not read.
    fn unread(&mut self) -> usize {
        let tail = self.window.word(pair::TAIL);
        self.producer.used(tail) + self.held.bytes()
    }

    /// A full ring may also be closed, and then nobody makes room.
    fn refusal(&self) -> LinkError {
        match self.is_closed() {
            true => LinkError::Closed,
            false => LinkError::Full,
        }
    }

    /// Takes back the slots that the peer has read, or all when its process is gone. One that takes no more
    /// messages may still look at those that it has.
    #[inline]
    pub(super) fn reclaim(&mut self, slots: &Mutex<Slots>) {
        if !self.held.is_empty() {
            self.reclaim_read(slots);
        }
    }

    fn reclaim_read(&mut self, slots: &Mutex<Slots>) {
        let mut read = [0u64; SLOTS / 64];
        for (n, bits) in read.iter_mut().enumerate() {
            let word = self.window.word(pair::released(self.generation, n));
            if word.load(Relaxed) != 0 {
                *bits = word.swap(0, SeqCst);
            }
        }
        let gone = self.is_gone();
        let number_read = |slot| {
            self.window
                .word(pair::read(self.generation, slot))
                .load(Acquire)
        };
        let is_read = |slot: usize, number: u64| {
            gone || read[slot / 64] & 1 << (slot % 64) != 0 && number_read(slot) == number
        };
        self.held.release(is_read, &mut lock(slots));
    }

    /// The body of a frame that has been written to a place and not published.
    pub(super) fn unpublished(&self, place: Place, head: usize, len: usize) -> Vec<u8> {
        let mut body = Vec::new();
        self.window
            .copy_to(CONTROL + place.at + head, len - head, &mut body);
        body
    }

    /// Whether the answer to a request is there.
    pub(super) fn is_answered(&self, request: u64) -> bool {
        self.window.word(pair::ANSWERED).load(SeqCst) == request
    }

    /// The answer to a request, if it is there.
    pub(super) fn answer(
        &mut self,
        request: u64,
        file: &SharedFile,
        limit: usize,
    ) -> Option<Answer> {
        if !self.is_answered(request) {
            return None;
        }
        let size = self.window.word(pair::ANSWER_SIZE).load(Acquire);
        let place = self.window.word(pair::ANSWER_PLACE).load(Acquire);
        let (outcome, len) = ((size >> 56) as u8, (size & (u64::MAX >> 8)) as usize);
        let read = match len <= limit.max(pair::ANSWER_ROOM) {
            true => self.read_answer(request, place, len, file),
            false => Err(io::Error::other("it is too long")),
        };
        let answer = read.and_then(|body| {
            Answer::of_parts(outcome, body).map_err(|error| io::Error::other(error.to_string()))
        });
        Some(answer.unwrap_or_else(|error| Answer::Failed(format!("the answer is lost: {error}"))))
    }

    fn read_answer(
        &mut self,
        request: u64,
        place: u64,
        len: usize,
        file: &SharedFile,
    ) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if place == 0 && len <= pair::ANSWER_ROOM {
            self.window.copy_to(pair::ANSWER, len, &mut body);
            return Ok(body);
        }
        let place = answer_slot(place).filter(|_| SLOT_HEAD + len <= self.layout.slot);
        let (generation, slot) = place.ok_or_else(|| io::Error::other("it names no place"))?;
        // That of whoever has answered, which may be a later incarnation than that of the request.
        let answerer = AgentId::new(self.peer.slot(), generation as u16);
        let place = self.layout.slots(answerer) + (slot * self.layout.slot) as u64;
        let view = match &mut self.answers {
            Some((mapped, view)) if *mapped == place => view,
            other => &mut other.insert((place, file.view(place, self.layout.slot)?)).1,
        };
        view.copy_to(SLOT_HEAD, len, &mut body);
        self.give_up(request);
        Ok(body)
    }

    /// Looks at no answer to this request or an earlier one any more: the peer may use the slot of such an
    /// answer for something else.
    pub(super) fn give_up(&self, request: u64) {
        self.window.word(pair::TAKEN).store(request, Release);
        if doorbell::offer_room(self.window.word(pair::TAKING)) {
            self.inbox.tell_of_room();
        }
    }
}
