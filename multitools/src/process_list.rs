//! The guide's first building block: processes started and waited for together, without a supervisor.

use crate::agent::{Agent, Behaviour};
use crate::catalog::{self, AgentEntry};
use crate::error::{DecodeError, EncodeError};
use crate::id::AgentId;
use crate::launch::{launch, spawn_watched};
use crate::output::Output;
use crate::protocol::{
    AgentSettings, ControlReader, Outcome, Start, StatusPage, ToAgent, ToSupervisor, encode,
};
use crate::shape;
use crate::sys;
use crate::wire::codec;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::de::DeserializeOwned;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use thiserror::Error;

/// Processes that are started and waited for together.
///
/// They have no supervisor, so they cannot send messages; what they print goes to the standard output
/// directly. Agents, processes and plain commands may be mixed. A list that is dropped kills what still
/// runs.
///
/// ```
/// use multitools::{process, ProcessList};
///
/// #[process]
/// fn multiply(one: i64, two: i64) -> i64 { one * two }
///
/// fn main() -> Result<(), multitools::ProcessError> {
///     multitools::init();
///     let mut list = ProcessList::new();
///     let product = list.add(multiply::with(1234, 5678));
///     list.start()?;
///     list.join()?;
///     assert_eq!(list.take(product)?, 7_006_652);
///     Ok(())
/// }
/// ```
#[derive(Default)]
pub struct ProcessList {
    processes: Vec<Process>,
    under_test: bool,
}

struct Process {
    label: String,
    state: State,
}

enum State {
    Added(Work),
    Running(Running),
    Ended(Result<Vec<u8>, String>),
    /// Could not even be added.
    Broken(EncodeError),
}

enum Work {
    Agent {
        entry: &'static AgentEntry,
        arguments: Vec<u8>,
    },
    Command(Command),
}

struct Running {
    child: Child,
    watch: OwnedFd,
    /// Reads what an agent says, so that it never waits; gives its result.
    ear: Option<JoinHandle<Option<Outcome>>>,
}

/// What went wrong with a process of a [`ProcessList`].
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// It could not be started.
    #[error("process {process} could not be started: {source}")]
    Start {
        /// Which process.
        process: String,
        /// What the system says.
        source: io::Error,
    },
    /// Its fields cannot be sent to it.
    #[error("the arguments of process {process} cannot be sent to it: {reason}")]
    Arguments {
        /// Which process.
        process: String,
        /// What serde says.
        reason: String,
    },
    /// It failed.
    #[error("process {process} {reason}")]
    Failed {
        /// Which process.
        process: String,
        /// What happened.
        reason: String,
    },
    /// It has not ended in time.
    #[error("process {process} still runs after {waited:?}")]
    Timeout {
        /// Which process.
        process: String,
        /// How long the wait was.
        waited: Duration,
    },
    /// It has not been started or not been joined, so it has no result.
    #[error("process {process} has no result: {reason}")]
    NoResult {
        /// Which process.
        process: String,
        /// What is missing.
        reason: &'static str,
    },
    /// Its result is not what its type says.
    #[error(transparent)]
    Result(#[from] DecodeError),
}

impl ProcessList {
    /// An empty list.
    #[must_use]
    pub fn new() -> ProcessList {
        ProcessList {
            processes: Vec::new(),
            under_test: catalog::test_entry().is_some(),
        }
    }

    /// Adds an agent or a process. It runs once [`start`](Self::start) is called.
    pub fn add<A: Agent + Behaviour>(&mut self, agent: A) -> Output<A::Output> {
        let entry = A::entry();
        let state = match codec::encode(&agent) {
            Ok(arguments) => State::Added(Work::Agent { entry, arguments }),
            Err(error) => State::Broken(error),
        };
        self.push(format!("`{}`", A::NAME.unwrap_or(entry.path)), state)
    }

    /// Adds a plain command. An exit status other than 0 is a failure.
    pub fn add_command(&mut self, command: Command) -> Output<()> {
        let label = format!("`{}`", command.get_program().to_string_lossy());
        self.push(label, State::Added(Work::Command(command)))
    }

    fn push<T>(&mut self, label: String, state: State) -> Output<T> {
        self.processes.push(Process { label, state });
        Output::new(self.processes.len() - 1)
    }

    /// Starts what has been added and not yet started.
    ///
    /// # Errors
    /// When one could not be started. Those before it run.
    pub fn start(&mut self) -> Result<(), ProcessError> {
        for process in &mut self.processes {
            process.start(self.under_test)?;
        }
        Ok(())
    }

    /// Waits until all that were started have ended.
    ///
    /// Blocks for as long as that takes.
    ///
    /// # Errors
    /// The first failure, in the order of adding. All have ended then all the same.
    pub fn join(&mut self) -> Result<(), ProcessError> {
        self.join_until(None)
    }

    /// Waits until all that were started have ended, no longer than `timeout`.
    ///
    /// # Errors
    /// [`ProcessError::Timeout`] when some still run: they go on, and may be joined again or
    /// [terminated](Self::terminate). Else the first failure, in the order of adding.
    pub fn join_timeout(&mut self, timeout: Duration) -> Result<(), ProcessError> {
        self.join_until(Some(timeout))
    }

