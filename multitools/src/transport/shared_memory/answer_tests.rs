//! Large answers, and the slots that they are in.

use super::reuse_tests::try_send;
use super::tests::{LIMITS, open, open_as};
use super::*;
use crate::wire::head::Envelope;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

const LARGE: usize = 10_000;

fn request(asker: &mut SharedMemory, to: AgentId, number: u64) -> Link {
    let link = asker.link(to).unwrap();
    let envelope = Envelope::new(7, asker.id, 0);
    let head = Head::message(envelope, Some((number, Duration::from_secs(1))));
    let written = asker.compose(Some(link), head.size()).finish();
    asker.seal(head, written).unwrap();
    asker.post(link).unwrap();
    asker.discard();
    link
}

fn answer(server: &mut SharedMemory, len: usize) {
    let mut parcel = Parcel::default();
    assert!(server.receive(&mut parcel, |_, _, _| ()).is_some());
    let call = parcel.call.unwrap();
    server.make_room_for_answer(len);
    let body = vec![call.request as u8; len];
    assert!(call.reply_path.reply(call.request, &Answer::Value(&body)));
}

/// Takes out an answer, which must be the right one.
fn take(asker: &mut SharedMemory, link: Link, number: u64, len: usize) {
    match asker.answer(link, number) {
        Some(Answer::Value(body)) => assert!(body == vec![number as u8; len]),
        other => panic!("{other:?}"),
    }
}

/// Asks, is given a large answer, and takes it out.
fn ask(asker: &mut SharedMemory, server: &mut SharedMemory, number: u64) {
    let link = request(asker, server.id, number);
    answer(server, LARGE);
    take(asker, link, number, LARGE);
}

/// Asks, and looks for the answer no more when it comes.
fn ask_and_give_up(asker: &mut SharedMemory, server: &mut SharedMemory, len: usize) {
    let link = request(asker, server.id, 1);
    asker.give_up_answer(link, 1);
    answer(server, len);
}

/// Sends large messages until there is no room for any more: how many.
fn fill(sender: &mut SharedMemory, receivers: &[SharedMemory]) -> usize {
    let mut sent = 0;
    for receiver in receivers {
        while try_send(sender, receiver.id, &vec![1; 20_000]).is_ok() {
            sent += 1;
        }
    }
    sent
}

#[test]
fn r10_a_slot_is_used_again_though_an_answer_came_too_late() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut asker = open(&estate, 1);
    for (slot, len) in [(2, 100), (3, LARGE)] {
        let mut former = open(&estate, slot);
        ask_and_give_up(&mut asker, &mut former, len);
        let id = former.id;
        std::mem::forget(former);
        estate.settle(id, None).unwrap();
        let next = estate.reassign(id, [asker.id].into_iter()).unwrap();
        assert_eq!(next, Some(AgentId::new(slot, 1)), "an answer of {len}");
    }
}

#[test]
fn r10_a_slot_is_not_used_again_while_an_answer_is_to_be_taken() {
    let estate = Estate::create(LIMITS).unwrap();
    let (mut asker, mut former) = (open(&estate, 1), open(&estate, 2));
    let link = request(&mut asker, former.id, 1);
    answer(&mut former, LARGE);
    let id = former.id;
    std::mem::forget(former);
    estate.settle(id, None).unwrap();
    assert_eq!(estate.reassign(id, [asker.id].into_iter()).unwrap(), None);
    take(&mut asker, link, 1, LARGE);
    let next = estate.reassign(id, [asker.id].into_iter()).unwrap();
    assert_eq!(next, Some(AgentId::new(2, 1)));
}

#[test]
fn r08_late_large_answers_do_not_take_all_slots_for_good() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut server = open(&estate, 0);
    for slot in 1..=300 {
        let mut late = open(&estate, slot);
        ask_and_give_up(&mut late, &mut server, LARGE);
        std::mem::forget(late);
    }
    let mut asker = open(&estate, 301);
    try_send(&mut server, asker.id, &vec![1; 30_000]).unwrap();
    ask(&mut asker, &mut server, 1);
}

#[test]
fn r08_who_is_started_again_wants_no_answer_that_its_former_incarnation_asked_for() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut server = open(&estate, 0);
    for slot in 1..=300 {
        let mut former = open(&estate, slot);
        request(&mut former, server.id, 1);
        answer(&mut server, LARGE);
        let id = AgentId::new(slot, 1);
        std::mem::forget(former);
        let mut again = open_as(&estate, id);
        ask(&mut again, &mut server, 2);
        std::mem::forget(again);
    }
}

