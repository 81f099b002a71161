//! R11: the last message of a resident that could not listen while the others ended.

use multitools::{
    Context, Error, ResidentTermMessage, SendError, StringMessage, Supervisor, agent,
};
use multitools_tests::lifecycle::{LONG, Watch, kill, pid_line};
use rustix::process::Signal;
use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::process::Command;

/// How many agents speak to the resident for the first time right before they end.
const SPEAKERS: usize = 4;

#[agent(name = "Sleeper", resident, manual)]
struct Sleeper;

#[agent]
impl Sleeper {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        ctx.print(pid_line("sleeper"));
        let mut count = 0;
        while !ctx.next_message(LONG)?.is::<ResidentTermMessage>() {
            count += 1;
        }
        Ok(count)
    }
}

#[agent(name = "Speaker", manual)]
struct Speaker {
    gate: String,
}

#[agent]
impl Speaker {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        ctx.print(pid_line("speaker"));
        // A pipe without a writer is not opened: this waits for the gate.
        drop(File::open(&self.gate).unwrap());
        ctx.send("Sleeper", &StringMessage::new("farewell"))
            .map(drop)
    }
}

/// The resident is stopped while the others connect, send and end. When it goes on, it finds the
/// connections, the messages and the word to leave all at once.
#[multitools::test]
fn r11_the_last_message_comes_after_those_of_agents_that_connect_at_the_very_end() {
    for _ in 0..5 {
        let directory = tempfile::tempdir().unwrap();
        let mut supervisor = Supervisor::new();
        let count = supervisor.add(Sleeper).output();
        let gates: Vec<PathBuf> = (0..SPEAKERS)
            .map(|n| directory.path().join(n.to_string()))
            .collect();
        for gate in &gates {
            assert!(Command::new("mkfifo").arg(gate).status().unwrap().success());
            let gate = gate.to_str().unwrap().to_owned();
            supervisor.add(Speaker { gate });
        }
        let (mut sleepers, mut speakers) = (Vec::new(), Vec::new());
        supervisor.on_print(move |line| {
            let (who, pid) = line.split_once(' ').unwrap();
            let pid: u32 = pid.parse().unwrap();
            match who {
                "sleeper" => sleepers.push(pid),
                _ => speakers.push(Watch::new(pid)),
            }
            if let (&[sleeper], SPEAKERS) = (&sleepers[..], speakers.len()) {
                kill(sleeper, Signal::STOP);
                let speakers = std::mem::take(&mut speakers);
                std::thread::spawn(move || {
                    let gone = speakers.iter().all(|end| end.gone_within(LONG));
                    kill(sleeper, Signal::CONT);
                    assert!(gone);
                });
                for gate in &gates {
                    drop(OpenOptions::new().write(true).open(gate).unwrap());
                }
            }
        });
        let mut results = supervisor.supervise().unwrap();
        assert_eq!(results.take(count).unwrap(), SPEAKERS);
    }
}
