//! Running a program to its end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this is a part of tests"
)]

use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use wait_timeout::ChildExt;

/// No program of the guide takes nearly as long; one that does is hanging.
const DEADLINE: Duration = Duration::from_secs(60);

/// How a program has ended.
pub struct Ended {
    pub stdout: String,
    pub stderr: String,
    pub status: ExitStatus,
}

/// What a program finds on its standard input.
pub enum Input {
    /// This and then the end.
    Ends(&'static str),
    /// This and then nothing more, as at a terminal.
    Stays(&'static str),
}

impl Ended {
    /// Runs a program with an empty input and lets it end.
    pub fn of(program: Command) -> Ended {
        Ended::with(program, &Input::Ends(""))
    }

    /// Runs a program and lets it end.
    pub fn with(mut program: Command, input: &Input) -> Ended {
        let deadline = Instant::now() + DEADLINE;
        let mut child = program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env_remove("RUST_BACKTRACE")
            .spawn()
            .unwrap();
        let stdout = read(child.stdout.take().unwrap());
        let stderr = read(child.stderr.take().unwrap());
        let mut stdin = child.stdin.take();
        let (Input::Ends(text) | Input::Stays(text)) = input;
        stdin.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
        if let Input::Ends(_) = input {
            stdin = None;
        }
        let status = wait(&mut child, deadline);
        drop(stdin);
        // The pipes end with the last process that holds them: no agent may stay behind.
        let output = |pipe: Receiver<String>| {
            let left = deadline.saturating_duration_since(Instant::now());
            pipe.recv_timeout(left).expect("an agent has stayed behind")
        };
        Ended {
            stdout: output(stdout),
            stderr: output(stderr),
            status,
        }
    }

    fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }

    /// It has succeeded without a complaint.
    #[track_caller]
    pub fn quietly(self) -> Ended {
        assert_eq!(self.stderr, "", "{}", self.stdout);
        self.successfully()
    }

    #[track_caller]
    pub fn successfully(self) -> Ended {
        assert!(self.status.success(), "{}: {}", self.status, self.stderr);
        self
    }

    #[track_caller]
    pub fn printed(self, lines: &[&str]) -> Ended {
        assert_eq!(self.lines(), lines, "{}", self.stderr);
        self
    }

    /// The agents print each in order, but nobody knows which of them is faster.
    #[track_caller]
    pub fn printed_in_any_order(self, lines: &[&str]) -> Ended {
        let mut printed = self.lines();
        printed.sort_unstable();
        let mut expected = lines.to_vec();
        expected.sort_unstable();
        assert_eq!(printed, expected, "{}", self.stderr);
        self
    }

    /// These lines are among those printed, in this order.
    #[track_caller]
    pub fn printed_in_order(self, lines: &[&str]) -> Ended {
        let mut printed = self.stdout.lines();
        for line in lines {
            assert!(
                printed.any(|other| other == *line),
                "{line}: {}",
                self.stdout
            );
        }
        self
    }
}

fn read(mut pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        sender.send(text)
    });
    receiver
}

fn wait(child: &mut Child, deadline: Instant) -> ExitStatus {
    let left = deadline.saturating_duration_since(Instant::now());
    match child.wait_timeout(left).unwrap() {
        Some(status) => status,
        None => {
            child.kill().unwrap();
            panic!("the program hangs")
        }
    }
}
