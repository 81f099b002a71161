//! The protocols under every order of their steps, as far as a bound on preemptions goes. What they do
//! with memory that processors may see in another order than it was written in is part of it.
//!
//! `LOOM_MAX_PREEMPTIONS` sets another bound: 4 takes half a minute.

use super::alarm;
use super::doorbell::{self, Sleep};
use super::ring::{self, Consumer, Producer};
use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering::*};
use loom::sync::{Arc, Condvar, Mutex};
use loom::thread;

const CAPACITY: usize = 64;

pub(super) fn explore(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(2));
    builder.check(model);
}

/// The memory of a ring. Each word of a frame is how many words it has, and its number.
pub(super) struct Memory {
    head: AtomicU64,
    tail: AtomicU64,
    leap: AtomicU64,
    data: Vec<Cell>,
}

/// A word that has one owner at a time.
struct Cell {
    value: AtomicU64,
    owner: UnsafeCell<()>,
}

impl Cell {
    fn new() -> Cell {
        Cell {
            value: AtomicU64::new(0),
            owner: UnsafeCell::new(()),
        }
    }

    /// Fails where somebody may read or write at the same time.
    fn write(&self, value: u64) {
        self.owner.with_mut(|_| self.value.store(value, Relaxed));
    }

    /// Fails where somebody may write at the same time.
    fn read(&self) -> u64 {
        self.owner.with(|_| self.value.load(Relaxed))
    }
}

impl Memory {
    pub(super) fn new(capacity: usize) -> Memory {
        Memory {
            head: AtomicU64::new(0),
            tail: AtomicU64::new(0),
            leap: AtomicU64::new(0),
            data: (0..capacity / 8).map(|_| Cell::new()).collect(),
        }
    }

    fn capacity(&self) -> usize {
        8 * self.data.len()
    }

    pub(super) fn producer(&self) -> Producer {
        Producer::new(self.capacity(), &self.head, &self.tail, &self.leap).unwrap()
    }

    pub(super) fn consumer(&self) -> Consumer {
        Consumer::new(self.capacity(), &self.tail).unwrap()
    }

    fn send(&self, producer: &mut Producer, number: u64) -> Option<Result<(), ring::Closed>> {
        self.send_words(producer, number, 2 + number as usize % 2)
    }

    pub(super) fn send_words(
        &self,
        producer: &mut Producer,
        number: u64,
        words: usize,
    ) -> Option<Result<(), ring::Closed>> {
        let place = producer.place(8 * words, &self.tail)?;
        for word in &self.data[place.at / 8..place.at / 8 + words] {
            word.write((words as u64) << 32 | number);
        }
        if let Some((at, mark)) = place.mark() {
            self.data[at / 8].write(mark);
        }
        Some(producer.publish(place, 8 * words, &self.head, &self.leap))
    }

    pub(super) fn read(&self, at: usize) -> u64 {
        self.data[at / 8].read()
    }

    pub(super) fn receive(&self, consumer: &mut Consumer) -> Option<u64> {
        let read = |at| self.read(at);
        let (at, most) = consumer.next(&self.head, read).unwrap()?;
        let first = read(at);
        let (words, number) = ((first >> 32) as usize, first & 0xffff_ffff);
        assert!(8 * words <= most, "frame {number} at {at} has {most} bytes");
        for word in 1..words {
            assert_eq!(read(at + 8 * word), first, "torn");
        }
        consumer.advance(8 * words, &self.tail);
        Some(number)
    }
}

/// What a process sleeps on. The system looks at the word once more, and marks awake whom it wakes.
struct Bed {
    sleep: AtomicU32,
    system: Mutex<()>,
    woken: Condvar,
}

impl Bed {
    fn new() -> Bed {
        Bed {
            sleep: AtomicU32::new(Sleep::Awake as u32),
            system: Mutex::new(()),
            woken: Condvar::new(),
        }
    }

    /// Sleeps until there is something. One that is never woken is a deadlock, which the model finds.
    fn sleep_until(&self, what_for: Sleep, there: impl Fn() -> bool) {
        while !there() && doorbell::lie_down(&self.sleep, what_for, &there) {
            let system = self.system.lock().unwrap();
            if self.sleep.load(SeqCst) == what_for as u32 {
                drop(self.woken.wait(system).unwrap());
            }
            doorbell::get_up(&self.sleep);
        }
    }

