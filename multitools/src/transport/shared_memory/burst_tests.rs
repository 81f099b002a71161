//! Frames that are copied in bursts: whoever takes them, each is taken once and in its turn.

use super::reuse_tests::try_send;
use super::tests::{LIMITS, open};
use super::*;
use crate::wire::body::Body;
use proptest::prelude::*;

const SENDERS: usize = 2;
/// Where messages are put: handlers that receive others have one each.
const HANDS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    /// So many messages of about this length.
    Send {
        sender: usize,
        times: usize,
        len: usize,
    },
    /// So many messages, into the memory of the same message.
    Receive {
        hand: usize,
        times: usize,
    },
    /// One, which is then kept.
    Keep {
        hand: usize,
    },
    Drain,
}

fn step() -> impl Strategy<Value = Step> {
    let len = prop_oneof![4 => 4usize..64, 2 => 4usize..2_000, 1 => 4usize..20_000];
    let (hand, times) = (0..HANDS, prop_oneof![0usize..4, 0usize..200]);
    prop_oneof![
        4 => (0..SENDERS, 1usize..60, len)
            .prop_map(|(sender, times, len)| Step::Send { sender, times, len }),
        4 => (hand.clone(), times).prop_map(|(hand, times)| Step::Receive { hand, times }),
        2 => hand.prop_map(|hand| Step::Keep { hand }),
        1 => Just(Step::Drain),
    ]
}

/// Some senders, one receiver, and what it should get.
struct Scene {
    senders: Vec<SharedMemory>,
    receiver: SharedMemory,
    hands: Vec<Parcel>,
    sent: Vec<VecDeque<Vec<u8>>>,
    kept: Vec<(Body, Vec<u8>)>,
    number: u32,
}

impl Scene {
    fn new(retains: bool) -> (Estate, Scene) {
        let estate = Estate::create(LIMITS).unwrap();
        let senders = (1..).take(SENDERS).map(|slot| open(&estate, slot));
        let senders = senders.collect();
        let mut receiver = open(&estate, 9);
        if retains {
            receiver.retain(None);
        }
        let scene = Scene {
            senders,
            receiver,
            hands: (0..HANDS).map(|_| Parcel::default()).collect(),
            sent: vec![VecDeque::new(); SENDERS],
            kept: Vec::new(),
            number: 0,
        };
        (estate, scene)
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Send { sender, times, len } => {
                for time in 0..times {
                    self.send(sender, len + time % 7);
                }
            }
            Step::Receive { hand, times } => {
                let taken = (0..times).take_while(|_| self.receive(hand).is_some());
                let _ = taken.count();
            }
            Step::Keep { hand } => {
                if let Some(expected) = self.receive(hand) {
                    self.kept.push((self.hands[hand].body.take(), expected));
                }
            }
            Step::Drain => self.receiver.drain(),
        }
    }

    fn send(&mut self, sender: usize, len: usize) {
        self.number += 1;
        let mut body = vec![self.number as u8; len];
        body[..4].copy_from_slice(&self.number.to_le_bytes());
        match try_send(&mut self.senders[sender], self.receiver.id, &body) {
            Ok(()) => self.sent[sender].push_back(body),
            Err(LinkError::Full) => {}
            Err(error) => panic!("{error:?}"),
        }
    }

    /// What the next message is, once that has been compared.
    fn receive(&mut self, hand: usize) -> Option<Vec<u8>> {
        self.receiver.finish();
        let hand = &mut self.hands[hand];
        loop {
            match self.receiver.receive(hand, |_, _, _| ())? {
                Arrival::Message => break,
                Arrival::Drained => {}
                Arrival::Left(_) | Arrival::Refused(_) => panic!("nobody leaves or lies"),
            }
        }
        let sender = hand.envelope.sender.slot() as usize - 1;
        let expected = self.sent[sender].pop_front().expect("sent once");
        assert_eq!(hand.body.as_slice(), expected);
        Some(expected)
    }
}

proptest! {
    #[test]
    fn r7_what_is_copied_ahead_is_taken_once_and_in_order(
        steps in prop::collection::vec(step(), 1..60), retains in any::<bool>(),
    ) {
        let (_estate, mut scene) = Scene::new(retains);
        for step in steps {
            scene.step(step);
        }
        while scene.receive(0).is_some() {}
        prop_assert!(scene.sent.iter().all(VecDeque::is_empty));
        for (body, expected) in &scene.kept {
            prop_assert_eq!(body.as_slice(), expected);
        }
    }
}

#[test]
fn what_is_kept_takes_no_more_memory_than_twice_the_message() {
    let (_estate, mut scene) = Scene::new(false);
    for in_a_burst in [200, 1, 1, 30, 1] {
        for _ in 0..in_a_burst {
            scene.send(0, 30);
        }
        for _ in 0..in_a_burst {
            scene.receive(0).unwrap();
            assert!(scene.hands[0].body.take().capacity() <= 60);
        }
    }
}

#[test]
fn r14_what_was_copied_and_not_taken_when_its_receiver_was_killed_goes_to_the_next() {
    let (estate, mut scene) = Scene::new(false);
    for _ in 0..100 {
        scene.send(0, 30);
    }
    for _ in 0..40 {
        scene.receive(0).unwrap();
    }
    let id = scene.receiver.id;
    estate.hand_over(id, None).unwrap();
    let killed = std::mem::replace(&mut scene.receiver, open(&estate, 9));
    for _ in 0..60 {
        scene.receive(0).unwrap();
    }
    assert!(scene.receive(0).is_none());
    std::mem::forget(killed);
}
