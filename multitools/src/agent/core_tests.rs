use super::*;
use crate::agent::delivery::{Delivery, Missed, MissedReason};
use crate::message::{DownReason, StringMessage};
use crate::router::Change;
use crate::transport::{
    Arrival, Backend, Bell, Estate, Identity, Limits, Occupied, Turned, Wait, open,
};
use crate::wire::parcel::Parcel;
use std::panic::Location;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc::{RecvTimeoutError, channel};

struct Nobody;
impl Turned for Nobody {
    fn away(&self, _: String) {}
}

const LIMITS: Limits = Limits {
    mailbox: 64 << 10,
    message: 64 << 10,
};

/// What carries the messages of one test.
struct Run {
    backend: Backend,
    number: u64,
}

impl Run {
    fn over_each() -> [Run; 2] {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        let estate = Estate::create(LIMITS).unwrap();
        [Backend::SharedMemory(estate), Backend::LocalSockets].map(|backend| Run {
            backend,
            number: u64::from(std::process::id()) << 32 | RUNS.fetch_add(1, SeqCst),
        })
    }

    fn connection(&self, id: AgentId) -> Connection {
        let identity = Identity {
            run: self.number,
            token: [7; 16],
            id,
            limits: LIMITS,
            occupied: Occupied::new(),
        };
        let memory = match &self.backend {
            Backend::SharedMemory(estate) => {
                estate.admit(id);
                Some(estate.descriptor().try_clone_to_owned())
            }
            Backend::LocalSockets => None,
        };
        open(&identity, memory.transpose().unwrap(), Arc::new(Nobody)).unwrap()
    }

    fn core(&self) -> Core {
        let transport = self.connection(AgentId::new(0, 0));
        let bell: Arc<dyn Bell> = transport.bell();
        Core {
            transport: Some(transport),
            news: Arc::new(News::new(Some(bell))),
            ..Core::detached()
        }
    }

    /// One that has been told of others, and these.
    fn core_beside(&self, ids: [AgentId; 3]) -> (Core, Vec<Connection>) {
        let core = self.core();
        let connected = ids.map(|id| self.connection(id));
        for id in ids {
            core.hear(Change::joined(id, 0));
        }
        (core, connected.into())
    }
}

impl Core {
    fn hear(&self, change: Change) {
        self.directory().apply(change);
        self.news.change(|_| ());
    }

    /// Waits until nobody takes a connection to an agent any more.
    fn await_end_of(&mut self, id: AgentId) {
        let deadline = deadline::after(Duration::from_secs(20));
        while !self.transport.as_ref().unwrap().gone().contains(&id) {
            let waited = self.wait(Awaited::Room, self.news.count(), Some(deadline));
            assert_eq!(waited, Waited::News, "{id} does not end");
        }
    }

    fn broadcast(&mut self) -> Result<Delivery, SendError> {
        let message = StringMessage::new("hello");
        let place = Location::caller();
        self.send_within(&Target::Broadcast, (&message).into(), Duration::ZERO, place)
    }

    fn try_to_reach(&mut self, id: AgentId) -> Result<usize, SendError> {
        let (target, message) = (Target::Id(id), StringMessage::new("hello"));
        let sent = self.send_within(
            &target,
            (&message).into(),
            Duration::ZERO,
            Location::caller(),
        );
        sent.map(|delivery| delivery.reached)
    }
}

/// How many messages come, of which so many are waited for.
fn received(connection: &mut Connection, awaited: usize) -> usize {
    let (news, deadline) = (AtomicU64::new(0), deadline::after(Duration::from_secs(20)));
    let mut messages = 0;
    loop {
        match connection.receive(&mut Parcel::default(), |_, _, _| ()) {
            Some(Arrival::Message) => messages += 1,
            Some(_) => {}
            None if messages >= awaited => return messages,
            None => {
                let waited = connection.wait(&Wait {
                    what_for: Awaited::Message,
                    news: &news,
                    seen: 0,
                    deadline: Some(deadline),
                    patience: None,
                });
                assert_eq!(waited, Waited::News, "{messages} of {awaited}");
            }
        }
    }
}

