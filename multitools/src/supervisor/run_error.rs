//! Why a run did not succeed.

use super::{Hang, Report};
use crate::catalog::CatalogError;
use crate::error::{DecodeError, EncodeError};
use crate::launch::advice;
use crate::value::ValueError;
use std::fmt;
use std::io;
use thiserror::Error;

/// Why a run did not succeed: what [`run!`](crate::run) and
/// [`Supervisor::supervise`](crate::Supervisor::supervise) return.
///
/// A `main` that returns it ends with a non-zero exit status. Its `Debug` is one readable line, since
/// that is what `main` prints; the whole report of a failed agent has been printed by then.
#[derive(Error)]
#[non_exhaustive]
pub enum RunError {
    /// An agent failed, and the others were stopped (rule R12).
    #[error("{}", .0.headline())]
    Failed(Box<Report>),
    /// Every agent waited for a message, and none was on its way (rule R17).
    #[error("{}", .0.headline())]
    Hung(Box<Hang>),
    /// There is nothing to run.
    #[error(
        "there is no agent to run: pass agents to `run!(..)`, or give at least one `#[agent]` of the program a `Default` and do not mark it `manual`; agents of a library crate are found only if the program refers to the crate (`use the_crate as _;`)"
    )]
    NothingToRun,
    /// `run!()` met agents that it cannot make.
    #[error("`run!()` cannot make {}: give it a `Default`, mark it `manual`, or pass it to `run!(..)`", .0.join(", "))]
    NoDefault(Vec<String>),
    /// `run!()` met an agent that announces what no other agent listens to. With a list of agents, `run!`
    /// is refused by the compiler instead.
    #[error("{0}")]
    Unheard(String),
    /// Two definitions cannot be told apart.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The fields of an agent refused to be encoded, or are too long.
    #[error("the fields of agent `{agent}` cannot be sent to its process: {source}")]
    Arguments {
        /// Which agent.
        agent: String,
        /// What serde says, or how long they are.
        source: EncodeError,
    },
    /// A process could not be started.
    #[error("agent `{agent}` could not be started: {source}{}", advice(.source))]
    Start {
        /// Which agent.
        agent: String,
        /// What the system says.
        source: io::Error,
    },
    /// Agents of one group are started again in different ways.
    #[error(
        "`{}` and `{}` are both of the group `{group}`, which has one strategy, one `max` and one `within`: say the same of both", .agents[0], .agents[1]
    )]
    Group {
        /// Which group.
        group: String,
        /// Two of the agents that say different things of it.
        agents: [String; 2],
    },
    /// Ctrl-C, or SIGTERM.
    #[error("interrupted")]
    Interrupted,
    /// An agent's result is not what its type says, or not of this run.
    #[error("the result of agent `{agent}` cannot be read: {source}")]
    Result {
        /// Which agent.
        agent: String,
        /// What the decoder says.
        source: DecodeError,
    },
    /// A shared value could not be made: for a `main` that makes one.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// More agents than a run may have.
    #[error("{0} agents are more than the 65,536 that a run may have")]
    TooMany(usize),
    /// The system failed the supervisor.
    #[error("the supervisor cannot go on: {0}")]
    System(#[from] io::Error),
}

impl fmt::Debug for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
