use super::reuse_tests::try_send;
use super::*;
use crate::wire::body::Body;
use crate::wire::head::Envelope;

pub(super) const LIMITS: Limits = Limits {
    mailbox: 64 << 10,
    message: 64 << 10,
};

pub(super) fn open(estate: &Estate, slot: u32) -> SharedMemory {
    open_as(estate, AgentId::new(slot, 0))
}

pub(super) fn open_as(estate: &Estate, id: AgentId) -> SharedMemory {
    open_within(estate, id, LIMITS)
}

fn open_within(estate: &Estate, id: AgentId, limits: Limits) -> SharedMemory {
    estate.admit(id);
    let identity = Identity {
        run: 0,
        token: [0; 16],
        id,
        limits,
        occupied: Occupied::new(),
    };
    let memory = estate.descriptor().try_clone_to_owned().unwrap();
    SharedMemory::open(&identity, memory).unwrap()
}

/// Writes a frame as often as it takes for `done` to have it.
fn write_until<T>(
    sender: &mut SharedMemory,
    only: Option<Link>,
    body: &[u8],
    mut done: impl FnMut(&mut SharedMemory, Head, Written) -> Option<T>,
) -> T {
    let envelope = Envelope::new(7, sender.id, 0);
    let head = Head::message(envelope, None);
    loop {
        let mut sink = sender.compose(only, head.size());
        sink.append(body);
        let written = sink.finish();
        if let Some(done) = done(sender, head.with_length(body.len()).unwrap(), written) {
            return done;
        }
    }
}

fn send(sender: &mut SharedMemory, to: u32, body: &[u8]) {
    let link = sender.link(AgentId::new(to, 0)).unwrap();
    write_until(
        sender,
        Some(link),
        body,
        |sender, head, written| match sender.send(link, &head.envelope, written) {
            Ok(()) => Some(()),
            Err(Unsent::Lost) => None,
            refused => panic!("{refused:?}"),
        },
    );
}

#[test]
fn r14_a_message_that_was_lent_and_not_begun_when_its_receiver_was_killed_stays_as_it_is() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut sender = open(&estate, 1);
    let (killed, mut other) = (open(&estate, 2), open(&estate, 3));
    let large = |byte: u8| vec![byte; 50_000];
    send(&mut sender, 2, &large(1));
    killed.inbox.note_lease(AgentId::new(1, 0), 0).unwrap();
    estate.hand_over(killed.id, None).unwrap();
    for byte in 2..9 {
        send(&mut sender, 3, &large(byte));
        receive(&mut other);
    }
    let mut successor = open(&estate, 2);
    assert!(receive(&mut successor).as_slice() == large(1));
    std::mem::forget(killed);
}

pub(super) fn receive(receiver: &mut SharedMemory) -> Body {
    let mut parcel = Parcel::default();
    match receiver.receive(&mut parcel, |_, _, _| ()) {
        Some(Arrival::Message) => parcel.body,
        _ => panic!("it is lost"),
    }
}

#[test]
fn r14_what_was_in_hand_is_there_for_the_next_as_it_was_until_it_is_done() {
    let estate = Estate::create(LIMITS).unwrap();
    let (mut sender, mut killed) = (open(&estate, 1), open(&estate, 2));
    let large = |byte: u8| vec![byte; 20_000];
    killed.retain(None);
    send(&mut sender, 2, &large(1));
    drop(receive(&mut killed));
    let begun = Place {
        sender: sender.id,
        place: 0,
    };
    assert!(estate.is_unfinished(killed.id, begun).unwrap());
    assert_eq!(estate.copy(killed.id, begun).unwrap(), Some(large(1)));
    estate.hand_over(killed.id, None).unwrap();
    let mut successor = open(&estate, 2);
    successor.retain(Some(sender.id));
    for byte in 2..9 {
        send(&mut sender, 2, &large(byte));
        let expected = large(byte - 1);
        assert!(receive(&mut successor).as_slice() == expected);
        successor.finish();
    }
    assert!(!estate.is_unfinished(killed.id, begun).unwrap());
    std::mem::forget(killed);
}