#[test]
fn r03_several_who_were_reached_before_are_reached_again_once_each_but_for_those_who_have_ended() {
    let ids = [1, 2, 3].map(|slot| AgentId::new(slot, 0));
    for run in Run::over_each() {
        let (mut core, mut connected) = run.core_beside(ids);
        // The first finds out the links that the next know.
        for _ in 0..3 {
            let delivery = core.broadcast().unwrap();
            assert_eq!((delivery.reached, &delivery.missed[..]), (3, &[][..]));
        }
        drop(connected.remove(1));
        if matches!(run.backend, Backend::LocalSockets) {
            core.await_end_of(ids[1]);
        }
        for _ in 0..2 {
            let delivery = core.broadcast().unwrap();
            let dead = Missed {
                id: ids[1],
                reason: MissedReason::Dead,
            };
            assert_eq!((delivery.reached, &delivery.missed[..]), (2, &[dead][..]));
        }
        for connection in &mut connected {
            assert_eq!(received(connection, 5), 5);
        }
    }
}

#[test]
fn r07_who_has_no_room_holds_back_none_of_those_who_were_reached_before() {
    let ids = [1, 2, 3].map(|slot| AgentId::new(slot, 0));
    for run in Run::over_each() {
        let (mut core, mut connected) = run.core_beside(ids);
        assert_eq!(core.broadcast().unwrap().reached, 3);
        // The second takes nothing out, until it has no room, and none either then.
        let (mut missed, mut awaited) = (0, 2);
        while missed < 3 {
            let delivery = core.broadcast().unwrap();
            missed += delivery.missed.len();
            assert!(
                delivery.missed.iter().all(|missed| missed.id == ids[1]),
                "{delivery:?}"
            );
            assert_eq!(delivery.reached, 3 - delivery.missed.len());
            for reader in [0, 2] {
                assert_eq!(received(&mut connected[reader], awaited), awaited);
            }
            awaited = 1;
        }
    }
}

#[test]
fn r10_who_is_not_told_of_yet_is_waited_for_and_not_taken_to_have_ended() {
    for run in Run::over_each() {
        let late = AgentId::new(1, 0);
        let _late = run.connection(late);
        let mut core = run.core();
        let (news, directory) = (Arc::clone(&core.news), Arc::clone(&core.directory));
        let (sending, is_over) = channel::<()>();
        let supervisor = std::thread::spawn(move || {
            // The word comes when the sender has had its time to give up.
            let over = is_over.recv_timeout(Duration::from_millis(100));
            directory.lock().unwrap().apply(Change::joined(late, 0));
            news.change(|_| ());
            over == Err(RecvTimeoutError::Timeout)
        });
        let message = StringMessage::new("hello");
        let sent = core.send(&Target::Id(late), (&message).into(), Location::caller());
        drop(sending);
        assert!(supervisor.join().unwrap(), "{sent:?}");
        assert_eq!(sent.unwrap().reached, 1);
    }
}

#[test]
fn r10_who_does_not_wait_for_the_word_of_an_agent_reaches_it_all_the_same() {
    let (first, next) = (AgentId::new(1, 0), AgentId::new(1, 1));
    for run in Run::over_each() {
        let mut core = run.core();
        let connected = run.connection(first);
        core.hear(Change::joined(first, 0));
        assert_eq!(core.try_to_reach(first).unwrap(), 1);
        // As one that is killed: it closes nothing.
        std::mem::forget(connected);
        let _connected = run.connection(next);
        for end in [None, Some(Change::Ended(first, DownReason::Finished))] {
            end.into_iter().for_each(|end| core.hear(end));
            assert_eq!(core.try_to_reach(next).unwrap(), 1);
        }
        // There is none of these.
        for unknown in [AgentId::new(2, 0), AgentId::new(1 << 16, 0)] {
            let sent = core.try_to_reach(unknown);
            assert!(matches!(sent, Err(SendError::Dead { .. })), "{sent:?}");
        }
    }
}