    fn wake(&self) {
        let _system = self.system.lock().unwrap();
        self.sleep.store(Sleep::Awake as u32, SeqCst);
        self.woken.notify_one();
    }
}

#[test]
fn what_is_published_is_read_whole_and_in_order_across_the_end_of_the_ring() {
    explore(|| {
        let memory = Arc::new(Memory::new(CAPACITY));
        let (mut producer, mut consumer) = (memory.producer(), memory.consumer());
        for number in 0..2 {
            assert!(memory.send(&mut producer, number).is_some());
        }
        let there = Arc::clone(&memory);
        let sending = thread::spawn(move || {
            let sent = (2..5).take_while(|n| there.send(&mut producer, *n).is_some());
            sent.count() as u64
        });
        let early = (0..3).map_while(|_| memory.receive(&mut consumer)).count() as u64;
        let mut numbers: Vec<u64> = (0..early).collect();
        let sent = sending.join().unwrap();
        numbers.extend(std::iter::from_fn(|| memory.receive(&mut consumer)));
        assert!(numbers.iter().copied().eq(0..2 + sent), "{numbers:?}");
    });
}

#[test]
fn who_closes_a_ring_sees_exactly_what_was_accepted() {
    explore(|| {
        let memory = Arc::new(Memory::new(CAPACITY));
        let there = Arc::clone(&memory);
        let sending = thread::spawn(move || {
            let mut producer = there.producer();
            let accepted = (0..2).take_while(|n| there.send(&mut producer, *n) == Some(Ok(())));
            accepted.count() as u64
        });
        let there = Arc::clone(&memory);
        let receiving = thread::spawn(move || there.receive(&mut there.consumer()));
        receiving.join().unwrap();
        ring::close(&memory.head);
        let mut consumer = memory.consumer();
        let unread = std::iter::from_fn(|| memory.receive(&mut consumer)).count() as u64;
        let read = (memory.tail.load(Relaxed) != 0) as u64;
        let accepted = sending.join().unwrap();
        assert!(unread <= accepted && accepted <= unread + read);
        assert!(ring::is_closed(&memory.head));
        assert_eq!(memory.receive(&mut consumer), None, "published after all");
    });
}

/// Several senders that make something visible and ring, and whom they ring for.
struct House {
    bed: Bed,
    pending: AtomicU64,
    sent: [AtomicU64; 2],
    answered: AtomicU64,
}

impl House {
    fn new() -> Arc<House> {
        Arc::new(House {
            bed: Bed::new(),
            pending: AtomicU64::new(0),
            sent: [AtomicU64::new(0), AtomicU64::new(0)],
            answered: AtomicU64::new(0),
        })
    }

    /// As a ring is published, and its doorbell rung. Whether the receiver is to be woken.
    fn send(&self, sender: usize) -> bool {
        let sent = self.sent[sender].load(Relaxed);
        let moved = self.sent[sender].compare_exchange(sent, sent + 1, AcqRel, Relaxed);
        assert!(moved.is_ok());
        doorbell::ring(&self.pending, 1 << sender, &self.bed.sleep, false)
    }

    fn answer(&self) {
        super::word::Word::store(&self.answered, 1, SeqCst);
        if doorbell::knock(&self.bed.sleep) {
            self.bed.wake();
        }
    }

    /// Waits for marks, and looks at the rings of those who are marked.
    fn receive_until(&self, mut seen: impl FnMut([u64; 2]) -> bool) {
        let mut known = [0; 2];
        while !seen(known) {
            let marks = doorbell::take(&self.pending);
            for (sender, known) in known.iter_mut().enumerate() {
                if marks & 1 << sender != 0 {
                    *known = super::word::Word::load(&self.sent[sender], SeqCst);
                }
            }
            if marks == 0 {
                let there = || super::word::Word::load(&self.pending, SeqCst) != 0;
                self.bed.sleep_until(Sleep::ForAnything, there);
            }
        }
    }
}

#[test]
fn no_message_of_two_senders_is_slept_through() {
    explore(|| {
        let house = House::new();
        for (sender, count) in [(0, 2), (1, 1)] {
            let house = Arc::clone(&house);
            thread::spawn(move || {
                for _ in 0..count {
                    if house.send(sender) {
                        house.bed.wake();
                    }
                }
            });
        }
        house.receive_until(|seen| seen == [2, 1]);
    });
}