#[test]
fn r14_what_is_lent_of_an_earlier_incarnation_is_let_go_of_as_that_and_stays_as_it_is() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut receiver = open(&estate, 2);
    let large = |byte: u8| vec![byte; 30_000];
    let mut first = open(&estate, 1);
    send(&mut first, 2, &large(1));
    let lent_by_first = receive(&mut receiver);
    std::mem::forget(first);
    let mut second = open_as(&estate, AgentId::new(1, 1));
    send(&mut second, 2, &large(2));
    let lent_by_second = receive(&mut receiver);
    // Both are in the first slot of their senders.
    drop(lent_by_first);
    send(&mut second, 2, &large(3));
    assert!(lent_by_second.as_slice() == large(2));
    assert!(receive(&mut receiver).as_slice() == large(3));
}

#[test]
fn r14_an_incarnation_does_not_write_to_what_is_still_lent_of_an_earlier_one() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut receiver = open(&estate, 2);
    let mut first = open(&estate, 1);
    for number in 0..2 {
        send(&mut first, 2, &vec![number; 30_000]);
    }
    let lent = receive(&mut receiver);
    std::mem::forget(first);
    let receivers = || [AgentId::new(1, 0), AgentId::new(2, 0)].into_iter();
    let after = |incarnation| {
        let former = AgentId::new(1, incarnation);
        estate
            .successor(former, receivers())
            .unwrap()
            .0
            .incarnation()
    };
    assert_eq!(after(0), 1);
    assert_eq!(after(7), 9, "one is lent and one unread of the first");
    assert_eq!(after(u16::MAX), 1, "the numbers come round, too");
    let unread = receive(&mut receiver);
    assert_eq!(after(7), 9, "two are lent");
    drop((lent, unread));
    assert_eq!(after(7), 8);
}

#[test]
fn marks_of_agents_that_never_were_are_nothing() {
    let estate = Estate::create(LIMITS).unwrap();
    let (mut sender, mut receiver) = (open(&estate, 1), open(&estate, 2));
    for slot in 0..u32::from(u16::MAX) {
        let mark = inbox::Mark::of(AgentId::new(slot, 0));
        receiver.inbox.connect(mark);
        inbox::Inbox::ring(&receiver.inbox, mark, false);
    }
    send(&mut sender, 2, b"among them");
    assert_eq!(receive(&mut receiver).as_slice(), b"among them");
    assert!(
        receiver
            .receive(&mut Parcel::default(), |_, _, _| ())
            .is_none()
    );
    assert!(!receiver.inbox.is_anything_pending());
    assert!(receiver.incoming.len() <= 3, "rings of nobody are mapped");
    let known = [0, 1, 2].map(|slot| AgentId::new(slot, 0));
    assert_eq!(receiver.inbox.connected(), known);
    receiver.look_again();
    assert!(
        receiver
            .receive(&mut Parcel::default(), |_, _, _| ())
            .is_none()
    );
    assert_eq!(estate.settle(AgentId::new(2, 0), None).unwrap(), []);
}

#[test]
fn r6_what_a_sender_has_published_when_it_is_killed_is_found() {
    let estate = Estate::create(LIMITS).unwrap();
    let (mut killed, mut receiver) = (open(&estate, 1), open(&estate, 2));
    let link = killed.link(receiver.id).unwrap();
    let envelope = Envelope::new(7, killed.id, 0);
    let head = Head::message(envelope, None);
    let mut sink = killed.compose(Some(link), head.size());
    sink.append(b"last words");
    let written = sink.finish();
    killed.seal(head.with_length(10).unwrap(), written).unwrap();
    let Frame::InRing { place, len, .. } = killed.frame else {
        panic!("it is elsewhere");
    };
    killed.outgoing[link.0].publish_and_be_killed(place, len);
    let nothing = receiver.receive(&mut Parcel::default(), |_, _, _| ());
    assert!(nothing.is_none());
    estate.settle(killed.id, None).unwrap();
    receiver.look_again();
    assert_eq!(receive(&mut receiver).as_slice(), b"last words");
}

