//! The receiving end of a pair.

use super::backward::Backward;
use super::inbox::{Inbox, InboxReader};
use super::layout::{CONTROL, Layout, SLOT_HEAD, SLOTS, generation, pair};
use super::lease::{Hold, Lease};
use super::ring::{self, Consumer, Corrupt};
use super::slots::Slots;
use crate::id::AgentId;
use crate::sys::clock;
use crate::sys::shared_file::{SharedFile, View};
use crate::transport::Begun;
use crate::wire::body::Body;
use crate::wire::frame::{Call, FrameError, ReplyPath};
use crate::wire::head::{Envelope, HEAD, Head};
use crate::wire::parcel::Parcel;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};

/// Says in a head that the message is in a slot of its sender.
pub(super) const IN_SLOT: u8 = 1;
/// How many bytes follow such a head in the ring: the numbers of the slot and of the message in it.
pub(super) const WHERE: usize = 16;

/// How much is copied at once where there is as much: some hundred short messages, and few enough that they
/// stay in the nearest cache.
const BURST: usize = 8 << 10;

/// A pair as its receiver has it.
pub(super) struct Incoming {
    /// The slot of the sender.
    sender: u32,
    data: View,
    consumer: Consumer,
    pub(super) backward: Arc<Backward>,
    layout: Layout,
    message_limit: usize,
    /// What has been borrowed from each slot, by its place, and the number of the latest of it.
    leases: HashMap<u64, Arc<Lease>>,
    borrowed: u64,
    /// How many bytes have been read since the sender was last asked whether it waits.
    unasked: usize,
    /// Whether it is among those that are to be read.
    pub(super) queued: bool,
    /// Whether somebody waits until what is known to be in the ring has been read.
    pub(super) draining: bool,
    /// Whether it has sent what is no frame.
    given_up: bool,
    /// The number of the burst that has been copied and begins with the oldest message; nought for none.
    burst: u64,
    /// The message that was taken out and is not done.
    retained: Option<Retained>,
}

/// A message that is no request and in the ring as it is.
struct Plain {
    envelope: Envelope,
    /// How long its body is.
    length: usize,
    /// How long its frame is.
    size: usize,
}

/// A message that stays in the ring until it is done.
struct Retained {
    /// How much of the ring it takes.
    size: usize,
    /// Its slot is not written to either.
    _lease: Option<Hold>,
}

/// What makes a ring useless.
#[derive(Debug)]
pub(super) enum Broken {
    /// Its words or heads make no sense.
    Overwritten,
    /// A head that is none.
    Frame(FrameError),
    /// A slot that cannot be mapped.
    Memory(io::Error),
}

impl From<Corrupt> for Broken {
    fn from(_: Corrupt) -> Broken {
        Broken::Overwritten
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Broken::Overwritten => f.write_str("bytes that are no frames"),
            Broken::Frame(error) => error.fmt(f),
            Broken::Memory(error) => write!(f, "a message that cannot be reached: {error}"),
        }
    }
}

impl Incoming {
    pub(super) fn map(
        file: &SharedFile,
        layout: Layout,
        message_limit: usize,
        from: AgentId,
        to: AgentId,
        slots: Arc<Mutex<Slots>>,
        own: Arc<InboxReader>,
    ) -> io::Result<Incoming> {
        let place = layout.pair(from, to);
        let control = file.window(place, CONTROL)?;
        let data = file.view(place + CONTROL as u64, layout.pair_len() - CONTROL)?;
        let consumer = Consumer::new(layout.ring, control.word(pair::TAIL));
        let consumer = consumer.map_err(|Corrupt| {
            ring::close(control.word(pair::HEAD));
            io::Error::other("the ring has been overwritten")
        })?;
        Ok(Incoming {
            sender: from.slot(),
            data,
            consumer,
            backward: Arc::new(Backward::new(
                control,
                Inbox::map(file, &layout, from)?,
                slots,
                own,
                generation(to),
            )),
            layout,
            message_limit,
            leases: HashMap::new(),
            borrowed: 0,
            unasked: 0,
            queued: false,
            draining: false,
            given_up: false,
            burst: 0,
            retained: None,
        })
    }