#[test]
fn a_sender_that_is_killed_before_it_wakes_anybody_keeps_nobody_asleep() {
    explore(|| {
        let house = House::new();
        let dying = Arc::clone(&house);
        thread::spawn(move || {
            dying.send(0);
        });
        let living = Arc::clone(&house);
        thread::spawn(move || {
            if living.send(1) {
                living.bed.wake();
            }
        });
        house.receive_until(|seen| seen[1] == 1);
    });
}

#[test]
fn who_waits_for_an_answer_sleeps_through_messages_and_not_through_the_answer() {
    explore(|| {
        let house = House::new();
        let sender = Arc::clone(&house);
        thread::spawn(move || {
            if sender.send(0) {
                sender.bed.wake();
            }
        });
        let other = Arc::clone(&house);
        thread::spawn(move || other.answer());
        let there = || super::word::Word::load(&house.answered, SeqCst) == 1;
        house.bed.sleep_until(Sleep::ForAnswers, there);
        house.receive_until(|seen| seen[0] == 1);
    });
}

/// A sender's full ring.
struct Full {
    memory: Memory,
    waiting: AtomicU64,
    told: AtomicU64,
    bed: Bed,
}

impl Full {
    fn new() -> (Arc<Full>, Producer) {
        let memory = Memory::new(CAPACITY);
        let mut producer = memory.producer();
        while memory.send(&mut producer, 0).is_some() {}
        let full = Full {
            memory,
            waiting: AtomicU64::new(0),
            told: AtomicU64::new(0),
            bed: Bed::new(),
        };
        (Arc::new(full), producer)
    }

    fn offer_room(&self) {
        if doorbell::offer_room(&self.waiting)
            && doorbell::tell_of_room(&self.told, &self.bed.sleep)
        {
            self.bed.wake();
        }
    }

    /// Sends when there is room.
    fn send(&self, producer: &mut Producer) -> Result<(), ring::Closed> {
        let mut seen = 0;
        loop {
            for asked in [false, true] {
                if asked {
                    doorbell::ask_for_room(&self.waiting);
                }
                match self.memory.send(producer, 0) {
                    Some(sent) => return sent,
                    None if ring::is_closed(&self.memory.head) => return Err(ring::Closed),
                    None => {}
                }
            }
            let told = || super::word::Word::load(&self.told, SeqCst);
            self.bed.sleep_until(Sleep::ForAnswers, || told() != seen);
            seen = told();
        }
    }
}

#[test]
fn who_waits_for_room_is_told_of_it() {
    explore(|| {
        let (full, mut producer) = Full::new();
        let receiver = Arc::clone(&full);
        let receiving = thread::spawn(move || {
            let mut consumer = receiver.memory.consumer();
            // A receiver offers when it has read all there is.
            while receiver.memory.receive(&mut consumer).is_some() {}
            receiver.offer_room();
        });
        assert_eq!(full.send(&mut producer), Ok(()));
        receiving.join().unwrap();
    });
}

#[test]
fn who_waits_for_room_in_a_ring_that_is_closed_is_told_of_that() {
    explore(|| {
        let (full, mut producer) = Full::new();
        let receiver = Arc::clone(&full);
        thread::spawn(move || {
            ring::close(&receiver.memory.head);
            receiver.offer_room();
        });
        assert_eq!(full.send(&mut producer), Err(ring::Closed));
    });
}

/// One timer that is set for an earlier sleep and goes off while another begins.
#[test]
fn no_sleep_begins_unnoticed_when_the_timer_goes_off() {
    explore(|| {
        let set_to = Arc::new(AtomicU64::new(0));
        alarm::mark_set(&*set_to, 1);
        let bed = Arc::new(Bed::new());
        let (timer, sleeper) = (Arc::clone(&set_to), Arc::clone(&bed));
        thread::spawn(move || {
            alarm::unset(&*timer);
            if doorbell::knock(&sleeper.sleep) {
                sleeper.wake();
            }
        });
        // The sleep is to end later, when the timer has been set anew: here it ends with seeing that.
        bed.sleep_until(Sleep::ForAnything, || !alarm::is_set(&*set_to, 2));
    });
}
