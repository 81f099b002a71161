//! What a broken sender cannot do to what it has lent: its ring and the words beside it are overwritten.

use super::layout::{CONTROL, pair};
use super::reuse_tests::try_send;
use super::tests::{LIMITS, open, receive};
use super::*;
use crate::sys::shared_file::Window;
use crate::wire::body::Body;
use std::sync::atomic::Ordering::SeqCst;

fn large(byte: u8) -> Vec<u8> {
    vec![byte; 30_000]
}

/// A sender that has had one large message read, another receiver, and where the former may write.
fn scene() -> (Estate, [SharedMemory; 3], Window) {
    let estate = Estate::create(LIMITS).unwrap();
    let agents = [1, 2, 3].map(|slot| open(&estate, slot));
    let [sender, receiver, _] = &agents;
    let place = sender.layout.pair(sender.id, receiver.id);
    let window = sender.file.window(place, sender.layout.pair_len()).unwrap();
    (estate, agents, window)
}

/// Publishes the first frame of the ring once more, with another number.
fn repeat(window: &Window, receiver: &SharedMemory, later: u64) {
    let head = window.word(pair::HEAD);
    let end = head.load(SeqCst);
    for at in (0..end as usize).step_by(8) {
        let word = window.word(CONTROL + at).load(SeqCst);
        window.word(CONTROL + at + end as usize).store(word, SeqCst);
    }
    let number = window.word(CONTROL + 2 * end as usize - 8);
    number.fetch_add(later, SeqCst);
    head.store(2 * end, SeqCst);
    let mark = inbox::Mark::of(AgentId::new(1, 0));
    inbox::Inbox::ring(&receiver.inbox, mark, false);
}

/// What a receiver makes of what is next in its ring. `None` where it refuses it.
fn next(receiver: &mut SharedMemory) -> Option<Body> {
    let mut parcel = Parcel::default();
    match receiver.receive(&mut parcel, |_, _, _| ())? {
        Arrival::Message => Some(parcel.body),
        _ => None,
    }
}

#[test]
fn a_frame_that_names_a_slot_which_is_being_written_to_is_refused() {
    for later in [0, 1] {
        let (_estate, [mut sender, mut receiver, _other], window) = scene();
        try_send(&mut sender, receiver.id, &large(1)).unwrap();
        assert!(receive(&mut receiver).as_slice() == large(1));
        // The same slot, for the next large message.
        let _ = sender.compose(None, 24);
        repeat(&window, &receiver, later);
        let lent = next(&mut receiver);
        sender.spare.as_mut().unwrap().memory().fill(2);
        assert!(lent.is_none_or(|body| body.as_slice() == large(1)));
    }
}

#[test]
fn a_frame_that_names_a_slot_which_has_been_let_go_of_is_refused() {
    let (_estate, [mut sender, mut receiver, mut other], window) = scene();
    try_send(&mut sender, receiver.id, &large(1)).unwrap();
    assert!(receive(&mut receiver).as_slice() == large(1));
    repeat(&window, &receiver, 0);
    let lent = next(&mut receiver);
    try_send(&mut sender, other.id, &large(2)).unwrap();
    assert!(receive(&mut other).as_slice() == large(2));
    assert!(lent.is_none_or(|body| body.as_slice() == large(1)));
}

#[test]
fn a_frame_that_names_a_slot_which_is_lent_is_refused() {
    let (_estate, [mut sender, mut receiver, mut other], window) = scene();
    try_send(&mut sender, receiver.id, &large(1)).unwrap();
    let lent = receive(&mut receiver);
    repeat(&window, &receiver, 0);
    // It is let go of once.
    drop(next(&mut receiver));
    try_send(&mut sender, other.id, &large(2)).unwrap();
    assert!(receive(&mut other).as_slice() == large(2));
    assert!(lent.as_slice() == large(1));
}

#[test]
fn a_frame_that_is_longer_than_what_is_in_its_slot_is_refused() {
    let (_estate, [mut sender, mut receiver, _other], window) = scene();
    try_send(&mut sender, receiver.id, &large(1)).unwrap();
    window.word(CONTROL).fetch_add(20_000, SeqCst);
    assert!(next(&mut receiver).is_none());
}

#[test]
fn what_is_lent_stays_as_it_is_where_its_sender_overwrites_what_it_is_told_of_slots() {
    for noise in [u64::MAX, 1, 0x5555_5555_5555_5555] {
        let (_estate, [mut sender, mut receiver, mut other], window) = scene();
        try_send(&mut sender, receiver.id, &large(1)).unwrap();
        let lent = receive(&mut receiver);
        for at in (pair::released(0, 0)..CONTROL).step_by(8) {
            window.word(at).store(noise, SeqCst);
        }
        try_send(&mut sender, other.id, &large(2)).unwrap();
        assert!(receive(&mut other).as_slice() == large(2));
        assert!(lent.as_slice() == large(1));
    }
}

#[test]
fn what_is_lent_stays_as_it_is_where_its_sender_overwrites_the_inbox_of_its_receiver() {
    for noise in [3, 7] {
        let (_estate, [mut sender, mut receiver, mut other], _) = scene();
        try_send(&mut sender, receiver.id, &large(1)).unwrap();
        let lent = receive(&mut receiver);
        let place = sender.layout.inbox(receiver.id);
        let inbox = sender.file.window(place, layout::INBOX).unwrap();
        for word in [layout::inbox::STATE, layout::inbox::SINCE] {
            inbox.word(word).store(noise, SeqCst);
        }
        // Whatever it does about a link that is none any more.
        let _ = try_send(&mut sender, receiver.id, &large(3));
        for byte in 4..7 {
            try_send(&mut sender, other.id, &large(byte)).unwrap();
            assert!(receive(&mut other).as_slice() == large(byte));
        }
        assert!(lent.as_slice() == large(1));
    }
}
