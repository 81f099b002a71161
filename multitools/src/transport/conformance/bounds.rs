//! Mailboxes are bounded; who finds one full waits, and is told of room.

use super::*;
use std::sync::mpsc::channel;
use std::thread;

/// Sends until the mailbox is full, also after its owner has had time to take in what it can; how many.
fn fill(sender: &mut Agent, to: AgentId, size: usize) -> u32 {
    let mut number = 0;
    let mut full_since = None;
    loop {
        match sender.try_send(to, number, &body_of(number, size)) {
            Ok(()) => (number, full_since) = (number + 1, None),
            Err(LinkError::Closed) => panic!("it has gone"),
            // What a thread of the receiver takes out of the sockets is in its mailbox all the same.
            Err(LinkError::Full) => {
                let since = *full_since.get_or_insert_with(Instant::now);
                if since.elapsed() > Duration::from_millis(50) {
                    return number;
                }
                thread::yield_now();
            }
        }
        assert!(number < 100_000, "nothing ever stopped the sender");
    }
}

fn a_full_mailbox_stops_the_sender_and_loses_nothing<B: Backend>() {
    for size in [0, 100, 20_000, 100_000] {
        let backend = B::new(LIMITS);
        let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
        let accepted = fill(&mut sender, id(2), size);
        assert!(accepted >= 1);
        thread::scope(|scope| {
            scope.spawn(move || {
                let body = body_of(accepted, size);
                sender.send(id(2), accepted, &body).unwrap();
            });
            receiver.receive_all(0..=accepted);
        });
        assert!(receiver.poll().is_none());
    }
}

fn a_message_larger_than_the_mailbox_is_accepted_by_an_empty_one<B: Backend>() {
    let backend = B::new(LIMITS);
    let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
    for number in 0..5 {
        let body = body_of(number, LIMITS.message);
        assert_eq!(sender.send(id(2), number, &body), Ok(()));
        receiver.receive_all([number]);
    }
}

/// What the mailbox had too much of for small ones is read: there is room again for them.
fn room_after_a_large_message_is_room_for_small_ones<B: Backend>() {
    let backend = B::new(LIMITS);
    let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
    for round in 0..3 {
        let first = 10 * round;
        let body = body_of(first, LIMITS.message);
        sender.send(id(2), first, &body).unwrap();
        let small = (first + 1..first + 5)
            .take_while(|small| sender.try_send(id(2), *small, &body_of(*small, 100)) == Ok(()));
        let small = first + 1 + small.count() as u32;
        receiver.receive_all(first..small);
        sender.send(id(2), small, &body_of(small, 100)).unwrap();
        receiver.receive_all([small]);
    }
}

fn room_wakes_whoever_waits<B: Backend>() {
    for (fills, waits) in [
        (100, 100),
        (100, 200_000),
        (100_000, 100),
        (100_000, 100_000),
    ] {
        let backend = B::new(LIMITS);
        let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
        let accepted = fill(&mut sender, id(2), fills);
        let (waits_now, waiting) = channel();
        thread::scope(|scope| {
            scope.spawn(move || {
                waits_now.send(()).unwrap();
                for number in accepted..accepted + 20 {
                    sender.send(id(2), number, &body_of(number, waits)).unwrap();
                }
            });
            waiting.recv().unwrap();
            receiver.receive_all(0..accepted + 20);
        });
    }
}

/// A receiver that is slow holds back nobody else: neither others of the same send nor later ones.
fn one_full_mailbox_holds_back_no_other<B: Backend>() {
    for size in [1_000, 100_000] {
        let backend = B::new(LIMITS);
        let mut sender = backend.agent(0);
        let (_slow, mut quick) = (backend.agent(1), backend.agent(2));
        fill(&mut sender, id(1), size);
        for number in 0..300 {
            sender.write(None, number, None, &body_of(number, size));
            let links = [1, 2].map(|slot| sender.transport.link(id(slot)).unwrap());
            assert_eq!(sender.transport.post(links[0]), Err(LinkError::Full));
            assert_eq!(sender.transport.body(), body_of(number, size));
            assert_eq!(sender.transport.post(links[1]), Ok(()));
            sender.transport.discard();
            quick.receive_all([number]);
        }
    }
}

