//! What a failure tells (rule R13): plain data that prints for people and serialises for programs.

use super::{Exceeded, RestartLimit, Suspicion};
use crate::id::AgentId;
use crate::protocol::Outcome;
use serde::Serialize;
use std::fmt;

/// The report of an agent that failed.
///
/// `docs/report.md` of the repository describes how it prints and how it serialises.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The name of the agent, or its type where it bears none.
    pub agent: String,
    /// Its id.
    pub id: AgentId,
    /// The process it ran in; 0 where there was none yet.
    pub pid: u32,
    /// What happened.
    pub cause: Cause,
    /// What is perhaps behind it, where the cause alone says little.
    pub perhaps: Option<Suspicion>,
    /// The limit of its own that it has come up against, where that is certain.
    pub exceeded: Option<Exceeded>,
    /// How often it had been started again before (rule R14).
    pub restarts: u32,
    /// The limit of restarts that is used up, which is why it is not started again.
    pub restart_limit: Option<RestartLimit>,
    /// The message it was handling.
    pub handling: Option<Handled>,
    /// The messages it had accepted and not begun (rule R4).
    pub undelivered: Vec<Undelivered>,
    /// The last lines of its standard error.
    pub stderr: Vec<String>,
    /// Where it panicked, if `RUST_BACKTRACE` asks for it.
    pub backtrace: Option<String>,
}

/// What happened to an agent that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause {
    /// It panicked.
    Panic {
        /// What the panic says.
        text: String,
        /// `file:line:column`.
        location: Option<String>,
    },
    /// Its `op` or a handler returned this error.
    Error {
        /// What the error says.
        text: String,
        /// `file:line:column` of the call that it came from, where it is one of this library's errors or
        /// has the text of one in its own.
        location: Option<String>,
    },
    /// Its process ended by itself, as by `std::process::exit`.
    Exit {
        /// The exit code.
        code: i32,
    },
    /// Its process was killed.
    Signal {
        /// The signal's number.
        number: i32,
        /// The signal's name.
        name: &'static str,
        /// Whether a core was dumped.
        core_dumped: bool,
    },
    /// Its process never became ready.
    NeverReady {
        /// What is known of it.
        reason: String,
    },
    /// It did not leave when it was told to, and was killed (rule R11).
    DidNotLeave,
    /// An agent failed that it was linked to (rule R15).
    Linked {
        /// The name of that agent, or its type where it bears none.
        agent: String,
        /// What happened to that one.
        reason: String,
    },
    /// It ended well, but was to be started again whenever it has ended, and may not be any more (rule R14).
    /// [`Report::restart_limit`] says why.
    EndedAgain,
}

/// A message that was being handled when its agent failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handled {
    /// The stable name of the message.
    pub message: String,
    /// Who sent it.
    pub sender: String,
    /// `file:line:column` of the call that sent it.
    pub sent_at: Option<String>,
}

/// Messages that an agent had accepted and not begun when it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Undelivered {
    /// Who sent them; an id where its slot has been given to several others since.
    pub sender: String,
    /// Their stable name; "?" where the sender's own end has taken it along.
    pub message: String,
    /// How many.
    pub count: u64,
}

impl Report {
    /// The report in one line, whatever the texts in it.
    #[must_use]
    pub fn headline(&self) -> String {
        in_one_line(&format!("agent `{}` {}", self.agent, self.cause))
    }
}

fn in_one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

impl Cause {
    /// What an agent has told of its failure, if it has failed.
    pub(crate) fn told_by(outcome: &Outcome) -> Option<Cause> {
        match outcome {
            Outcome::Done(_) => None,
            Outcome::Failed { text, location } => Some(Cause::Error {
                text: text.clone(),
                location: location.clone(),
            }),
            Outcome::Panicked(panic) => Some(Cause::Panic {
                text: panic.text.clone(),
                location: panic.location.clone(),
            }),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Panic { text, location } => told_of(f, "panicked", location, text),
            Cause::Error { text, location } => told_of(f, "failed", location, text),
            Cause::Exit { code } => write!(
                f,
                "ended its process with exit code {code} instead of returning from `op`"
            ),
            Cause::Signal {
                number,
                name,
                core_dumped,
            } => {
                write!(f, "was killed by {name} (signal {number})")?;
                f.write_str(if *core_dumped { ", core dumped" } else { "" })
            }
            Cause::NeverReady { reason } => write!(f, "never came up: {reason}"),
            Cause::DidNotLeave => f.write_str("did not leave when told to and was killed"),
            Cause::EndedAgain => f.write_str("ended well, and was to be started again"),
            Cause::Linked { agent, reason } => {
                write!(
                    f,
                    "was ended with `{agent}`, to which it was linked and which {reason}"
                )
            }
        }
    }
}

fn told_of(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    location: &Option<String>,
    text: &str,
) -> fmt::Result {
    f.write_str(what)?;
    if let Some(location) = location {
        write!(f, " at {location}")?;
    }
    write!(f, ": {text}")
}

impl fmt::Display for Handled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` from `{}`", self.message, self.sender)?;
        match &self.sent_at {
            Some(place) => write!(f, ", sent at {place}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = self.cause.to_string();
        let mut lines = cause.lines();
        write!(
            f,
            "agent `{}` {}",
            self.agent,
            lines.next().unwrap_or_default()
        )?;
        for line in lines {
            write!(f, "\n    {line}")?;
        }
        if let Some(perhaps) = &self.perhaps {
            write!(f, "\n  perhaps {perhaps}")?;
        }
        write!(f, "\n  id {}, process {}", self.id, self.pid)?;
        if let Some(limit) = &self.exceeded {
            write!(f, "\n  it has come up against its limit: {limit}")?;
        }
        match self.restarts {
            0 => {}
            1 => f.write_str("\n  started again once before")?,
            more => write!(f, "\n  started again {more} times before")?,
        }
        if let Some(limit) = &self.restart_limit {
            write!(f, "\n  not started again: {limit}")?;
        }
        if let Some(handled) = &self.handling {
            write!(f, "\n  while handling {handled}")?;
        }
        for lost in &self.undelivered {
            let Undelivered {
                sender,
                message,
                count,
            } = lost;
            write!(f, "\n  undelivered: {count} x `{message}` from `{sender}`")?;
        }
        if !self.stderr.is_empty() {
            write!(f, "\n  the end of its standard error:")?;
            for line in &self.stderr {
                write!(f, "\n    {line}")?;
            }
        }
        if let Some(backtrace) = &self.backtrace {
            write!(f, "\n  backtrace:")?;
            for line in backtrace.lines() {
                write!(f, "\n    {line}")?;
            }
        }
        Ok(())
    }
}
