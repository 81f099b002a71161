//! What comes last: draining, refusing, and peers that have gone.

use super::*;
use std::sync::atomic::Ordering;
use std::thread;

fn draining_comes_after_what_was_sent_before<B: Backend>() {
    let mailbox = 8 << 20;
    let backend = B::new(Limits { mailbox, ..LIMITS });
    let mut receiver = backend.agent(2);
    let mut senders: Vec<Agent> = (10..20).map(|slot| backend.agent(slot)).collect();
    for (number, size) in [(0, 100), (1, 70_000), (2, 3_000)] {
        for sender in &mut senders {
            sender.send(id(2), number, &body_of(number, size)).unwrap();
        }
    }
    receiver.send(id(2), 0, &body_of(0, 10)).unwrap();
    // Of some, something has been looked at already.
    receiver.receive();
    receiver.transport.drain();
    let mut delivered = 1;
    while let Arrival::Message = receiver.arrival() {
        delivered += 1;
    }
    assert_eq!(delivered, 31);
    senders[0].send(id(2), 9, &body_of(9, 10)).unwrap();
    receiver.receive_all([9]);
}

fn draining_what_is_empty_ends_a_wait<B: Backend>() {
    let backend = B::new(LIMITS);
    let mut receiver = backend.agent(2);
    receiver.transport.drain();
    assert!(matches!(receiver.arrival(), Arrival::Drained));
    assert!(receiver.poll().is_none());
}

/// That a peer has left, after this many messages of it and perhaps others of others.
fn left_after(receiver: &mut Agent, peer: AgentId) -> usize {
    let mut received = 0;
    loop {
        match receiver.arrival() {
            Arrival::Message => {
                received += usize::from(receiver.parcel.envelope.sender == peer);
            }
            Arrival::Left(left) => {
                assert_eq!(left, peer);
                return received;
            }
            Arrival::Drained | Arrival::Refused(_) => panic!("something else"),
        }
    }
}

fn r15_a_farewell_comes_after_all_that_the_one_has_sent<B: Backend>() {
    let mailbox = 8 << 20;
    let backend = B::new(Limits { mailbox, ..LIMITS });
    let mut receiver = backend.agent(2);
    let mut others: Vec<Agent> = (10..14).map(|slot| backend.agent(slot)).collect();
    for (peer, looked_at) in [(20, false), (21, true)] {
        let mut leaves = backend.agent(peer);
        for (number, size) in [(0, 100), (1, 70_000), (2, 3_000), (3, 10)] {
            leaves.send(id(2), number, &body_of(number, size)).unwrap();
            for other in &mut others {
                other.send(id(2), number, &body_of(number, size)).unwrap();
            }
        }
        drop(leaves);
        let mut before = 0;
        while looked_at && before == 0 {
            before = usize::from(receiver.receive().sender == id(peer));
        }
        receiver.transport.bid_farewell(id(peer));
        assert_eq!(before + left_after(&mut receiver, id(peer)), 4);
        receiver.transport.bid_farewell(id(peer));
        receiver.transport.bid_farewell(id(peer));
        assert_eq!(left_after(&mut receiver, id(peer)), 0);
        assert_eq!(left_after(&mut receiver, id(peer)), 0);
    }
}

fn r15_a_farewell_to_one_that_has_sent_nothing_ends_a_wait<B: Backend>() {
    let backend = B::new(LIMITS);
    let mut receiver = backend.agent(2);
    drop(backend.agent(3));
    for peer in [3, 4] {
        receiver.transport.bid_farewell(id(peer));
        assert_eq!(receiver.wait(Awaited::Message), Waited::News);
        assert_eq!(left_after(&mut receiver, id(peer)), 0);
    }
}

fn r15_farewells_come_before_what_comes_last<B: Backend>() {
    let backend = B::new(LIMITS);
    let mut receiver = backend.agent(2);
    let mut leaves = backend.agent(3);
    leaves.send(id(2), 0, &body_of(0, 1_000)).unwrap();
    drop(leaves);
    for peer in [3, 4] {
        receiver.transport.bid_farewell(id(peer));
    }
    receiver.transport.drain();
    let mut left = Vec::new();
    loop {
        match receiver.arrival() {
            Arrival::Left(peer) => left.push(peer),
            Arrival::Drained => break,
            Arrival::Message | Arrival::Refused(_) => {}
        }
    }
    left.sort_unstable();
    assert_eq!(left, [id(3), id(4)]);
}

/// Sends until the peer is known to have gone.
fn send_in_vain(sender: &mut Agent, to: AgentId, size: usize) {
    for number in 0..100_000 {
        match sender.send(to, number, &body_of(number, size)) {
            Ok(()) => {}
            Err(error) => {
                assert_eq!(error, LinkError::Closed);
                assert!(sender.transport.gone().contains(&to));
                return;
            }
        }
    }
    panic!("never found gone");
}

fn a_peer_that_has_gone_is_closed<B: Backend>() {
    for size in [10, 100_000] {
        let backend = B::new(LIMITS);
        let (mut sender, mut receiver) = (backend.agent(1), backend.agent(2));
        sender.send(id(2), 0, &body_of(0, size)).unwrap();
        receiver.receive_all([0]);
        drop(receiver);
        send_in_vain(&mut sender, id(2), size);
        let link = sender.transport.link(id(2));
        assert_eq!(link, Err(LinkError::Closed));
        assert_eq!(sender.transport.link(id(3)), Err(LinkError::Closed));
    }
}