/// A mailbox may hold more large messages than a sender has slots for.
fn more_large_messages_than_slots_come_through<B: Backend>() {
    const SIZE: usize = 66_000;
    let mailbox = 64 << 20;
    let backend = B::new(Limits { mailbox, ..LIMITS });
    let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
    let accepted = fill(&mut sender, id(2), SIZE);
    // Over sockets it also depends on how quickly they are read.
    assert!(accepted >= 255 || !B::HAS_SLOTS, "{accepted}");
    thread::scope(|scope| {
        let sending = scope.spawn(move || {
            for number in accepted..accepted + 300 {
                let body = body_of(number, SIZE);
                sender.send(id(2), number, &body).unwrap();
            }
        });
        receiver.receive_all(0..accepted + 300);
        sending.join().unwrap();
    });
}

/// Whatever many slow receivers have of a sender's memory, it goes on when one of them reads.
fn room_at_one_of_many_full_ones_is_found<B: Backend>() {
    const SIZE: usize = 66_000;
    let mailbox = 4 << 20;
    let backend = B::new(Limits { mailbox, ..LIMITS });
    let mut sender = backend.agent(0);
    let mut receivers: Vec<Agent> = (1..=8).map(|slot| backend.agent(slot)).collect();
    for slot in 1..=8 {
        for number in 0..31 {
            let body = body_of(number, SIZE);
            sender.send(id(slot), number, &body).unwrap();
        }
    }
    let mut reader = receivers.remove(3);
    thread::scope(|scope| {
        scope.spawn(move || {
            for number in 31..100 {
                let body = body_of(number, SIZE);
                sender.send(id(4), number, &body).unwrap();
            }
        });
        reader.receive_all(0..100);
    });
}

fn two_that_flood_each_other_go_on<B: Backend>() {
    const COUNT: u32 = 2_000;
    let backend = B::new(LIMITS);
    let mut agents = [backend.agent(1), backend.agent(2)];
    thread::scope(|scope| {
        for agent in &mut agents {
            let other = if agent.id == id(1) { id(2) } else { id(1) };
            scope.spawn(move || {
                let (mut sent, mut received) = (0, 0);
                while sent < COUNT || received < COUNT {
                    let size = if sent % 50 == 0 { 90_000 } else { 1_000 };
                    let full = sent == COUNT
                        || agent.try_send(other, sent, &body_of(sent, size)) != Ok(());
                    if !full {
                        sent += 1;
                        continue;
                    }
                    if received < COUNT {
                        agent.receive_all([received]);
                        received += 1;
                    } else {
                        assert_eq!(agent.wait(Awaited::Room), Waited::News);
                    }
                }
            });
        }
    });
}

fn a_refused_message_is_given_back<B: Backend>() {
    for size in [10, 1_000, 70_000, LIMITS.message] {
        for fills in [100, 100_000] {
            let backend = B::new(LIMITS);
            let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
            let accepted = fill(&mut sender, id(2), fills);
            // What is smaller may still find room.
            let mut number = accepted;
            let body = loop {
                let body = body_of(number, size);
                match sender.send_at_once(id(2), number, None, &body) {
                    Ok(_) => number += 1,
                    Err(error) => {
                        assert_eq!(error, LinkError::Full);
                        break body;
                    }
                }
            };
            assert_eq!(sender.transport.body(), body);
            let link = sender.transport.link(id(2)).unwrap();
            assert_eq!(sender.transport.post(link), Err(LinkError::Full));
            assert_eq!(sender.transport.body(), body);
            sender.transport.discard();
            receiver.receive_all(0..number);
            assert!(receiver.poll().is_none());
        }
    }
}

conformance!(
    a_full_mailbox_stops_the_sender_and_loses_nothing,
    a_message_larger_than_the_mailbox_is_accepted_by_an_empty_one,
    room_after_a_large_message_is_room_for_small_ones,
    room_wakes_whoever_waits,
    one_full_mailbox_holds_back_no_other,
    more_large_messages_than_slots_come_through,
    room_at_one_of_many_full_ones_is_found,
    two_that_flood_each_other_go_on,
    a_refused_message_is_given_back,
);