#[test]
fn r17_the_supervisor_sees_whether_all_has_been_read_and_is_done() {
    let estate = Estate::create(LIMITS).unwrap();
    let (mut sender, mut receiver) = (open(&estate, 1), open(&estate, 2));
    let has_read_all = |slot| estate.has_read_all(AgentId::new(slot, 0)).unwrap();
    assert!(has_read_all(1) && has_read_all(2));
    send(&mut sender, 2, b"one");
    send(&mut sender, 2, &[2; 50_000]);
    assert!(has_read_all(1) && !has_read_all(2));
    receive(&mut receiver);
    assert!(!has_read_all(2));
    receive(&mut receiver);
    assert!(has_read_all(2));
    receiver.retain(None);
    send(&mut sender, 2, b"three");
    receive(&mut receiver);
    assert!(!has_read_all(2), "it is in hand");
    receiver.finish();
    estate.settle(sender.id, None).unwrap();
    assert!(has_read_all(2));
}

#[test]
fn frames_for_several_are_as_long_as_they_may_be_whatever_went_before() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut sender = open(&estate, 1);
    let mut receivers = [open(&estate, 2), open(&estate, 3)];
    let links = [2, 3].map(|slot| sender.link(AgentId::new(slot, 0)).unwrap());
    for length in [10, 900, 1024, 3000, 12_000, 15_000, 20_000, 3000, 10] {
        let body = vec![length as u8; length];
        write_until(&mut sender, None, &body, |sender, head, written| {
            sender.seal(head, written).ok()
        });
        for link in links {
            sender.post(link).unwrap();
        }
        sender.discard();
        for receiver in &mut receivers {
            assert!(receive(receiver).as_slice() == body, "{length}");
        }
    }
}

/// The usual ones.
const ROOMY: Limits = Limits {
    mailbox: 8 << 20,
    message: 16 << 20,
};

/// Two agents with these limits.
fn two_with_room() -> (Estate, SharedMemory, SharedMemory) {
    let estate = Estate::create(ROOMY).unwrap();
    let [one, other] = [1, 2].map(|slot| open_within(&estate, AgentId::new(slot, 0), ROOMY));
    (estate, one, other)
}

/// The receiver keeps up for a while, and then it is busy.
#[test]
fn r07_a_mailbox_takes_what_it_is_said_to_whatever_went_before() {
    for before in [0, 1, 39, 40, 66, 200, 700, 2_000] {
        let (_estate, mut sender, mut receiver) = two_with_room();
        let body = vec![1; 1_000];
        for _ in 0..before {
            try_send(&mut sender, receiver.id, &body).unwrap();
            receive(&mut receiver);
        }
        let mut accepted = 0;
        while try_send(&mut sender, receiver.id, &body).is_ok() {
            accepted += 1;
        }
        assert!(accepted > 8_000, "{accepted} after {before}");
        for _ in 0..accepted {
            assert_eq!(receive(&mut receiver).as_slice(), body);
        }
    }
}

/// Little is unread, in the end and in the beginning of the ring.
#[test]
fn r07_a_large_message_has_room_where_the_ring_has_begun_again_early() {
    let (_estate, mut sender, mut receiver) = two_with_room();
    let (small, large) = (vec![1; 1_000], vec![2; 1_000_000]);
    try_send(&mut sender, receiver.id, &small).unwrap();
    for _ in 0..100 {
        try_send(&mut sender, receiver.id, &small).unwrap();
        receive(&mut receiver);
        assert_eq!(try_send(&mut sender, receiver.id, &large), Ok(()));
        assert_eq!(receive(&mut receiver).as_slice(), small);
        assert_eq!(receive(&mut receiver).as_slice(), large);
        try_send(&mut sender, receiver.id, &small).unwrap();
    }
}

/// The frames of both would begin the ring, one in each turn.
#[test]
fn r14_what_comes_after_a_message_in_hand_is_not_taken_for_it() {
    let (estate, mut sender, mut killed) = two_with_room();
    try_send(&mut sender, killed.id, &[1; 40_000]).unwrap();
    let (mut parcel, mut begun) = (Parcel::default(), None);
    killed.receive(&mut parcel, |envelope, place, _| {
        let sender = envelope.sender;
        begun = Some(Place { sender, place });
    });
    try_send(&mut sender, killed.id, &[2; 30_000]).unwrap();
    estate.hand_over(killed.id, begun).unwrap();
    let mut successor = open_within(&estate, killed.id, ROOMY);
    assert_eq!(receive(&mut successor).as_slice(), [2; 30_000]);
    std::mem::forget(killed);
}