#[test]
fn r10_who_is_reached_before_the_word_of_it_gets_nothing_that_is_for_the_former_of_its_slot() {
    let (former, other) = (AgentId::new(1, 0), AgentId::new(1, 1));
    for run in Run::over_each() {
        let mut core = run.core();
        let connected = run.connection(former);
        core.hear(Change::joined(former, 0));
        assert_eq!(core.try_to_reach(former).unwrap(), 1);
        drop(connected);
        match &run.backend {
            Backend::SharedMemory(estate) => {
                estate.settle(former, None).unwrap();
                let given = estate.reassign(former, [core.id].into_iter()).unwrap();
                assert_eq!(given, Some(other));
            }
            Backend::LocalSockets => core.await_end_of(former),
        }
        let _connected = run.connection(other);
        assert_eq!(core.try_to_reach(other).unwrap(), 1);
        let sent = core.try_to_reach(former);
        assert!(matches!(sent, Err(SendError::Dead { .. })), "{sent:?}");
        core.hear(Change::Ended(former, DownReason::Finished));
        core.hear(Change::joined(other, 1));
        assert_eq!(core.try_to_reach(other).unwrap(), 1);
    }
}

#[test]
fn r10_who_was_sent_to_before_it_was_up_is_reached_when_it_is() {
    let id = AgentId::new(1, 0);
    for run in Run::over_each() {
        let mut core = run.core();
        core.hear(Change::joined(id, 0));
        let sent = core.try_to_reach(id);
        assert!(matches!(sent, Err(SendError::Dead { .. })), "{sent:?}");
        let _connected = run.connection(id);
        for _ in 0..2 {
            assert_eq!(core.try_to_reach(id).unwrap(), 1);
            // So that the link is looked for anew.
            core.hear(Change::joined(id, 0));
        }
    }
}

#[test]
fn r10_of_two_that_have_had_one_slot_the_later_is_meant() {
    let (former, other) = (AgentId::new(1, 0), AgentId::new(1, 1));
    let [run, _] = Run::over_each();
    let mut core = run.core();
    let connected = run.connection(former);
    core.hear(Change::joined(former, 0));
    drop(connected);
    let Backend::SharedMemory(estate) = &run.backend else {
        unreachable!()
    };
    estate.settle(former, None).unwrap();
    let given = estate.reassign(former, [core.id].into_iter()).unwrap();
    assert_eq!(given, Some(other));
    let mut connected = run.connection(other);
    // Of neither the end of the first nor the start of the second word has come.
    let ids = [former, other];
    let (target, message) = (Target::Ids(&ids), StringMessage::new("hello"));
    let place = Location::caller();
    let sent = core.send_within(&target, (&message).into(), Duration::ZERO, place);
    let got = received(&mut connected, 0);
    assert!(got == 1, "{sent:?}, and the other has got {got} messages");
}

#[test]
fn r07_of_two_that_have_ended_and_have_had_one_slot_both_are_named() {
    let ids = [AgentId::new(1, 0), AgentId::new(1, 1), AgentId::new(2, 0)];
    let [run, _] = Run::over_each();
    let mut core = run.core();
    let _connected = run.connection(ids[2]);
    core.hear(Change::joined(ids[0], 0));
    core.hear(Change::Ended(ids[0], DownReason::Finished));
    core.hear(Change::joined(ids[1], 1));
    core.hear(Change::Ended(ids[1], DownReason::Finished));
    core.hear(Change::joined(ids[2], 0));
    let (target, message) = (Target::Ids(&ids), StringMessage::new("hello"));
    let place = Location::caller();
    let sent = core.send_within(&target, (&message).into(), Duration::ZERO, place);
    let missed: Vec<AgentId> = sent
        .unwrap()
        .missed
        .iter()
        .map(|missed| missed.id)
        .collect();
    assert_eq!(missed, ids[..2]);
}