fn the_end_of_a_full_peer_wakes_whoever_waits<B: Backend>() {
    for size in [100, 100_000] {
        let backend = B::new(LIMITS);
        let (mut sender, receiver) = (backend.agent(1), backend.agent(2));
        while sender.try_send(id(2), 0, &body_of(0, size)) == Ok(()) {}
        thread::scope(|scope| {
            scope.spawn(move || drop(receiver));
            send_in_vain(&mut sender, id(2), size);
        });
    }
}

fn who_refuses_is_gone_for_others_and_goes_on_sending<B: Backend>() {
    for size in [10, 100_000] {
        let backend = B::new(LIMITS);
        let (mut one, mut other) = (backend.agent(1), backend.agent(2));
        one.send(id(2), 0, &body_of(0, size)).unwrap();
        other.send(id(1), 0, &body_of(0, size)).unwrap();
        let link = one.send_at_once(id(2), 1, Some(1), &[]).unwrap();
        one.transport.discard();
        let asked = [other.receive(), other.receive()];
        asked[1].answer(&Answer::Value(body_of(1, size)));
        other.transport.refuse();
        other.send(id(1), 1, &body_of(1, size)).unwrap();
        assert!(one.answer_of(link, 1) == Some(Answer::Value(body_of(1, size))));
        one.receive_all([0, 1]);
        send_in_vain(&mut one, id(2), size);
    }
}

/// An agent that has ended may still have threads that look at a message.
fn a_body_that_is_kept_after_refusing_does_not_change<B: Backend>() {
    let backend = B::new(LIMITS);
    let mut sender = backend.agent(1);
    let (mut ends, mut other) = (backend.agent(2), backend.agent(3));
    sender.send(id(2), 0, &body_of(0, 100_000)).unwrap();
    let kept = ends.receive();
    ends.transport.refuse();
    for number in 1..20 {
        sender
            .send(id(3), number, &body_of(number, 100_000))
            .unwrap();
        other.receive_all([number]);
    }
    kept.check();
}

fn what_was_sent_outlives_its_sender<B: Backend>() {
    let backend = B::new(LIMITS);
    let mut receiver = backend.agent(2);
    let mut sender = backend.agent(1);
    for (number, size) in [(0, 50), (1, 70_000), (2, 1_000)] {
        sender.send(id(2), number, &body_of(number, size)).unwrap();
    }
    while !sender.transport.is_flushed() {
        sender.wait(Awaited::Room);
    }
    drop(sender);
    receiver.receive_all(0..3);
}

fn a_wait_ends_with_news_and_with_its_deadline<B: Backend>() {
    let backend = B::new(LIMITS);
    let mut agent = backend.agent(1);
    let link = agent.transport.link(id(1)).unwrap();
    let all = [
        Awaited::Message,
        Awaited::Nothing,
        Awaited::Room,
        Awaited::Answer(link, 9),
    ];
    let wait = |agent: &mut Agent, what_for, seen, patience| {
        agent.transport.wait(&Wait {
            what_for,
            news: &agent.news,
            seen,
            deadline: Some(Instant::now() + patience),
            patience: None,
        })
    };
    for what_for in all {
        let short = Duration::from_millis(2);
        // What the agent has not noticed until now may end one.
        let ended = (0..3).any(|_| wait(&mut agent, what_for, 0, short) == Waited::Late);
        assert!(ended, "{what_for:?}");
    }
    for (seen, what_for) in (0..).zip(all) {
        let (bell, news) = (agent.transport.bell(), &agent.news);
        let transport = &mut agent.transport;
        thread::scope(|scope| {
            scope.spawn(move || {
                news.fetch_add(1, Ordering::SeqCst);
                bell.ring();
            });
            let waited = transport.wait(&Wait {
                what_for,
                news,
                seen,
                deadline: Some(Instant::now() + PATIENCE),
                patience: None,
            });
            assert_eq!(waited, Waited::News);
        });
    }
}

fn r17_a_wait_without_a_deadline_is_late_when_its_patience_is_over<B: Backend>() {
    let backend = B::new(LIMITS);
    let (mut agent, mut peer) = (backend.agent(1), backend.agent(2));
    let wait = |agent: &mut Agent, patience| {
        agent.transport.wait(&Wait {
            what_for: Awaited::Message,
            news: &agent.news,
            seen: 0,
            deadline: None,
            patience,
        })
    };
    let short = Some(Duration::from_millis(2));
    assert_eq!(wait(&mut agent, short), Waited::Late);
    assert_eq!(wait(&mut agent, short), Waited::Late);
    peer.send(id(1), 0, &body_of(0, 10)).unwrap();
    assert_eq!(wait(&mut agent, Some(PATIENCE)), Waited::News);
    agent.receive_all([0]);
    peer.send(id(1), 1, &body_of(1, 10)).unwrap();
    assert_eq!(wait(&mut agent, None), Waited::News);
    agent.receive_all([1]);
}

conformance!(
    draining_comes_after_what_was_sent_before,
    draining_what_is_empty_ends_a_wait,
    r15_a_farewell_comes_after_all_that_the_one_has_sent,
    r15_a_farewell_to_one_that_has_sent_nothing_ends_a_wait,
    r15_farewells_come_before_what_comes_last,
    a_peer_that_has_gone_is_closed,
    the_end_of_a_full_peer_wakes_whoever_waits,
    who_refuses_is_gone_for_others_and_goes_on_sending,
    a_body_that_is_kept_after_refusing_does_not_change,
    what_was_sent_outlives_its_sender,
    a_wait_ends_with_news_and_with_its_deadline,
    r17_a_wait_without_a_deadline_is_late_when_its_patience_is_over,
);
