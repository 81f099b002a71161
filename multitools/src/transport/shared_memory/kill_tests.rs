//! Both ends of a ring, killed before any of the words that they store.

use super::marks::BEHIND;
use super::ring::{Consumer, Producer};
use super::word::Word;
use proptest::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Who stores something, until it is killed.
#[derive(Default)]
struct Life {
    /// After how many stores each is killed, one after the other; nobody afterwards.
    deaths: RefCell<VecDeque<usize>>,
    is_over: Cell<bool>,
    stores: Cell<usize>,
}

impl Life {
    /// Whether the next store still happens.
    fn goes_on(&self) -> bool {
        let mut deaths = self.deaths.borrow_mut();
        if !self.is_over.get() {
            self.stores.set(self.stores.get() + 1);
            match deaths.front_mut() {
                Some(0) => {
                    deaths.pop_front();
                    self.is_over.set(true);
                }
                Some(left) => *left -= 1,
                None => {}
            }
        }
        !self.is_over.get()
    }
}

/// A word of the shared memory.
struct Shared {
    value: AtomicU64,
    life: Rc<Life>,
}

impl Shared {
    fn change<T>(&self, change: impl FnOnce(&AtomicU64) -> T) -> Option<T> {
        self.life.goes_on().then(|| change(&self.value))
    }
}

impl Word for Shared {
    fn load(&self, order: Ordering) -> u64 {
        self.value.load(order)
    }
    fn store(&self, value: u64, order: Ordering) {
        self.change(|word| word.store(value, order));
    }
    fn swap(&self, value: u64, order: Ordering) -> u64 {
        let swapped = self.change(|word| word.swap(value, order));
        swapped.unwrap_or_default()
    }
    fn fetch_add(&self, value: u64, order: Ordering) -> u64 {
        let added = self.change(|word| word.fetch_add(value, order));
        added.unwrap_or_default()
    }
    fn fetch_or(&self, value: u64, order: Ordering) -> u64 {
        let set = self.change(|word| word.fetch_or(value, order));
        set.unwrap_or_default()
    }
    fn compare_exchange(
        &self,
        from: u64,
        to: u64,
        ok: Ordering,
        not: Ordering,
    ) -> Result<u64, u64> {
        let exchanged = self.change(|word| word.compare_exchange(from, to, ok, not));
        exchanged.unwrap_or(Err(from))
    }
    fn fence(&self) {}
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Send a frame of so many words.
    Send(usize),
    Receive,
}

struct Ring {
    life: Rc<Life>,
    head: Shared,
    tail: Shared,
    leap: Shared,
    data: Vec<u64>,
    producer: Producer,
    consumer: Consumer,
    /// What is published and not begun: its number, and how many words it has.
    unread: VecDeque<(u64, usize)>,
    /// Where the message is that was begun last.
    in_hand: Option<usize>,
    next_number: u64,
    leaps: usize,
}

/// The words of a frame; of a long one, not all.
fn frame((number, words): (u64, usize)) -> impl Iterator<Item = (usize, u64)> {
    let word = (words as u64) << 32 | number;
    (0..words.min(8))
        .chain(words - 1..words)
        .map(move |at| (at, word))
}

impl Ring {
    fn new(capacity: usize, deaths: &[usize]) -> Ring {
        let life = Rc::new(Life::default());
        let [head, tail, leap] = [0; 3].map(|value| Shared {
            value: AtomicU64::new(value),
            life: Rc::clone(&life),
        });
        let producer = Producer::new(capacity, &head, &tail, &leap).unwrap();
        let consumer = Consumer::new(capacity, &tail).unwrap();
        life.deaths.borrow_mut().extend(deaths);
        Ring {
            life,
            head,
            tail,
            leap,
            data: vec![0; capacity / 8],
            producer,
            consumer,
            unread: VecDeque::new(),
            in_hand: None,
            next_number: 0,
            leaps: 0,
        }
    }

    fn capacity(&self) -> usize {
        8 * self.data.len()
    }

    fn write(&mut self, words: impl Iterator<Item = (usize, u64)>) {
        if self.life.goes_on() {
            words.for_each(|(at, word)| self.data[at] = word);
        }
    }

    fn send(&mut self, words: usize) {
        let Some(place) = self.producer.place(8 * words, &self.tail) else {
            return;
        };
        let begin = place.at / 8;
        let noise = begin..begin + (place.room / 8).min(512);
        self.write(noise.map(|at| (at, u64::MAX - 1)));
        let number = self.next_number;
        self.write(frame((number, words)).map(|(at, word)| (begin + at, word)));
        if let Some((at, mark)) = place.mark() {
            self.write([(at / 8, mark)].into_iter());
        }
        let sent = self
            .producer
            .publish(place, 8 * words, &self.head, &self.leap);
        if sent.is_ok() {
            self.unread.push_back((number, words));
            self.next_number += 1;
            self.leaps += usize::from(place.led_from.is_some() && place.at > 0);
        }
        while self.life.is_over.replace(false) {
            let (head, tail, leap) = (&self.head, &self.tail, &self.leap);
            self.producer = Producer::new(self.capacity(), head, tail, leap).unwrap();
        }
    }