#[test]
fn r08_large_answers_are_given_though_large_messages_are_unread() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut server = open(&estate, 0);
    let slow: Vec<SharedMemory> = (2..=300).map(|slot| open(&estate, slot)).collect();
    fill(&mut server, &slow);
    let mut asker = open(&estate, 1);
    ask(&mut asker, &mut server, 1);
}

#[test]
fn r08_large_answers_take_the_slots_of_messages_that_have_been_read() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut server = open(&estate, 0);
    let mut readers: Vec<SharedMemory> = (200..400).map(|slot| open(&estate, slot)).collect();
    let sent = fill(&mut server, &readers);
    let mut read = 0;
    for reader in &mut readers {
        let mut parcel = Parcel::default();
        while reader.receive(&mut parcel, |_, _, _| ()).is_some() {
            read += 1;
            parcel.body.give_back();
        }
    }
    assert_eq!(read, sent);
    let mut askers: Vec<SharedMemory> = (1..=100).map(|slot| open(&estate, slot)).collect();
    for asker in &mut askers {
        let link = request(asker, server.id, 1);
        answer(&mut server, LARGE);
        // Nobody has taken theirs before all have been given.
        assert!(asker.outgoing[link.0].is_answered(1));
    }
    for asker in &mut askers {
        let link = asker.link(server.id).unwrap();
        take(asker, link, 1, LARGE);
    }
}

#[test]
fn r14_a_large_answer_that_has_not_been_taken_stays_as_it_is() {
    let estate = Estate::create(LIMITS).unwrap();
    let (mut asker, mut server) = (open(&estate, 1), open(&estate, 2));
    let link = request(&mut asker, server.id, 1);
    answer(&mut server, LARGE);
    // The asker is stopped meanwhile, and the server is killed and started again.
    for _ in 0..layout::GENERATIONS {
        let (id, receivers) = (server.id, [asker.id, server.id].into_iter());
        std::mem::forget(server);
        estate.hand_over(id, None).unwrap();
        let (next, _) = estate.successor(id, receivers).unwrap();
        server = open_as(&estate, next);
    }
    take(&mut asker, link, 1, LARGE);
}

#[test]
fn r14_the_answer_of_the_next_incarnation_is_in_a_slot_of_its_own() {
    let estate = Estate::create(LIMITS).unwrap();
    let (mut asker, mut server) = (open(&estate, 1), open(&estate, 2));
    ask(&mut asker, &mut server, 1);
    let link = request(&mut asker, server.id, 2);
    let id = server.id;
    std::mem::forget(server);
    estate.hand_over(id, None).unwrap();
    let receivers = [asker.id, id].into_iter();
    let (next, _) = estate.successor(id, receivers).unwrap();
    let mut server = open_as(&estate, next);
    answer(&mut server, LARGE);
    take(&mut asker, link, 2, LARGE);
}

/// Waits for room that has not been told of yet. Whether there is some.
fn is_told_of_room(server: &mut SharedMemory) -> bool {
    let waited = server.wait(&Wait {
        what_for: Awaited::Room,
        news: &AtomicU64::new(0),
        seen: 0,
        deadline: Some(Instant::now()),
        patience: None,
    });
    waited == Waited::News
}

#[test]
fn r08_a_large_answer_waits_until_another_has_been_taken() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut server = open(&estate, 0);
    let mut askers: Vec<SharedMemory> = (1..=300).map(|slot| open(&estate, slot)).collect();
    for asker in &mut askers {
        request(asker, server.id, 1);
    }
    let (mut answered, mut taken) = (VecDeque::new(), 0);
    while answered.len() + taken < askers.len() {
        let mut parcel = Parcel::default();
        assert!(server.receive(&mut parcel, |_, _, _| ()).is_some());
        let path = parcel.call.unwrap().reply_path;
        while !path.reply(1, &Answer::Value(&[1; LARGE])) {
            assert!(!is_told_of_room(&mut server));
            server.ask_for_room_for_answer();
            let first: u32 = answered.pop_front().unwrap();
            let asker = &mut askers[first as usize - 1];
            let link = asker.link(server.id).unwrap();
            take(asker, link, 1, LARGE);
            taken += 1;
            assert!(is_told_of_room(&mut server));
        }
        answered.push_back(parcel.envelope.sender.slot());
    }
    assert!(taken > 0);
}
