use super::*;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::atomic::AtomicU64;

/// A ring with both of its ends, and what is in it.
struct Ring {
    head: AtomicU64,
    tail: AtomicU64,
    leap: AtomicU64,
    data: Vec<u64>,
    producer: Producer,
    consumer: Consumer,
    /// What has been published and not let go of: where it is, and its number.
    unread: VecDeque<(Range<usize>, u64)>,
    published: u64,
    wraps: usize,
    leaps: usize,
}

/// What a frame begins with: never a [`WRAP`].
fn first_word(number: u64, words: usize) -> u64 {
    number << 32 | words as u64
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

impl Ring {
    fn new(capacity: usize) -> Ring {
        let (head, tail, leap) = Default::default();
        Ring {
            producer: Producer::new(capacity, &head, &tail, &leap).unwrap(),
            consumer: Consumer::new(capacity, &tail).unwrap(),
            head,
            tail,
            leap,
            data: vec![0; capacity / 8],
            unread: VecDeque::new(),
            published: 0,
            wraps: 0,
            leaps: 0,
        }
    }

    fn capacity(&self) -> usize {
        self.data.len() * 8
    }

    /// The sender is another process.
    fn send_anew(&mut self) {
        let (head, tail, leap) = (&self.head, &self.tail, &self.leap);
        self.producer = Producer::new(self.capacity(), head, tail, leap).unwrap();
    }

    /// Writes a frame of so many words and publishes it. `None` when there is no room.
    fn send(&mut self, words: usize) -> Option<Result<(), Closed>> {
        let size = 8 * words;
        let place = self.producer.place(size, &self.tail)?;
        let whole = place.at..place.at + place.room;
        assert!(place.room >= size && whole.end <= self.capacity());
        let mark = place.mark().map(|(at, _)| at..at + 8);
        for (frame, _) in &self.unread {
            assert!(!overlap(frame, &whole), "{place:?} reaches into {frame:?}");
            assert!(mark.iter().all(|mark| !overlap(frame, mark)), "{place:?}");
        }
        // All of the room may be written to before anything is published.
        let written = 4096.max(size).min(place.room);
        self.data[place.at / 8..(place.at + written) / 8].fill(WRAP - 1);
        let at = place.at / 8;
        self.data[at] = first_word(self.published, words);
        for word in 1..words {
            self.data[at + word] = self.published + word as u64;
        }
        if let Some((at, mark)) = place.mark() {
            assert!(at.is_multiple_of(8) && !overlap(&(at..at + 8), &whole));
            self.data[at / 8] = mark;
            match mark {
                WRAP => self.wraps += 1,
                _ => self.leaps += 1,
            }
        }
        let sent = self.producer.publish(place, size, &self.head, &self.leap);
        if sent.is_ok() {
            let frame = place.at..place.at + size;
            self.unread.push_back((frame, self.published));
            self.published += 1;
        }
        Some(sent)
    }

    /// Reads the oldest frame and compares it with what was written.
    fn receive(&mut self) -> Option<u64> {
        let data = &self.data;
        let next = self.consumer.next(&self.head, |at| data[at / 8]).unwrap();
        let Some((at, most)) = next else {
            assert_eq!(self.unread, [], "published and not found");
            return None;
        };
        let (frame, number) = self.unread.pop_front().expect("read what nobody wrote");
        assert_eq!(at, frame.start);
        assert!(frame.len() <= most && at + most <= self.capacity());
        let words = frame.len() / 8;
        assert_eq!(self.data[at / 8], first_word(number, words));
        for word in 1..words {
            assert_eq!(self.data[at / 8 + word], number + word as u64, "torn");
        }
        self.consumer.advance(frame.len(), &self.tail);
        Some(number)
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Send a frame of this part of the capacity, in 256ths.
    Send(usize),
    /// Read so many frames.
    Receive(usize),
    /// Both ends are taken up by others.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0usize..=256).prop_map(Step::Send),
        3 => (0usize..40).prop_map(Step::Send),
        4 => (1usize..6).prop_map(Step::Receive),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 0..150)
}

fn words_of(part: usize, capacity: usize) -> usize {
    (capacity * part / 256 / 8).max(1)
}

fn runs_of_any_kind_arrive_in_order(capacity: usize, steps: &[Step]) -> Ring {
    let mut ring = Ring::new(capacity);
    let mut next = 0;
    for step in steps {
        match *step {
            Step::Send(part) => {
                let words = words_of(part, capacity);
                let was_empty = ring.unread.is_empty();
                let sent = ring.send(words);
                assert_ne!(sent, Some(Err(Closed)));
                // Where nothing is in the way, what is no larger than half finds room.
                let fits = 8 * words <= (capacity - 16) / 2;
                assert!(
                    sent.is_some() || !was_empty || !fits,
                    "an empty ring is full"
                );
            }
            Step::Receive(count) => {
                for number in (0..count).map_while(|_| ring.receive()) {
                    assert_eq!(number, next);
                    next += 1;
                }
            }
            Step::Restart => {
                ring.send_anew();
                ring.consumer = Consumer::new(capacity, &ring.tail).unwrap();
            }
        }
        let unread: usize = ring.unread.iter().map(|(frame, _)| frame.len()).sum();
        let used = ring.producer.used(&ring.tail);
        // At most a wrap and a leap come besides.
        let exact = unread..=unread + BEHIND + 8;
        assert!(
            exact.contains(&used),
            "{used}, {exact:?}: {:?}",
            ring.producer
        );
    }
    while let Some(number) = ring.receive() {
        assert_eq!(number, next);
        next += 1;
    }
    assert_eq!(next, ring.published);
    ring
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_sent_arrives_in_order_and_intact_however_it_is_read(
        words in 8usize..=512, steps in steps()
    ) {
        runs_of_any_kind_arrive_in_order(words * 8, &steps);
    }

    #[test]
    fn a_closed_ring_takes_nothing_and_keeps_what_it_has(
        words in 8usize..=512, before in steps(), after in steps()
    ) {
        let mut ring = Ring::new(words * 8);
        let mut received = 0;
        for (closed, steps) in [(false, &before), (true, &after)] {
            for step in steps {
                match *step {
                    Step::Send(part) => match ring.send(words_of(part, words * 8)) {
                        None => {}
                        Some(sent) => prop_assert_eq!(sent.is_err(), closed),
                    },
                    Step::Receive(count) if !closed => {
                        received += (0..count).map_while(|_| ring.receive()).count();
                    }
                    // Whoever settles the ring goes on where the receiver was.
                    _ => ring.consumer = Consumer::new(words * 8, &ring.tail).unwrap(),
                }
            }
            if !closed {
                close(&ring.head);
            }
            prop_assert!(is_closed(&ring.head));
        }
        received += std::iter::from_fn(|| ring.receive()).count();
        prop_assert_eq!(received as u64, ring.published);
    }

    #[test]
    fn noise_is_found_or_read_within_the_ring(
        words in 8usize..=512,
        noise in (noise(), noise()),
        data in prop::collection::vec(prop_oneof![Just(WRAP), noise().prop_map(|at| LEAP | at), any::<u64>()], 512),
        sizes in prop::collection::vec((0usize..64, noise()), 0..64),
    ) {
        let capacity = words * 8;
        let inside = |at: usize, len: usize| at.is_multiple_of(8) && at + len <= capacity;
        let (head, tail) = (AtomicU64::new(noise.0), AtomicU64::new(noise.1));
        if let Ok(mut consumer) = Consumer::new(capacity, &tail) {
            for (size, changed) in &sizes {
                let read = |at| {
                    assert!(inside(at, 8));
                    data[at / 8]
                };
                match consumer.next(&head, read) {
                    Err(Corrupt) => break,
                    Ok(None) => head.store(*changed, Relaxed),
                    Ok(Some((at, most))) => {
                        prop_assert!(inside(at, most));
                        consumer.advance((8 * size).min(most), &tail);
                    }
                }
            }
        }
        let (head, tail) = (AtomicU64::new(noise.0), AtomicU64::new(noise.1));
        let leap = AtomicU64::new(noise.0 << 32 | noise.1);
        if let Ok(mut producer) = Producer::new(capacity, &head, &tail, &leap) {
            for (size, changed) in &sizes {
                if let Some(place) = producer.place(8 * size, &tail) {
                    prop_assert!(inside(place.at, place.room) && 8 * size <= place.room);
                    prop_assert!(place.mark().is_none_or(|(at, _)| inside(at, 8)));
                    let _ = producer.publish(place, 8 * size, &head, &leap);
                }
                prop_assert!(producer.used(&tail) <= capacity);
                tail.store(*changed, Relaxed);
            }
        }
    }
}

/// A word that somebody has overwritten: often nearly right.
fn noise() -> impl Strategy<Value = u64> {
    prop_oneof![
        (0u64..4200).prop_map(|at| at & !7),
        0u64..4200,
        (0u64..520).prop_map(|word| (8 * word) | CLOSED),
        any::<u64>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Beyond what is kept hot, a ring begins again before its end.
    #[test]
    fn a_large_ring_is_no_different(words in (16usize << 10)..(40 << 10), steps in steps()) {
        runs_of_any_kind_arrive_in_order(words * 8, &steps);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Wherever the ring is when its receiver stands still, the sender has nearly all of it.
    #[test]
    fn r07_a_ring_holds_what_it_is_said_to_whatever_went_before(
        words in (8usize << 10)..(40 << 10), steps in steps(), size in 20usize..500, at_once in 0usize..500,
    ) {
        let mut ring = runs_of_any_kind_arrive_in_order(words * 8, &steps);
        for _ in 0..at_once {
            ring.send(size).unwrap().unwrap();
            ring.receive().unwrap();
        }
        let least = words - 3 * size - 8;
        // And once more, after all of that has arrived, while there is something sent wherever there is room.
        for _ in 0..2 {
            let accepted = std::iter::from_fn(|| ring.send(size)).count();
            prop_assert!(accepted * size >= least, "{accepted} of {size} words in {words}");
            for _ in 0..accepted {
                prop_assert!(ring.receive().is_some());
                ring.send(2);
            }
            while ring.receive().is_some() {}
        }
        prop_assert_eq!(ring.unread.len(), 0);
    }
}

#[test]
fn a_ring_whose_receiver_stands_still_after_a_wrap_goes_on_behind_it() {
    let mut ring = Ring::new(1 << 20);
    while ring.wraps == 0 || ring.producer.head <= HOT.0 + 8 {
        ring.send(150).unwrap().unwrap();
        ring.receive().unwrap();
    }
    while ring.send(150).is_some() {}
    assert_eq!(ring.leaps, 1);
    // Both ends are taken up by others at each stage.
    for _ in 0..ring.unread.len() {
        ring.consumer = Consumer::new(1 << 20, &ring.tail).unwrap();
        assert!(ring.receive().is_some());
        ring.send_anew();
        assert_ne!(ring.send(2), Some(Err(Closed)));
    }
    while ring.receive().is_some() {}
    assert_eq!(ring.unread.len(), 0);
}

#[test]
fn r07_a_ring_holds_what_it_is_said_to_when_its_sender_has_been_started_again() {
    let mut ring = Ring::new(1 << 20);
    ring.send(150).unwrap().unwrap();
    while ring.wraps == 0 {
        ring.receive().unwrap();
        ring.send(150).unwrap().unwrap();
    }
    ring.send_anew();
    let accepted = std::iter::from_fn(|| ring.send(150)).count();
    assert!(accepted * 8 * 150 >= (1 << 20) - 3 * 8 * 150, "{accepted}");
}

#[test]
fn a_leap_that_leads_elsewhere_than_behind_its_wrap_is_corrupt() {
    // A frame in the beginning, a leap, and a wrap at 64, behind which the head is.
    let read = |leap: u64| {
        let word = move |at: usize| match at {
            16 => LEAP | leap,
            64 => WRAP,
            _ => 1,
        };
        let (head, tail) = (AtomicU64::new(112), AtomicU64::new(64));
        let mut ring = Consumer::new(256, &tail).unwrap();
        assert_eq!(ring.next(&head, word), Ok(Some((0, 64))));
        ring.advance(16, &tail);
        ring.next(&head, word)
    };
    assert_eq!(read(88), Ok(Some((88, 24))));
    for elsewhere in [0, 8, 16, 64, 72, 96, 112, 120, 89, 1 << 31] {
        assert_eq!(read(elsewhere), Err(Corrupt), "{elsewhere}");
    }
}

#[test]
fn a_ring_that_is_read_at_once_uses_few_of_its_pages() {
    let mut ring = Ring::new(4 << 20);
    let (mut highest, mut sent) = (0, 0);
    for _ in 0..20_000 {
        ring.send(200).unwrap().unwrap();
        highest = highest.max(ring.unread[0].0.end);
        ring.receive().unwrap();
        sent += 8 * 200;
        let used = HOT.0.max(sent / TURNS as usize).min(HOT.1);
        assert!(highest <= 2 * used, "{highest} of {sent}");
    }
    assert!(highest > HOT.1 / 2, "{highest}");
}

#[test]
fn a_wrap_at_a_place_where_none_can_be_is_corrupt() {
    for (head, tail, word) in [(0, 64, WRAP), (128, 64, WRAP), (64, 64, 0), (8, 4, 0)] {
        let (head, tail) = (AtomicU64::new(head), AtomicU64::new(tail));
        let found = Consumer::new(256, &tail).and_then(|mut ring| ring.next(&head, |_| word));
        assert!(!matches!(found, Ok(Some(_))), "{found:?}");
    }
}
