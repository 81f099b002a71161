//! What an agent may take of the machine, which the system enforces.

use crate::sys;
use serde::{Deserialize, Serialize};
use std::io;
use std::time::Duration;

/// What an agent may take of the machine at most (rule R13 tells of one that took more).
///
/// The agent's own process takes it upon itself before it begins, and what it starts inherits it. Declared
/// with the agent, `#[agent(memory = "512MiB", cpu = "60s", files = 64, nice = 5)]`, or when it is added:
///
/// ```no_run
/// use multitools::{Limits, RunError, Supervisor, process};
///
/// #[process]
/// fn convert(path: String) { /* code that may run away with the memory */ }
///
/// fn main() -> Result<(), RunError> {
///     multitools::init();
///     let limits = Limits::none().memory(512 << 20).nice(5);
///     Supervisor::new().add(convert::with("a.png".into())).limits(limits).supervise().map(drop)
/// }
/// ```
///
/// No limit of those that the program itself has been given can be raised: the lower one holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub(crate) memory: Option<u64>,
    /// In seconds.
    pub(crate) cpu: Option<u64>,
    pub(crate) files: Option<u64>,
    nice: Option<i8>,
}

impl Limits {
    /// Those of the program itself. What holds unless something else is said.
    #[must_use]
    pub const fn none() -> Limits {
        Limits {
            memory: None,
            cpu: None,
            files: None,
            nice: None,
        }
    }

    /// How many bytes of memory of its own its process may have: its heap, and the stacks of its threads but
    /// the first. Memory that it has asked for and not touched counts as well. The mailboxes of a run are no
    /// memory of its own.
    ///
    /// A process that asks for more is denied it, of which most programs die.
    #[must_use]
    pub const fn memory(self, bytes: u64) -> Limits {
        Limits {
            memory: Some(bytes),
            ..self
        }
    }

    /// How long its process may keep a processor busy, in whole seconds, of which there is one at least. It
    /// ends by SIGXCPU then. Waiting takes none, and each incarnation has all of it.
    #[must_use]
    pub const fn cpu(self, time: Duration) -> Limits {
        let seconds = time.as_secs() + (time.subsec_nanos() > 0) as u64;
        Limits {
            cpu: Some(if seconds == 0 { 1 } else { seconds }),
            ..self
        }
    }

    /// How many descriptors it may have open: files, sockets, and about ten of the library. Over sockets
    /// each agent that it talks to takes two.
    #[must_use]
    pub const fn files(self, count: u64) -> Limits {
        Limits {
            files: Some(count),
            ..self
        }
    }

    /// How far its process stands back behind others for a processor, from -20 to 19; a program stands at 0
    /// unless it was told otherwise. Who stands further back already stays there, and to stand forward, below
    /// nought, takes a privilege without which the agent does not come up.
    #[must_use]
    pub const fn nice(self, nice: i8) -> Limits {
        Limits {
            nice: Some(nice),
            ..self
        }
    }

    /// Lays them upon this process.
    pub(crate) fn apply(&self) -> Result<(), String> {
        let failed =
            |what: &str, error: io::Error| format!("its limit of {what} cannot be set: {error}");
        if let Some(nice) = self.nice {
            sys::limits::nice(nice).map_err(|error| failed("niceness", error))?;
        }
        if let Some(seconds) = self.cpu {
            sys::limits::cpu(seconds).map_err(|error| failed("processor time", error))?;
        }
        if let Some(count) = self.files {
            sys::limits::files(count).map_err(|error| failed("files", error))?;
        }
        if let Some(bytes) = self.memory {
            sys::limits::memory(bytes).map_err(|error| failed("memory", error))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_in_whole_seconds() {
        let seconds = |time| Limits::none().cpu(time).cpu;
        assert_eq!(seconds(Duration::ZERO), Some(1));
        assert_eq!(seconds(Duration::from_millis(1001)), Some(2));
        assert_eq!(seconds(Duration::from_secs(3)), Some(3));
    }
}
