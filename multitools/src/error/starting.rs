//! The errors of starting other agents, and of waiting for what they return.

use super::{DecodeError, EncodeError, who};
use crate::id::AgentId;
use std::time::Duration;
use thiserror::Error;

/// Why an agent was not spawned (rule R10).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SpawnError {
    /// Its fields refused to be encoded, or are too long.
    #[error("the fields of agent `{agent}` cannot be sent to its process: {source}")]
    Arguments {
        /// Which agent.
        agent: String,
        /// What serde says, or how long they are.
        source: EncodeError,
    },
    /// Its process could not be started.
    #[error("agent `{agent}` could not be started: {reason}")]
    Start {
        /// Which agent.
        agent: String,
        /// What the system says.
        reason: String,
    },
    /// Its process did not come up. Nobody was told of it.
    #[error("agent `{agent}` never came up: {reason}")]
    NeverReady {
        /// Which agent.
        agent: String,
        /// What is known of it.
        reason: String,
    },
    /// There are as many agents as a run may have.
    #[error("agent `{agent}` would be one more than the {limit} that a run may have")]
    TooMany {
        /// Which agent.
        agent: String,
        /// How many a run may have at once.
        limit: usize,
    },
    /// The run is being stopped, or all its non-residents have ended.
    #[error("the run is being stopped; nobody is started any more")]
    Stopped,
    /// The process was started by a `ProcessList`, where there is nobody to start others.
    #[error(
        "this process was started without a supervisor, which would start others; use `Supervisor` or `run!`"
    )]
    Unsupervised,
}

/// Why waiting for the result of a spawned agent ended without one. `C` is the claim, which
/// [`Context::join`](crate::Context::join) gives back when it is only early.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JoinError<C = ()> {
    /// It has not ended in time.
    #[error("{} has not ended within {waited:?}", who(.id, .name))]
    Timeout {
        /// The claim, to wait again with.
        claim: C,
        /// Who was waited for.
        id: AgentId,
        /// The name of that agent, if it bears one.
        name: Option<String>,
        /// How long the wait was.
        waited: Duration,
    },
    /// It has failed, and with it the run (rule R12).
    #[error("{reason}")]
    Failed {
        /// Who was waited for.
        id: AgentId,
        /// The report in one line.
        reason: String,
    },
    /// Its result is not of the declared type.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The run is being stopped.
    #[error("the run is being stopped; the result is given up")]
    Stopped,
}

impl<C> From<JoinError<C>> for super::Error {
    /// Lets go of the claim.
    fn from(error: JoinError<C>) -> super::Error {
        super::Error::Join(match error {
            JoinError::Timeout {
                id, name, waited, ..
            } => JoinError::Timeout {
                claim: (),
                id,
                name,
                waited,
            },
            JoinError::Failed { id, reason } => JoinError::Failed { id, reason },
            JoinError::Decode(error) => JoinError::Decode(error),
            JoinError::Stopped => JoinError::Stopped,
        })
    }
}
