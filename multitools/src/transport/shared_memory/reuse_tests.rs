//! The slot of an agent that has ended for good, and of the next.

use super::tests::{LIMITS, open, open_as, receive};
use super::*;
use crate::wire::head::Envelope;

/// Settles an agent that has ended, and gives its slot to another.
fn replace(estate: &Estate, former: SharedMemory, running: &[AgentId]) -> Option<AgentId> {
    let id = former.id;
    std::mem::forget(former);
    estate.settle(id, None).unwrap();
    estate.reassign(id, running.iter().copied()).unwrap()
}

/// Writes a frame, for one link where it says so.
fn write(sender: &mut SharedMemory, only: Option<Link>, body: &[u8]) -> (Head, Written) {
    let envelope = Envelope::new(7, sender.id, 0);
    let head = Head::message(envelope, None);
    let mut sink = sender.compose(only, head.size());
    sink.append(body);
    let written = sink.finish();
    (head.with_length(body.len()).unwrap(), written)
}

pub(super) fn try_send(
    sender: &mut SharedMemory,
    to: AgentId,
    body: &[u8],
) -> Result<(), LinkError> {
    let link = sender.link(to)?;
    loop {
        let (head, written) = write(sender, None, body);
        if sender.seal(head, written) == Ok(()) {
            break;
        }
    }
    let posted = sender.post(link);
    sender.discard();
    posted
}

const CLOSED: Result<(), LinkError> = Err(LinkError::Closed);

#[test]
fn r10_nothing_for_an_agent_that_has_ended_reaches_the_next_in_its_slot() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut sender = open(&estate, 1);
    let (former, late) = (open(&estate, 2), AgentId::new(2, 0));
    try_send(&mut sender, late, b"read by nobody").unwrap();
    let link = sender.link(late).unwrap();
    let next = replace(&estate, former, &[sender.id]).unwrap();
    assert_eq!(next, AgentId::new(2, 1));
    // Before it is up, and afterwards; by who knows of it and by who does not.
    assert_eq!(try_send(&mut sender, next, b"too early"), CLOSED);
    let mut second = open_as(&estate, next);
    assert!(sender.is_closed(link));
    assert_eq!(try_send(&mut sender, late, b"to the former"), CLOSED);
    assert_eq!(try_send(&mut open(&estate, 3), late, b"as well"), CLOSED);
    assert!(
        second
            .receive(&mut Parcel::default(), |_, _, _| ())
            .is_none()
    );
    for body in [b"one", b"two"] {
        try_send(&mut sender, next, body).unwrap();
        assert_eq!(receive(&mut second).as_slice(), body);
    }
}

#[test]
fn r10_a_frame_that_was_written_for_an_agent_that_has_ended_is_refused() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut sender = open(&estate, 1);
    // The head of the ring is where that of a new one is, and elsewhere.
    for (slot, sent) in [(2, 0), (3, 1)] {
        let former = open(&estate, slot);
        for _ in 0..sent {
            try_send(&mut sender, former.id, b"moves the head").unwrap();
        }
        let link = sender.link(former.id).unwrap();
        let (head, written) = write(&mut sender, Some(link), b"for the former");
        let next = replace(&estate, former, &[sender.id]).unwrap();
        let mut second = open_as(&estate, next);
        let refused = sender.send(link, &head.envelope, written);
        assert_eq!(refused, Err(Unsent::Refused(LinkError::Closed)));
        sender.discard();
        assert!(
            second
                .receive(&mut Parcel::default(), |_, _, _| ())
                .is_none()
        );
    }
}

#[test]
fn r10_large_messages_to_agents_that_have_ended_take_no_room_from_those_to_the_next() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut sender = open(&estate, 1);
    let mut holder = open(&estate, 2);
    for round in 0..20 {
        let (to, large) = (holder.id, vec![round; 30_000]);
        try_send(&mut sender, to, &large).unwrap();
        assert!(receive(&mut holder).as_slice() == large);
        try_send(&mut sender, to, &large).unwrap();
        let next = replace(&estate, holder, &[sender.id]).unwrap();
        holder = open_as(&estate, next);
    }
    let free = std::iter::from_fn(|| lock(&sender.slots).acquire());
    assert!(free.count() >= layout::SLOTS - slots::LEFT - 2);
}

#[test]
fn r10_what_the_last_holder_of_a_slot_has_sent_stays_as_it_is() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut other = open(&estate, 1);
    let mut first = open(&estate, 2);
    let large = vec![1; 30_000];
    try_send(&mut first, other.id, &large).unwrap();
    let next = replace(&estate, first, &[other.id]).unwrap();
    assert_eq!(next.incarnation(), 1);
    // Of its generation a message is unread: it is passed over.
    let eighth = open_as(&estate, AgentId::new(2, 7));
    let after = replace(&estate, eighth, &[other.id]).unwrap();
    assert_eq!(after.incarnation(), 9);
    assert!(receive(&mut other).as_slice() == large);
}

#[test]
fn r14_what_was_let_go_of_after_the_end_of_its_sender_says_nothing_of_a_later_incarnation() {
    let estate = Estate::create(LIMITS).unwrap();
    let mut receiver = open(&estate, 2);
    let large = |byte: u8| vec![byte; 30_000];
    let mut first = open(&estate, 1);
    try_send(&mut first, receiver.id, &large(1)).unwrap();
    std::mem::forget(first);
    assert!(receive(&mut receiver).as_slice() == large(1));
    // So many later that it uses the same slots.
    let ninth = AgentId::new(1, layout::GENERATIONS as u16);
    let mut ninth = open_as(&estate, ninth);
    for byte in 2..6 {
        // Where the receiver has no room for more, it is told so.
        let _ = try_send(&mut ninth, receiver.id, &large(byte));
    }
    assert!(receive(&mut receiver).as_slice() == large(2));
}

#[test]
fn r14_an_agent_is_started_again_though_messages_of_all_its_earlier_incarnations_are_unread() {
    let roomy = Limits {
        mailbox: 4 << 20,
        message: 128 << 10,
    };
    let estate = Estate::create(roomy).unwrap();
    let open = |id: AgentId, occupied: Occupied| {
        estate.admit(id);
        let identity = Identity {
            run: 0,
            token: [0; 16],
            id,
            limits: roomy,
            occupied,
        };
        let memory = estate.descriptor().try_clone_to_owned().unwrap();
        SharedMemory::open(&identity, memory).unwrap()
    };
    let mut receiver = open(AgentId::new(2, 0), Occupied::new());
    let large = |number: u8| vec![number; 100_000];
    let (mut next, mut occupied) = (AgentId::new(1, 0), Occupied::new());
    for number in 0..20 {
        let mut incarnation = open(next, std::mem::take(&mut occupied));
        try_send(&mut incarnation, receiver.id, &large(number)).unwrap();
        std::mem::forget(incarnation);
        let receivers = [receiver.id].into_iter();
        (next, occupied) = estate.successor(next, receivers).unwrap();
    }
    for number in 0..20 {
        assert!(
            receive(&mut receiver).as_slice() == large(number),
            "{number}"
        );
    }
}