    fn join_until(&mut self, timeout: Option<Duration>) -> Result<(), ProcessError> {
        let deadline = timeout.map(|timeout| Instant::now() + timeout);
        for process in &mut self.processes {
            if !process.wait(deadline) {
                return Err(ProcessError::Timeout {
                    process: process.label.clone(),
                    waited: timeout.unwrap_or_default(),
                });
            }
        }
        self.processes.iter().try_for_each(Process::check)
    }

    /// Whether any process runs.
    pub fn is_alive(&mut self) -> bool {
        self.processes.iter_mut().any(Process::is_alive)
    }

    /// Whether one process runs.
    pub fn is_running<T>(&mut self, output: Output<T>) -> bool {
        self.processes
            .get_mut(output.index)
            .is_some_and(Process::is_alive)
    }

    /// Asks every process that runs to end, with SIGTERM. [`join`](Self::join) says when it has.
    pub fn terminate(&mut self) {
        for process in &mut self.processes {
            if process.is_alive()
                && let State::Running(running) = &process.state
            {
                running.terminate();
            }
        }
    }

    /// The result of a process that has ended and been joined.
    ///
    /// # Errors
    /// When it failed, or has not been joined.
    pub fn take<T: DeserializeOwned>(&mut self, output: Output<T>) -> Result<T, ProcessError> {
        let Some(process) = self.processes.get(output.index) else {
            return Err(ProcessError::NoResult {
                process: format!("number {}", output.index),
                reason: "it is of another list",
            });
        };
        process.check()?;
        match &process.state {
            State::Ended(Ok(result)) => Ok(codec::decode(result)?),
            State::Running(_) => Err(process.no_result("it has not been joined")),
            _ => Err(process.no_result("it has not been started")),
        }
    }
}

impl Drop for ProcessList {
    fn drop(&mut self) {
        for process in &mut self.processes {
            if let State::Running(running) = &mut process.state {
                running.kill();
                let _ = running.child.wait();
            }
        }
    }
}

impl Process {
    fn start(&mut self, under_test: bool) -> Result<(), ProcessError> {
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

    fn is_alive(&mut self) -> bool {
        matches!(self.state, State::Running(_)) && !self.wait(Some(Instant::now()))
    }

    /// Whether it has ended before the deadline, or never began.
    fn wait(&mut self, deadline: Option<Instant>) -> bool {
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

    fn check(&self) -> Result<(), ProcessError> {
        match &self.state {
            State::Ended(Err(reason)) => Err(ProcessError::Failed {
                process: self.label.clone(),
                reason: reason.clone(),
            }),
            _ => Ok(()),
        }
    }

    fn no_result(&self, reason: &'static str) -> ProcessError {
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
    fn wait(&self, deadline: Option<Instant>) -> bool {
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
        let outcome = self.ear.take().and_then(|ear| ear.join().ok()).flatten();
        let status = self.child.wait().map_err(|error| error.to_string())?;
        match outcome {
            Some(Outcome::Done(result)) => Ok(result),
            Some(Outcome::Failed(text)) => Err(format!("failed: {text}")),
            Some(Outcome::Panicked(panic)) => Err(format!(
                "panicked{}: {}",
                panic
                    .location
                    .map_or(String::new(), |at| format!(" at {at}")),
                panic.text
            )),
            None => command_result(status),
        }
    }

    fn terminate(&self) {
        match self.ear {
            Some(_) => sys::process::terminate_group(self.child.id()),
            None => sys::process::terminate(self.child.id()),
        }
    }

    fn kill(&self) {
        match self.ear {
            Some(_) => sys::process::kill_group(self.child.id()),
            None => sys::process::kill(self.child.id()),
        }
    }
}

/// `()` in MessagePack, where there was no agent to say more.
fn command_result(status: ExitStatus) -> Result<Vec<u8>, String> {
    if status.success() {
        Ok(vec![0xc0])
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
    let launched = launch(under_test, &status, Stdio::inherit())?;
    let start = Start {
        agent: entry.key(),
        id: AgentId::new(0, 0),
        name: entry.name.map(str::to_owned),
        arguments,
        fingerprint: catalog::fingerprint(),
        run: None,
        settings: AgentSettings::default(),
    };
    let begin = [
        encode(&ToAgent::Start(Box::new(start)))?,
        encode(&ToAgent::Go(Vec::new()))?,
    ]
    .concat();
    let mut running = Running::new((launched.child, launched.watch));
    let control = launched.control;
    let ear = std::thread::Builder::new()
        .name("multitools-process".into())
        .stack_size(256 << 10)
        .spawn(move || attend(&control, &begin))?;
    running.ear = Some(ear);
    Ok(running)
}

/// Tells a process who to be and listens until it has ended.
fn attend(mut control: &UnixStream, begin: &[u8]) -> Option<Outcome> {
    control.write_all(begin).ok()?;
    let mut reader = ControlReader::new();
    let mut result = None;
    while let Ok(Some(word)) = reader.wait(control) {
        match word {
            ToSupervisor::Ended { outcome, .. } => result = Some(outcome),
            ToSupervisor::OtherBuild(theirs) => {
                let reason = shape::other_build(&catalog::shapes(), &theirs);
                result = Some(Outcome::Failed(reason));
            }
            ToSupervisor::Unfit(reason) => result = Some(Outcome::Failed(reason)),
            _ => {}
        }
    }
    result
}