    /// Where the oldest unread message is, which is checked.
    fn find(&self, consumer: &mut Consumer, expected: (u64, usize)) -> usize {
        let read = |at: usize| self.data[at / 8];
        let found = consumer.next(&self.head, read).unwrap();
        let (at, most) = found.expect("published and not found");
        assert!(8 * expected.1 <= most && at + most <= self.capacity());
        for (word, value) in frame(expected) {
            assert_eq!(read(at + 8 * word), value, "torn");
        }
        at
    }

    fn receive(&mut self) {
        let Some(oldest) = self.unread.pop_front() else {
            return;
        };
        let mut consumer = Consumer::new(self.capacity(), &self.tail).unwrap();
        std::mem::swap(&mut consumer, &mut self.consumer);
        let begun = self.find(&mut consumer, oldest);
        self.in_hand = Some(begun);
        consumer.advance(8 * oldest.1, &self.tail);
        self.consumer = consumer;
        if self.life.is_over.replace(false) {
            // What the supervisor does before another takes its place.
            let mut skipping = Consumer::new(self.capacity(), &self.tail).unwrap();
            assert_eq!(self.find(&mut skipping, oldest), begun);
            skipping.skip(8 * oldest.1);
            self.life.is_over.set(false);
            self.tail
                .value
                .store(skipping.tail() as u64, Ordering::SeqCst);
            self.consumer = Consumer::new(self.capacity(), &self.tail).unwrap();
        }
    }

    /// Whoever comes now finds all that is unread, and nothing else.
    fn check(&mut self) {
        let mut walking = Consumer::new(self.capacity(), &self.tail).unwrap();
        for (place, expected) in self.unread.iter().enumerate() {
            let at = self.find(&mut walking, *expected);
            let is_first = place == 0;
            assert!(
                !is_first || self.in_hand != Some(at),
                "taken for what is in hand"
            );
            walking.skip(8 * expected.1);
        }
        let beyond = walking.next(&self.head, |at| self.data[at / 8]);
        assert_eq!(beyond, Ok(None));
        let unread: usize = self.unread.iter().map(|(_, words)| 8 * words).sum();
        let used = self.producer.used(&self.tail);
        assert!(
            (unread..=unread + BEHIND + 8).contains(&used),
            "{used} of {unread}"
        );
    }
}

fn run(capacity: usize, steps: &[Step], deaths: &[usize]) -> Ring {
    let mut ring = Ring::new(capacity, deaths);
    for step in steps {
        match *step {
            Step::Send(words) => ring.send(words),
            Step::Receive => ring.receive(),
        }
        ring.check();
    }
    while !ring.unread.is_empty() {
        ring.receive();
    }
    ring.check();
    ring
}

/// Whoever is about to store the so manieth word is killed, and so is whoever stores one of so many after that.
fn kill_everywhere(capacity: usize, steps: &[Step], after_that: usize) -> Ring {
    let alive = run(capacity, steps, &[]);
    for first in 0..alive.life.stores.get() {
        for second in 0..after_that {
            run(capacity, steps, &[first, second]);
        }
    }
    alive
}

fn steps(longest: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (3..=longest).prop_map(Step::Send),
        3 => Just(Step::Receive),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn r14_whoever_is_killed_at_any_step_leaves_all_that_is_unread(
        (words, steps) in (16_usize..80).prop_flat_map(|words| (Just(words), steps(words / 4 + 3)))
    ) {
        kill_everywhere(8 * words, &steps, 4);
    }

    #[test]
    fn r14_so_do_all_who_are_killed_one_after_the_other(
        words in 32_usize..80, steps in steps(8), deaths in prop::collection::vec(0_usize..9, 0..40)
    ) {
        run(8 * words, &steps, &deaths);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Where the ring begins again before its end.
    #[test]
    fn r14_so_does_whoever_is_killed_in_a_large_ring(
        words in 33_000_usize..60_000,
        steps in steps(8192),
        deaths in prop::collection::vec(0_usize..20, 0..40),
    ) {
        run(8 * words, &steps, &deaths);
    }
}

/// Early wraps, and a leap behind each, that is read before there is another.
#[test]
fn r14_whoever_is_killed_at_any_step_of_two_leaps_leaves_all_that_is_unread() {
    let turn = |kept: usize| {
        let reads = std::iter::repeat_n(Step::Receive, 24);
        let keeping_up = [Step::Send(4_000), Step::Receive].repeat(3);
        let floods = std::iter::repeat_n(Step::Send(4_000), kept);
        keeping_up.into_iter().chain(floods).chain(reads)
    };
    let steps: Vec<Step> = turn(9).chain(turn(9)).collect();
    let alive = kill_everywhere(300_000, &steps, 4);
    assert!(alive.leaps >= 2, "{}", alive.leaps);
}

/// One is killed when it has written down that it leaps, and another when the place that it would have leapt to
/// has been written to after all.
#[test]
fn r14_a_leap_that_was_not_made_is_not_taken_for_one() {
    use Step::{Receive, Send};
    let leap = [Send(8), Receive, Send(3), Send(7), Send(3)];
    assert_eq!(run(144, &leap, &[]).leaps, 1);
    let steps = [&leap[..], &[Receive, Receive, Send(8), Send(3), Receive]].concat();
    kill_everywhere(144, &steps, 40);
}
