//! What a broken peer may have written, read by everything that reads it: for fuzzing and for tests.

use super::inbox::{Inbox, Mark};
use super::incoming::{IN_SLOT, WHERE};
use super::layout::{CONTROL, SLOT_HEAD, pair};
use super::marks::{LEAP, WRAP};
use super::outgoing::Outgoing;
use super::{Estate, Place, SharedMemory};
use crate::id::AgentId;
use crate::sys::shared_file::Window;
use crate::transport::{Arrival, Identity, Limits, Link, Transport};
use crate::wire::body::Body;
use crate::wire::frame::Answer;
use crate::wire::head::{Envelope, HEAD, Head, LONGEST_HEAD};
use crate::wire::parcel::Parcel;
use std::io;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

const LIMITS: Limits = Limits {
    mailbox: 4096,
    message: 60_000,
};

/// Where somebody can write who has a ring to the reader, and the reader.
struct Scene {
    estate: Estate,
    reader: SharedMemory,
    link: Link,
    inbox: Inbox,
    /// The pair from the broken one to the reader, and the one back.
    there: Window,
    back: Window,
    /// The first slot of the broken one, and the number of the message in it.
    slot: Window,
    number: u64,
    /// Where the next frame is written.
    at: usize,
    hand: Parcel,
    kept: Vec<Body>,
}

/// Takes each step that the bytes stand for. It must not panic, nor touch memory that is not there.
///
/// # Errors
/// Where the system has no memory.
pub(crate) fn read(bytes: &[u8]) -> io::Result<()> {
    let mut scene = Scene::new()?;
    let mut bytes = bytes.iter().copied();
    while let Some(step) = bytes.next() {
        let mut next = || u64::from(bytes.next().unwrap_or_default());
        let number = next() | next() << 8;
        scene.step(step, number, &mut next)?;
    }
    while scene.next() {
        let body = scene.hand.body.take();
        scene.kept.push(body);
    }
    scene.touch();
    // Whatever the rings hold by now, the supervisor comes to terms with it.
    let (broken, reader) = (AgentId::new(1, 0), AgentId::new(2, 0));
    let place = scene.at as u64;
    let begun = Some(Place {
        sender: broken,
        place,
    });
    let _ = scene.estate.hand_over(reader, begun);
    let _ = scene.estate.settle(reader, begun);
    scene.estate.settle(broken, None)?;
    Ok(())
}

impl Scene {
    fn new() -> io::Result<Scene> {
        let (broken, reader) = (AgentId::new(1, 0), AgentId::new(2, 0));
        let estate = Estate::create(LIMITS)?;
        estate.admit(reader);
        let identity = Identity {
            run: 0,
            token: [0; 16],
            id: reader,
            limits: LIMITS,
            occupied: super::Occupied::new(),
        };
        let memory = estate.descriptor().try_clone_to_owned()?;
        let mut open = SharedMemory::open(&identity, memory)?;
        let (file, layout) = (&open.file, open.layout);
        Inbox::map(file, &layout, broken)?.open();
        let inbox = Inbox::map(file, &layout, reader)?;
        inbox.connect(Mark::of(broken));
        let there = file.window(layout.pair(broken, reader), layout.pair_len())?;
        let back = file.window(layout.pair(reader, broken), CONTROL)?;
        let slot = file.window(layout.slots(broken), layout.slot)?;
        let link = open.link(broken);
        let link = link.map_err(|error| io::Error::other(format!("{error:?}")))?;
        Ok(Scene {
            estate,
            reader: open,
            link,
            inbox,
            there,
            back,
            slot,
            number: 0,
            at: 0,
            hand: Parcel::default(),
            kept: Vec::new(),
        })
    }

