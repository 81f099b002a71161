//! What is left of the program when somebody stops it in the middle.

use crate::place::Place;
use crate::running::{archiver, names_in};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::process::{Child, ExitStatus, Stdio};

/// Reader, writer, log, and one compressor.
const AGENTS: usize = 4;

/// Stops an archiver that has hours of work before it; gives how it ended and its agents' processes.
fn stopped_by(place: &Place, signal: Signal) -> (ExitStatus, Vec<OwnedFd>) {
    let endless = File::create(place.tree.join("endless")).unwrap();
    endless.set_len(1 << 42).unwrap();
    let mut command = archiver(&place.tree, &place.out);
    let mut archiver = command
        .args(["--workers", "1"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let agents = agents_of(&archiver);
    kill_process(Pid::from_child(&archiver), signal).unwrap();
    (archiver.wait().unwrap(), agents)
}

/// Waits until all agents are there.
fn agents_of(archiver: &Child) -> Vec<OwnedFd> {
    let path = format!("/proc/{0}/task/{0}/children", archiver.id());
    loop {
        let agents: Vec<OwnedFd> = fs::read_to_string(&path)
            .unwrap()
            .split_whitespace()
            .filter_map(|pid| Pid::from_raw(pid.parse().unwrap()))
            .filter_map(|pid| pidfd_open(pid, PidfdFlags::empty()).ok())
            .collect();
        if agents.len() == AGENTS {
            return agents;
        }
        std::thread::yield_now();
    }
}

/// Whether a process ends within five seconds.
fn ends(process: &OwnedFd) -> bool {
    let deadline = Timespec {
        tv_sec: 5,
        tv_nsec: 0,
    };
    let mut ended = [PollFd::new(process, PollFlags::IN)];
    poll(&mut ended, Some(&deadline)).unwrap() == 1
}

fn assert_nothing_is_left(place: &Place, agents: &[OwnedFd]) {
    assert!(agents.iter().all(ends));
    assert!(names_in(place.out.parent().unwrap()).is_empty());
}

#[test]
fn an_interrupt_leaves_neither_files_nor_processes() {
    let place = Place::with_tree();
    let (status, agents) = stopped_by(&place, Signal::INT);
    assert_eq!(status.code(), Some(1));
    assert_nothing_is_left(&place, &agents);
}

#[test]
fn not_even_a_killed_supervisor_leaves_files_or_processes() {
    let place = Place::with_tree();
    let (status, agents) = stopped_by(&place, Signal::KILL);
    assert!(!status.success());
    assert_nothing_is_left(&place, &agents);
}
