//! Messages arrive whole, in order, and once.

use super::*;
use std::thread;

/// Below, at and above what goes through a ring, and the limit.
const SIZES: [usize; 9] = [
    0,
    1,
    63 << 10,
    (64 << 10) - 24,
    64 << 10,
    65_537,
    300_000,
    LIMITS.message - 1,
    LIMITS.message,
];

fn order_is_kept<B: Backend>() {
    let backend = B::new(LIMITS);
    let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
    let len = |number: u32| match number % 100 {
        0 => 70_000 + number as usize,
        _ => number as usize % 700,
    };
    thread::scope(|scope| {
        scope.spawn(move || {
            for number in 0..5_000 {
                let body = body_of(number, len(number));
                sender.send(id(2), number, &body).unwrap();
            }
        });
        for number in 0..5_000 {
            let message = receiver.receive();
            assert_eq!((message.number, message.sender), (number, id(1)));
            assert_eq!(message.body.as_slice().len(), len(number));
            assert!(message.call.is_none());
            message.check();
        }
    });
}

fn messages_of_any_size_arrive_whole<B: Backend>() {
    let backend = B::new(LIMITS);
    let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
    thread::scope(|scope| {
        scope.spawn(move || {
            for round in 0..3 {
                for (number, size) in (0..).zip(SIZES) {
                    let number = round * 100 + number;
                    sender.send(id(2), number, &body_of(number, size)).unwrap();
                }
            }
        });
        for round in 0..3 {
            for (number, size) in (0..).zip(SIZES) {
                let message = receiver.receive();
                assert_eq!(message.number, round * 100 + number);
                assert_eq!(message.body.as_slice().len(), size);
                message.check();
            }
        }
    });
}

/// What is too large is found when it is written, and what comes after it is as if it had not been.
fn what_is_over_the_limit_is_not_written<B: Backend>() {
    let backend = B::new(LIMITS);
    let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
    for (number, size) in [(0, 10), (1, 70_000), (2, 70_000), (3, 10)] {
        let link = sender.transport.link(id(2)).unwrap();
        let too_large = vec![1; LIMITS.message + 1];
        let (_, written) = sender.encode(Some(link), 9, None, &too_large);
        let (Written::InRoom(len) | Written::Spilled(len) | Written::Lost(len)) = written;
        assert!(len > LIMITS.message);
        sender.send(id(2), number, &body_of(number, size)).unwrap();
    }
    receiver.receive_all(0..4);
}

fn large_bodies_that_are_kept_do_not_change<B: Backend>() {
    let limits = Limits {
        mailbox: 8 << 20,
        ..LIMITS
    };
    let backend = B::new(limits);
    let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
    thread::scope(|scope| {
        scope.spawn(move || {
            for number in 0..400 {
                let body = body_of(number, 70_000 + 13 * number as usize);
                sender.send(id(2), number, &body).unwrap();
            }
        });
        let mut kept = Vec::new();
        for number in 0..400 {
            let message = receiver.receive();
            assert_eq!(message.number, number);
            // Many go at once, some are kept for long.
            kept.push(message);
            if kept.len() > 60 {
                for message in kept.drain(..) {
                    message.check();
                }
            }
        }
        kept.iter().for_each(Message::check);
    });
}

fn a_frame_is_posted_to_several_peers<B: Backend>() {
    let backend = B::new(LIMITS);
    let mut sender = backend.agent(0);
    let mut peers: Vec<Agent> = (1..6).map(|slot| backend.agent(slot)).collect();
    for (number, size) in [(0, 100), (1, 100_000), (2, 0), (3, 70_000)] {
        sender.write(None, number, None, &body_of(number, size));
        for peer in &peers {
            let link = sender.transport.link(peer.id).unwrap();
            assert_eq!(sender.transport.post(link), Ok(()));
        }
        sender.transport.discard();
    }
    // One peer goes while it has a message in hand, and another without having looked.
    let last = peers.pop();
    drop(last);
    let mut one = peers.pop().unwrap();
    let kept = [one.receive(), one.receive()];
    drop(one);
    for peer in &mut peers {
        peer.receive_all(0..4);
    }
    kept.iter().for_each(Message::check);
}

fn an_agent_sends_to_itself<B: Backend>() {
    let backend = B::new(LIMITS);
    let mut agent = backend.agent(3);
    for round in 0..50 {
        for (number, size) in [(0, 5), (1, 70_000), (2, 500)] {
            let number = 10 * round + number;
            assert_eq!(
                agent.try_send(id(3), number, &body_of(number, size)),
                Ok(())
            );
        }
        agent.receive_all(10 * round..10 * round + 3);
    }
}

fn many_send_to_one<B: Backend>() {
    const SENDERS: u32 = 70;
    let backend = B::new(LIMITS);
    let mut receiver = backend.agent(0);
    let mut senders: Vec<Agent> = (1..=SENDERS).map(|slot| backend.agent(slot)).collect();
    thread::scope(|scope| {
        for _ in 0..2 {
            let mut half = senders.split_off(senders.len().saturating_sub(35));
            scope.spawn(move || {
                for number in 0..40 {
                    for sender in &mut half {
                        let body = body_of(number, 100);
                        sender.send(id(0), number, &body).unwrap();
                    }
                }
                half
            });
        }
        let mut next = vec![0; SENDERS as usize + 1];
        for _ in 0..SENDERS * 40 {
            let message = receiver.receive();
            let slot = message.sender.slot() as usize;
            assert_eq!(message.number, next[slot], "from {slot}");
            next[slot] += 1;
            message.check();
        }
    });
}

conformance!(
    order_is_kept,
    messages_of_any_size_arrive_whole,
    what_is_over_the_limit_is_not_written,
    large_bodies_that_are_kept_do_not_change,
    a_frame_is_posted_to_several_peers,
    an_agent_sends_to_itself,
    many_send_to_one,
);
