//! The memory of a run does not grow with what is sent.

use super::*;
use rustix::fs::fstat;
use std::thread;

const SIZE: usize = LIMITS.message;

/// In bytes.
fn used(backend: &Shared) -> usize {
    let blocks = fstat(backend.estate.descriptor()).unwrap().st_blocks;
    usize::try_from(blocks).unwrap() * 512
}

#[test]
fn many_large_messages_take_no_more_memory_than_a_few() {
    let mailbox = 4 << 20;
    let backend = Shared::new(Limits { mailbox, ..LIMITS });
    let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
    let body = vec![7; SIZE];
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..400 {
                sender.send(id(2), number, &body).unwrap();
            }
        });
        for _ in 0..400 {
            receiver.receive();
        }
    });
    // What the mailbox holds, what is being written and read, and the ring.
    assert!(used(&backend) < 10 << 20, "{} bytes", used(&backend));
}

/// A burst to slow receivers is given back, up to what is kept for the next one.
#[test]
fn memory_is_given_back_after_a_burst() {
    let mailbox = 32 << 20;
    let backend = Shared::new(Limits { mailbox, ..LIMITS });
    let mut sender = backend.agent(0);
    let mut receivers: Vec<Agent> = (1..6).map(|slot| backend.agent(slot)).collect();
    let body = vec![7; SIZE];
    for receiver in &receivers {
        while sender.try_send(receiver.id, 0, &body) == Ok(()) {}
    }
    assert!(used(&backend) > 100 << 20);
    for receiver in &mut receivers {
        while receiver.poll().is_some() {}
    }
    sender.send(id(1), 1, &body).unwrap();
    assert!(used(&backend) < 70 << 20, "{} bytes", used(&backend));
}

/// What has been taken out takes no memory, up to what is kept for the next one.
#[test]
fn r08_answers_that_have_been_taken_are_given_back() {
    let backend = Shared::new(LIMITS);
    let mut server = backend.agent(0);
    let mut askers: Vec<Agent> = (1..=150).map(|slot| backend.agent(slot)).collect();
    for asker in &mut askers {
        let request = asker.send_at_once(id(0), 1, Some(1), &body_of(1, 20));
        let answer = Answer::Value(body_of(1, SIZE));
        server.receive().answer(&answer);
        assert!(asker.answer_of(request.unwrap(), 1) == Some(answer));
    }
    assert!(used(&backend) < 80 << 20, "{} bytes", used(&backend));
}

/// However its receivers end, a sender has its slots again: with messages in hand, unread, or taken by
/// one of two.
#[test]
fn the_slots_that_receivers_had_when_they_ended_are_free_again() {
    let backend = Shared::new(LIMITS);
    let mut sender = backend.agent(0);
    let mut stays = backend.agent(1);
    for slot in 2..150 {
        let mut ends = backend.agent(slot);
        for number in 0..2 {
            sender.write(None, number, None, &body_of(number, 70_000));
            for to in [id(slot), id(1)] {
                let link = sender.transport.link(to).unwrap();
                assert_eq!(sender.transport.post(link), Ok(()), "{slot}");
            }
            sender.transport.discard();
        }
        let kept = ends.receive();
        drop(ends);
        kept.check();
        drop(kept);
        let unread = backend.estate.settle(id(slot), None).unwrap();
        assert_eq!(unread.len(), 1);
        stays.receive_all(0..2);
    }
    assert!(used(&backend) < 64 << 20, "{} bytes", used(&backend));
}

/// What an agent that has ended leaves unread takes no memory.
#[test]
fn the_ring_of_a_receiver_that_has_ended_is_given_back() {
    let mailbox = 8 << 20;
    let backend = Shared::new(Limits { mailbox, ..LIMITS });
    let (mut sender, receiver) = (backend.agent(1), backend.agent(2));
    while sender.try_send(id(2), 0, &body_of(0, 30_000)) == Ok(()) {}
    assert!(used(&backend) > 7 << 20);
    drop(receiver);
    let unread = backend.estate.settle(id(2), None).unwrap();
    assert!(unread.len() > 200);
    assert!(used(&backend) < 1 << 20, "{} bytes", used(&backend));
}