    /// Takes out the oldest message where it is as most are: known to be there, no request, and in the ring as
    /// it is. Otherwise nothing has happened, and [`take`](Self::take) finds out what there is.
    #[inline]
    pub(super) fn take_plain(
        &mut self,
        into: &mut Parcel,
        retain: bool,
        begun: &mut impl Begun,
    ) -> bool {
        let Some((at, most)) = self.consumer.known() else {
            return false;
        };
        if self.given_up {
            return false;
        }
        let copied = self.next_ahead(&into.body);
        let next = copied.or_else(|| self.fetch(at, most, &mut into.body));
        let Some(Plain {
            envelope,
            length,
            size,
        }) = next
        else {
            return false;
        };
        into.body.take_ahead(HEAD, length, size);
        into.envelope = envelope;
        into.call = None;
        begun(envelope, at as u64, 0);
        if retain {
            self.consumer.skip(size);
            self.retained = Some(Retained { size, _lease: None });
        } else {
            self.let_go(size);
        }
        true
    }

    /// The oldest message, if it has been copied.
    #[inline]
    fn next_ahead(&self, body: &Body) -> Option<Plain> {
        let ahead = body.ahead(self.burst);
        let head = ahead.first_chunk()?;
        self.plain(Head::words_of(head), ahead.len())
    }

    /// A message of this sender, if that is what begins with this head, and it is all there.
    #[inline]
    fn plain(&self, head: [u64; HEAD / 8], most: usize) -> Option<Plain> {
        let (envelope, length) = Head::of_plain_message(head)?;
        let size = (HEAD + length).next_multiple_of(8);
        let is_sound =
            envelope.sender.slot() == self.sender && length <= self.message_limit && size <= most;
        is_sound.then_some(Plain {
            envelope,
            length,
            size,
        })
    }

    /// Copies what is known to be in the ring, or as much as is worth it: it is quicker than to copy message by
    /// message. They stay in the ring until each has been taken.
    #[inline(never)]
    fn fetch(&mut self, at: usize, most: usize, body: &mut Body) -> Option<Plain> {
        if most < HEAD {
            return None;
        }
        // That it may be changed after this look does no harm: what has been copied is looked at again.
        let first = self.plain(self.data.load_words(at), most)?;
        let len = most.min(first.size.max(BURST));
        self.burst = body.refill_ahead(|buffer| self.data.copy_to(at, len, buffer));
        self.next_ahead(body)
    }

    /// Takes out the oldest message, if there is one, or leaves it there until it is
    /// [`finish`](Self::finish)ed.
    pub(super) fn take(
        &mut self,
        file: &SharedFile,
        into: &mut Parcel,
        retain: bool,
        begun: &mut impl Begun,
    ) -> Result<bool, Broken> {
        if self.given_up {
            return Ok(false);
        }
        let head_word = self.backward.control.word(pair::HEAD);
        let next = self.consumer.next(head_word, |at| self.data.load(at))?;
        let Some((at, most)) = next else {
            return Ok(false);
        };
        if self.take_plain(into, retain, begun) {
            return Ok(true);
        }
        // What has been copied may begin with it.
        self.burst = 0;
        let head = self.head(at, most)?;
        let begin = at + head.size();
        let in_slot = head.detail == IN_SLOT;
        let length = if in_slot { WHERE } else { head.length as usize };
        let size = (head.size() + length).next_multiple_of(8);
        if size > most {
            return Err(Broken::Overwritten);
        }
        let lease = if in_slot {
            let [slot, number] = self.data.load_words(begin);
            let (body, lease) = self.borrow(file, &head, slot, number)?;
            into.body = body;
            Some(lease)
        } else {
            into.body
                .refill(|buffer| self.data.copy_to(begin, length, buffer));
            None
        };
        begun(head.envelope, at as u64, head.number);
        if let Some((request, _)) = head.request() {
            // While it is known to be in hand, and before it is not unread any more: whoever has asked is told if
            // this process ends without an answer.
            self.backward
                .control
                .word(pair::ASKED)
                .store(request, SeqCst);
        }
        if retain {
            self.consumer.skip(size);
            self.retained = Some(Retained {
                size,
                _lease: lease,
            });
        } else {
            self.let_go(size);
        }
        into.envelope = head.envelope;
        into.call = head.request().map(|(request, end)| Call {
            request,
            deadline: clock::of_shared(end),
            reply_path: Arc::clone(&self.backward) as Arc<dyn ReplyPath>,
        });
        Ok(true)
    }

