//! One process of a list.

use super::ProcessError;
use crate::catalog::{self, AgentEntry};
use crate::error::EncodeError;
use crate::id::AgentId;
use crate::launch::{launch, spawn_watched};
use crate::protocol::{
    AgentSettings, ControlReader, Outcome, Start, StatusPage, ToAgent, ToSupervisor, encode,
    longest_word,
};
use crate::shape;
use crate::supervisor::Cause;
use crate::sys;
use crate::wire::codec;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

pub(super) struct Process {
    pub(super) label: String,
    pub(super) state: State,
}

pub(super) enum State {
    Added(Work),
    Running(Running),
    Ended(Result<Vec<u8>, String>),
    /// Could not even be added.
    Broken(EncodeError),
}

pub(super) enum Work {
    Agent {
        entry: &'static AgentEntry,
        arguments: Vec<u8>,
    },
    Command(Command),
}

pub(super) struct Running {
    child: Child,
    watch: OwnedFd,
    ear: Option<Ear>,
}

/// Reads what an agent says, so that it never waits; gives its result.
struct Ear {
    control: Arc<UnixStream>,
    thread: JoinHandle<Option<Outcome>>,
}

impl Process {
    pub(super) fn start(&mut self, under_test: bool) -> Result<(), ProcessError> {
        match &mut self.state {
            State::Broken(error) => Err(ProcessError::Arguments {
                process: self.label.clone(),
                reason: error.to_string(),
            }),
            State::Added(work) => {
                let running = match work {
                    Work::Agent { entry, arguments } => {
                        start_agent(entry, std::mem::take(arguments), under_test)
                    }
                    Work::Command(command) => spawn_watched(command).map(Running::new),
                };
                let running = running.map_err(|source| ProcessError::Start {
                    process: self.label.clone(),
                    source,
                })?;
                self.state = State::Running(running);
                Ok(())
            }
            State::Running(_) | State::Ended(_) => Ok(()),
        }
    }

    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.state, State::Running(_)) && !self.wait(Some(Instant::now()))
    }

    /// Whether it has ended before the deadline, or never began.
    pub(super) fn wait(&mut self, deadline: Option<Instant>) -> bool {
        let State::Running(running) = &mut self.state else {
            return true;
        };
        if !running.wait(deadline) {
            return false;
        }
        let result = running.reap();
        self.state = State::Ended(result);
        true
    }

    pub(super) fn check(&self) -> Result<(), ProcessError> {
        match &self.state {
            State::Ended(Err(reason)) => Err(ProcessError::Failed {
                process: self.label.clone(),
                reason: reason.clone(),
            }),
            _ => Ok(()),
        }
    }

    pub(super) fn no_result(&self, reason: &'static str) -> ProcessError {
        ProcessError::NoResult {
            process: self.label.clone(),
            reason,
        }
    }
}

impl Running {
    fn new((child, watch): (Child, OwnedFd)) -> Running {
        Running {
            child,
            watch,
            ear: None,
        }
    }

    /// Whether the process has ended before the deadline.
    pub(super) fn wait(&self, deadline: Option<Instant>) -> bool {
        loop {
            let left = deadline.map(|deadline| {
                let left = deadline.saturating_duration_since(Instant::now());
                Timespec::try_from(left).unwrap_or(Timespec {
                    tv_sec: i64::MAX,
                    tv_nsec: 0,
                })
            });
            let mut sources = [PollFd::new(&self.watch, PollFlags::IN)];
            match poll(&mut sources, left.as_ref()) {
                Err(rustix::io::Errno::INTR) => {}
                Ok(0) => return false,
                _ => return true,
            }
        }
    }

    /// Takes the result of a process that has ended.
    fn reap(&mut self) -> Result<Vec<u8>, String> {
        let outcome = self.ear.take().and_then(Ear::outcome);
        let status = self.child.wait().map_err(|error| error.to_string())?;
        if let Some(cause) = outcome.as_ref().and_then(Cause::told_by) {
            return Err(cause.to_string());
        }
        match outcome {
            Some(Outcome::Done(result)) => Ok(result),
            _ => command_result(status),
        }
    }

    pub(super) fn terminate(&self) {
        match self.ear {
            Some(_) => sys::process::terminate_with_group(self.child.id()),
            None => sys::process::terminate(self.child.id()),
        }
    }

    /// Ends the process at once.
    pub(super) fn kill(&mut self) {
        match self.ear {
            Some(_) => sys::process::kill_with_group(self.child.id()),
            None => sys::process::kill(self.child.id()),
        }
        let _ = self.child.wait();
    }
}

/// The result of a plain command.
fn command_result(status: ExitStatus) -> Result<Vec<u8>, String> {
    if status.success() {
        Ok(codec::UNIT.to_vec())
    } else {
        Err(format!("ended with {status}"))
    }
}

fn start_agent(
    entry: &'static AgentEntry,
    arguments: Vec<u8>,
    under_test: bool,
) -> io::Result<Running> {
    let status = StatusPage::create()?;
    let launched = launch(under_test, false, &status, None, Stdio::inherit())?;
    let start = Start {
        agent: entry.key,
        id: AgentId::new(0, 0),
        name: entry.name.map(str::to_owned),
        arguments,
        fingerprint: catalog::fingerprint(),
        run: None,
        settings: AgentSettings::default(),
        limits: entry.limits,
        known_sites: 0,
        occupied: BTreeSet::new(),
        restartable: false,
        retries: false,
        unfinished: None,
    };
    let begin = [
        encode(&ToAgent::Start(Box::new(start)))?,
        encode(&ToAgent::Go(Vec::new().into()))?,
    ]
    .concat();
    let mut running = Running::new((launched.child, launched.watch));
    let control = Arc::new(launched.control);
    let attended = Arc::clone(&control);
    let thread = std::thread::Builder::new()
        .name("multitools-process".into())
        .stack_size(256 << 10)
        .spawn(move || attend(&attended, &begin))?;
    running.ear = Some(Ear { control, thread });
    Ok(running)
}

impl Ear {
    /// What came of a process that has ended. What it has started may have its socket too, and keep it open for
    /// ever: what is there by now is read, and no more is waited for.
    fn outcome(self) -> Option<Outcome> {
        let _ = self.control.shutdown(Shutdown::Both);
        self.thread.join().ok().flatten()
    }
}

/// Tells a process who to be and listens until it has ended.
fn attend(mut control: &UnixStream, begin: &[u8]) -> Option<Outcome> {
    control.write_all(begin).ok()?;
    let mut reader = ControlReader::new(longest_word(AgentSettings::default().message_limit));
    let mut result = None;
    while let Ok(Some(word)) = reader.wait(control) {
        match word {
            ToSupervisor::Ended { outcome, .. } => result = Some(outcome),
            ToSupervisor::OtherBuild(theirs) => {
                let reason = shape::other_build(&catalog::shapes(), &theirs);
                result = Some(Outcome::failed(reason));
            }
            ToSupervisor::Unfit(reason) => result = Some(Outcome::failed(reason)),
            _ => {}
        }
    }
    result
}
