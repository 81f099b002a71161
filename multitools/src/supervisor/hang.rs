//! What a run is told to be that cannot go on: plain data that prints for people and serialises for
//! programs (rule R17).

use super::Handled;
use super::notice::in_seconds;
use crate::id::AgentId;
use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// Every agent of a run waits for a message without a deadline, and none is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Hang {
    /// For how long at least; in seconds where it is serialised.
    #[serde(serialize_with = "in_seconds")]
    pub lasted: Duration,
    /// Who waits, in the order of starting.
    pub agents: Vec<Waiting>,
}

/// An agent that waits for a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Waiting {
    /// The name of the agent, or its type where it bears none.
    pub agent: String,
    /// Its id.
    pub id: AgentId,
    /// The process it runs in.
    pub pid: u32,
    /// Whether it would leave once all others have.
    pub resident: bool,
    /// `file:line:column` of the call that waits; `None` for an agent without an `op`.
    pub at: Option<String>,
    /// The latest message that it has had.
    pub latest: Option<Handled>,
}

impl Hang {
    /// The hang in one line.
    #[must_use]
    pub fn headline(&self) -> String {
        let places: Vec<_> = self.agents.iter().map(Waiting::headline).collect();
        format!(
            "every agent waits for a message, and none is on its way: {}",
            places.join(", ")
        )
    }
}

impl Waiting {
    fn headline(&self) -> String {
        match &self.at {
            Some(place) => format!("`{}` at {place}", self.agent),
            None => format!("`{}`", self.agent),
        }
    }
}

impl fmt::Display for Hang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "every agent waits for a message without a deadline, and none is on its way, for {:.1?}",
            self.lasted
        )?;
        for waiting in &self.agents {
            write!(f, "\n  {waiting}")?;
        }
        write!(
            f,
            "\n  give a wait a timeout if it may be in vain, and declare an agent `resident` that is there for others: it \
             is told when they have ended; `hang_grace(None)` switches this off"
        )
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, id {}, process {},", self.agent, self.id, self.pid)?;
        f.write_str(if self.resident { " resident" } else { "" })?;
        match &self.at {
            Some(place) => write!(f, " waits at {place}")?,
            None => f.write_str(" serves its mailbox")?,
        }
        match &self.latest {
            None => f.write_str("; no message has come"),
            Some(latest) => {
                write!(
                    f,
                    "; the latest was `{}` from `{}`",
                    latest.message, latest.sender
                )?;
                match &latest.sent_at {
                    Some(place) => write!(f, ", sent at {place}"),
                    None => Ok(()),
                }
            }
        }
    }
}
