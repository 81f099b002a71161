//! Shared memory among processes that are stopped and killed at any moment.
//!
//! A child is this test binary once more, with the memory as its standard input.

use super::*;
use crate::sys::shared_file::{GRAIN, SharedFile, Window};
use rustix::process::{Pid, Signal, kill_process};
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering::SeqCst;

const ROLE: &str = "MULTITOOLS_TEST_CHILD";

const STREAM: u32 = 1;
const READER: u32 = 2;
const PARENT: u32 = 3;
const OTHER: u32 = 4;

/// Counters that all processes share, where the inbox of an agent would be that is not there.
fn counters(estate: &Estate) -> Window {
    let file = SharedFile::adopt(estate.descriptor().try_clone_to_owned().unwrap()).unwrap();
    file.window(50_000 * GRAIN as u64, GRAIN).unwrap()
}

fn start(backend: &Shared, role: u32) -> Running {
    let memory = backend.estate.descriptor().try_clone_to_owned().unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["transport::conformance::processes::as_a_child", "--exact"])
        .env(ROLE, role.to_string())
        .stdin(Stdio::from(memory))
        .stdout(Stdio::null())
        .spawn();
    Running(child.unwrap())
}

/// A child that does not outlive its test.
struct Running(Child);

impl Running {
    fn signal(&self, signal: Signal) {
        let process = Pid::from_child(&self.0);
        kill_process(process, signal).unwrap();
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn as_a_child() {
    let Ok(role) = std::env::var(ROLE) else {
        return;
    };
    let memory = || std::io::stdin().as_fd().try_clone_to_owned().unwrap();
    let role = role.parse().unwrap();
    let transport = SharedMemory::open(&identity(id(role), LIMITS), memory()).unwrap();
    let counter = SharedFile::adopt(memory()).unwrap();
    let counter = counter.window(50_000 * GRAIN as u64, GRAIN).unwrap();
    let mut agent = Agent {
        transport: Connection::SharedMemory(Box::new(transport)),
        parcel: Parcel::default(),
        id: id(role),
        news: AtomicU64::new(0),
    };
    let count = counter.word(8 * role as usize);
    match role {
        READER => loop {
            let message = agent.receive();
            message.check();
            count.store(u64::from(message.number) + 1, SeqCst);
            agent.send(id(PARENT), message.number, &[]).unwrap();
        },
        _ => {
            for number in 0.. {
                let body = body_of(number, size(number));
                agent.send(id(PARENT), number, &body).unwrap();
                count.store(u64::from(number) + 1, SeqCst);
            }
        }
    }
}

/// Small ones, some that do not fit into the ring, and one as large as may be.
fn size(number: u32) -> usize {
    match number % 37 {
        0 => 70_000,
        1 => 60_000,
        2 if number.is_multiple_of(3) => LIMITS.message,
        other => 40 * other as usize,
    }
}

/// A number that nobody has chosen.
fn random(below: u32) -> u32 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).unwrap();
    u32::from_le_bytes(bytes) % below
}

/// Some moment, between one message and the next or within one.
fn let_some_time_pass() {
    let until = Instant::now() + Duration::from_nanos(random(300_000).into());
    while Instant::now() < until {
        std::hint::spin_loop();
    }
}

#[test]
fn r6_whatever_a_killed_sender_has_sent_arrives_and_nothing_torn() {
    for _ in 0..60 {
        let backend = Shared::new(LIMITS);
        let count = counters(&backend.estate);
        let mut parent = backend.agent(PARENT);
        let child = start(&backend, STREAM);
        let mut next = random(200) + 1;
        parent.receive_all(0..next);
        let_some_time_pass();
        child.kill();
        backend.estate.settle(id(STREAM), None).unwrap();
        parent.transport.look_again();
        let parcel = &mut parent.parcel;
        while let Some(arrival) = parent.transport.receive(parcel, |_, _, _| ()) {
            assert!(matches!(arrival, Arrival::Message), "something else");
            assert_eq!(parcel.envelope.message_type(), next);
            assert!(parcel.body.as_slice() == body_of(next, size(next)));
            next += 1;
        }
        let accepted = count.word(8 * STREAM as usize).load(SeqCst);
        assert!((accepted..=accepted + 1).contains(&next.into()));
        assert_eq!(backend.estate.settle(id(PARENT), None).unwrap(), []);
    }
}

/// Whatever step a sender is stopped in, and for however long, others are heard.
#[test]
fn a_sender_that_is_stopped_keeps_nobody_from_being_heard() {
    let backend = Shared::new(LIMITS);
    let mut parent = backend.agent(PARENT);
    let (stopped, _other) = (start(&backend, STREAM), start(&backend, OTHER));
    let mut next = [0; 5];
    for _ in 0..60 {
        for _ in 0..random(50) {
            receive_next(&mut parent, &mut next);
        }
        let_some_time_pass();
        stopped.signal(Signal::STOP);
        let until = next[OTHER as usize] + 40;
        while next[OTHER as usize] < until {
            receive_next(&mut parent, &mut next);
        }
        stopped.signal(Signal::CONT);
    }
}

fn receive_next(parent: &mut Agent, next: &mut [u32; 5]) {
    let message = parent.receive();
    let next = &mut next[message.sender.slot() as usize];
    assert_eq!(message.number, *next);
    message.check();
    *next += 1;
}

/// What a receiver that is killed had not taken is found, and what it had of its sender's memory is free.
#[test]
fn r4_of_a_receiver_that_is_killed_exactly_what_it_had_not_taken_is_found() {
    for _ in 0..30 {
        let backend = Shared::new(LIMITS);
        let count = counters(&backend.estate);
        let mut parent = backend.agent(PARENT);
        let child = start(&backend, READER);
        let mut ready = false;
        let mut sent = 0;
        let at_least = random(60) + 1;
        let mut answered = 0;
        while answered < at_least {
            let link = parent.transport.link(id(READER));
            ready |= link.is_ok();
            let body = body_of(sent, size(sent));
            if ready && parent.try_send(id(READER), sent, &body) == Ok(()) {
                sent += 1;
            } else if !ready {
                std::thread::yield_now();
            }
            while parent.poll().is_some() {
                answered += 1;
            }
        }
        child.kill();
        let unread = backend.estate.settle(id(READER), None).unwrap();
        let taken = count.word(8 * READER as usize).load(SeqCst);
        let unread: Vec<u32> = unread.iter().map(|one| one.message_type.unwrap()).collect();
        let first = sent - unread.len() as u32;
        assert!(unread.iter().copied().eq(first..sent));
        // The one that it was at when it was killed counts as taken.
        assert!(
            (taken..=taken + 1).contains(&first.into()),
            "{taken} {first}"
        );
        send_in_vain(&mut parent);
    }
}

fn send_in_vain(parent: &mut Agent) {
    let body = body_of(0, 100_000);
    assert_eq!(parent.send(id(READER), 0, &body), Err(LinkError::Closed));
}