    fn step(&mut self, step: u8, number: u64, next: &mut impl FnMut() -> u64) -> io::Result<()> {
        let words = [
            pair::HEAD,
            pair::TAIL,
            pair::WAITING,
            pair::TAKEN,
            pair::LEAP,
            pair::released(0, 0),
            pair::read(0, 0),
        ];
        match step % 15 {
            0..=2 => self.write_frame(step, number, next),
            3 => {
                let ring = CONTROL + self.at % 4096;
                self.there.word(ring).store(next() << 56 | number, SeqCst);
                self.at += 8;
            }
            4 => {
                let word = words[number as usize % words.len()];
                let value = next() << 8 | next() << 56 | next();
                self.there.word(word).store(value, SeqCst);
            }
            5 => {
                self.at = 8 * (number as usize % 512);
                let mark = [WRAP, LEAP | next() << 3][number as usize >> 9 & 1];
                self.there.word(CONTROL + self.at).store(mark, SeqCst);
            }
            6 => self.at = 8 * (number as usize % 512),
            7 => {
                let [answered, size, place] =
                    [pair::ANSWERED, pair::ANSWER_SIZE, pair::ANSWER_PLACE]
                        .map(|word| self.back.word(word));
                answered.store(1, SeqCst);
                size.store(next() << 56 | number, SeqCst);
                place.store(next() | next() << 60, SeqCst);
                let _ = self.reader.answer(self.link, 1);
            }
            8 => self.reader.drain(),
            9 => self.reader.look_again(),
            10 => self.kept.clear(),
            11 => self.send(number)?,
            12 => {
                let word = [pair::HEAD, pair::TAIL, pair::LEAP][number as usize % 3];
                let [half, other] = [0; 2].map(|_| 8 * next() + (next() & 1) * 2048);
                let shift = if word == pair::LEAP { 32 } else { 0 };
                let value = half | other << shift | (number >> 8) << 56;
                self.back.word(word).store(value, SeqCst);
            }
            13 => {
                let (file, layout) = (&self.reader.file, self.reader.layout);
                let (from, to) = (self.reader.id, AgentId::new(1, 0));
                let own = &self.reader.inbox;
                if let Ok(Some(anew)) =
                    Outgoing::connect(file, layout, LIMITS.mailbox, (from, own), to)
                {
                    self.reader.outgoing[self.link.0] = anew;
                }
            }
            _ => self.receive(number),
        }
        Ok(())
    }

    /// Writes a frame that is nearly right, and publishes it.
    fn write_frame(&mut self, kind: u8, number: u64, next: &mut impl FnMut() -> u64) {
        let envelope = Envelope::new(
            5,
            AgentId::new(1 + (next() as u32 >> 7), next() as u16 % 16),
            1,
        );
        let request = (kind & 16 != 0).then_some((1, Duration::from_micros(number)));
        let head = Head::message(envelope, request).with_detail(next() as u8 % 3);
        let length = number as usize % 5_000 * if kind & 32 == 0 { 1 } else { 20 };
        let mut frame = vec![0; head.size() + WHERE];
        if let Some(head) = head.with_length(length) {
            head.write(&mut frame);
        }
        let slot = next() << if kind & 64 == 0 { 0 } else { 40 };
        // Now and then it is there as it says.
        if slot == 0 && head.detail == IN_SLOT {
            let head = head.with_detail(0).with_length(length);
            let mut bytes = [0; LONGEST_HEAD];
            head.inspect(|head| head.write(&mut bytes));
            self.slot.store_bytes(SLOT_HEAD, &bytes);
            self.number += 1 + (number & 1);
            self.slot.word(0).store(self.number, SeqCst);
        }
        let [of_slot, of_message] = [slot, self.number].map(u64::to_le_bytes);
        frame[head.size()..].copy_from_slice(&[of_slot, of_message].concat());
        let at = self.at.min(4096 - frame.len());
        self.there.store_bytes(CONTROL + at, &frame);
        let in_ring = if head.detail == IN_SLOT {
            WHERE
        } else {
            length
        };
        self.at = (at + (head.size() + in_ring).next_multiple_of(8)).min(4088);
        self.there.word(pair::HEAD).store(self.at as u64, SeqCst);
        self.inbox.ring(Mark::of(AgentId::new(1, 0)), false);
    }

    /// Has the reader send something to the broken one.
    fn send(&mut self, number: u64) -> io::Result<()> {
        let envelope = Envelope::new(5, self.reader.id, 1);
        let only = (number & 1 == 0).then_some(self.link);
        let mut sink = self.reader.compose(only, HEAD);
        sink.append(&vec![7; number as usize >> 1 & 2047]);
        let written = sink.finish();
        let _ = self.reader.send(self.link, &envelope, written);
        Ok(())
    }

    /// Takes a message, and keeps it or leaves it where it was put.
    fn receive(&mut self, number: u64) {
        if self.next() {
            if let Some(call) = self.hand.call.take() {
                let body = vec![3; number as usize];
                call.reply_path.reply(call.request, &Answer::Value(&body));
            }
            if number & 1 == 0 {
                self.kept.push(self.hand.body.take());
            }
        }
        self.touch();
    }

    fn next(&mut self) -> bool {
        let arrival = self.reader.receive(&mut self.hand, |_, _, _| ());
        matches!(arrival, Some(Arrival::Message))
    }

    fn touch(&self) {
        for body in self.kept.iter().chain([&self.hand.body]) {
            let bytes = body.as_slice();
            assert!(bytes.len() <= LIMITS.message);
            std::hint::black_box(bytes.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn noise_in_any_order_is_read_without_harm(
            bytes in prop::collection::vec(any::<u8>(), 0..300)
        ) {
            super::read(&bytes).unwrap();
        }
    }
}
