//! The guide's first building block: processes started and waited for together, without a supervisor.

mod error;
mod process;

pub use error::ProcessError;

use crate::agent::{Agent, Behaviour};
use crate::catalog;
use crate::deadline;
use crate::output::Output;
use crate::protocol::{AgentSettings, Remedy, check_arguments, longest_value};
use crate::wire::codec;
use process::{Process, State, Work};
use serde::de::DeserializeOwned;
use std::process::Command;
use std::time::Duration;

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

impl ProcessList {
    /// An empty list.
    #[must_use]
    pub fn new() -> ProcessList {
        ProcessList {
            processes: Vec::new(),
            under_test: catalog::test_entry().is_some(),
        }
    }

    /// Adds an agent or a process. It runs once [`start`](Self::start) is called, which refuses fields of more
    /// than 64 MiB less 64 KiB, encoded.
    pub fn add<A: Agent + Behaviour>(&mut self, agent: A) -> Output<A::Output> {
        let entry = A::entry();
        let most = longest_value(AgentSettings::default().message_limit);
        let checked = codec::encode(&agent).and_then(|arguments| {
            check_arguments(entry.path, &arguments, most, Remedy::Nothing).map(|()| arguments)
        });
        let state = match checked {
            Ok(arguments) => State::Added(Work::Agent { entry, arguments }),
            Err(error) => State::Broken(error),
        };
        self.push(A::NAME.unwrap_or(entry.path).to_owned(), state)
    }

    /// Adds a plain command. An exit status other than 0 is a failure.
    pub fn add_command(&mut self, command: Command) -> Output<()> {
        let label = command.get_program().to_string_lossy().into_owned();
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
        let deadline = timeout.map(deadline::after);
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
            }
        }
    }
}
