//! Why a list of processes did not succeed.

use crate::error::DecodeError;
use crate::launch::advice;
use std::fmt;
use std::io;
use std::time::Duration;
use thiserror::Error;

/// What went wrong with a process of a [`ProcessList`](super::ProcessList).
///
/// Its `Debug` is one readable line, since that is what a `main` that returns it prints.
#[derive(Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// It could not be started.
    #[error("process `{process}` could not be started: {source}{}", advice(.source))]
    Start {
        /// Which process.
        process: String,
        /// What the system says.
        source: io::Error,
    },
    /// Its fields cannot be sent to it.
    #[error("the arguments of process `{process}` cannot be sent to it: {reason}")]
    Arguments {
        /// Which process.
        process: String,
        /// What serde says, or how long they are.
        reason: String,
    },
    /// It failed.
    #[error("process `{process}` {reason}")]
    Failed {
        /// Which process.
        process: String,
        /// What happened.
        reason: String,
    },
    /// It has not ended in time.
    #[error("process `{process}` still runs after {waited:?}")]
    Timeout {
        /// Which process.
        process: String,
        /// How long the wait was.
        waited: Duration,
    },
    /// It has not been started or not been joined, so it has no result.
    #[error("process `{process}` has no result: {reason}")]
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

impl fmt::Debug for ProcessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_main_that_returns_it_prints_a_readable_line() {
        let error = ProcessError::Failed {
            process: "parse".into(),
            reason: "failed: invalid digit".into(),
        };
        assert_eq!(
            format!("{error:?}"),
            "process `parse` failed: invalid digit"
        );
    }
}