    /// The message that was taken out last is done, if it has been left there.
    pub(super) fn finish(&mut self) {
        if let Some(retained) = self.retained.take() {
            self.let_go_of_skipped(retained.size);
        }
    }

    #[inline]
    fn let_go(&mut self, size: usize) {
        self.consumer.skip(size);
        self.let_go_of_skipped(size);
    }

    #[inline]
    fn let_go_of_skipped(&mut self, size: usize) {
        self.consumer.tell(self.backward.control.word(pair::TAIL));
        self.unasked += size;
        if self.unasked >= self.layout.ring / 4 {
            self.offer_room();
        }
    }

    /// Reads the head of a frame, once: what is checked is what is used.
    #[inline]
    fn head(&self, at: usize, most: usize) -> Result<Head, Broken> {
        let word = |n: usize| (8 * n + 8 <= most).then(|| self.data.load(at + 8 * n));
        let head = Head::of_words(word, self.message_limit).map_err(Broken::Frame)?;
        match head {
            Some(head) if head.is_forward() && head.envelope.sender.slot() == self.sender => {
                Ok(head)
            }
            _ => Err(Broken::Overwritten),
        }
    }

    /// Lends a message that is in a slot of its sender, which the lease keeps as it is.
    fn borrow(
        &mut self,
        file: &SharedFile,
        head: &Head,
        slot: u64,
        number: u64,
    ) -> Result<(Body, Hold), Broken> {
        let (begin, len) = (SLOT_HEAD + head.size(), head.length as usize);
        if slot >= SLOTS as u64 || begin + len > self.layout.slot || number <= self.borrowed {
            return Err(Broken::Overwritten);
        }
        let sender = head.envelope.sender;
        let place = self.layout.slots(sender) + slot * self.layout.slot as u64;
        let lease = match self.leases.get(&place) {
            Some(lease) => lease,
            None => {
                let view = file.view(place, self.layout.slot).map_err(Broken::Memory)?;
                let backward = Arc::clone(&self.backward);
                let lease = Lease::new(view, slot as usize, generation(sender), backward);
                self.leases.entry(place).or_insert(Arc::new(lease))
            }
        };
        let found = lease.head_of(number, self.message_limit);
        if found.is_none_or(|found| found.with_detail(IN_SLOT) != *head) {
            return Err(Broken::Overwritten);
        }
        let note = self.backward.own.note_lease(sender, slot);
        let hold =
            Lease::lend(lease, begin..begin + len, number, note).ok_or(Broken::Overwritten)?;
        self.borrowed = number;
        // A lease that could not be noted would never be released if this process were killed.
        let body = match note {
            Some(_) => Body::lent(hold.loan()),
            None => Body::from(hold.bytes().to_vec()),
        };
        Ok((body, hold))
    }

    /// Whether all is read that was known to be there.
    pub(super) fn look_ahead(&mut self) -> Result<bool, Corrupt> {
        if self.given_up {
            return Ok(true);
        }
        let head = self.consumer.look(self.backward.control.word(pair::HEAD))?;
        Ok(head == self.consumer.tail())
    }

    /// Whether everything that was there at the last look has been read.
    pub(super) fn is_past_last_look(&self) -> bool {
        self.consumer.is_at_known_head()
    }

    /// Tells the sender of room, if it waits for some.
    #[cold]
    pub(super) fn offer_room(&mut self) {
        self.unasked = 0;
        self.backward.offer_room();
    }

    /// The same where anything has been read since the last time.
    pub(super) fn offer_what_is_read(&mut self) {
        if self.unasked > 0 {
            self.offer_room();
        }
    }

    /// Takes no more from this sender, who is told so.
    pub(super) fn give_up(&mut self) {
        self.given_up = true;
        self.backward.close();
    }
}
