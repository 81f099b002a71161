//! What the supervisor has told, as far as it can be checked.

use multitools::{Cause, Notice, Report, Undelivered};
use std::collections::BTreeMap;

/// One notice.
#[derive(Clone, Debug)]
pub enum Told {
    Undelivered {
        agent: String,
        messages: Vec<Undelivered>,
    },
    Restarting {
        agent: String,
        failure: Option<Failure>,
    },
    Restarted {
        agent: String,
    },
    GivenUp {
        agent: String,
    },
    /// A spawned agent did not come up.
    NotSpawned,
    /// Who had no room for what others have got: the records of the sender have it.
    Missed,
    /// What nothing here leads to.
    Other(String),
}

/// How an incarnation has ended otherwise than by itself.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    pub incarnation: u16,
    /// Whether it could not say what it had sent.
    pub killed: bool,
    /// The message in hand, and who had sent it.
    pub handling: Option<(String, String)>,
    pub undelivered: Vec<Undelivered>,
}

impl From<&Notice> for Told {
    fn from(notice: &Notice) -> Told {
        match notice {
            Notice::Undelivered { agent, messages } => Told::Undelivered {
                agent: agent.clone(),
                messages: messages.clone(),
            },
            Notice::Restarting { agent, report, .. } => Told::Restarting {
                agent: agent.clone(),
                failure: report.as_deref().map(Failure::from),
            },
            Notice::Restarted { agent, .. } => Told::Restarted {
                agent: agent.clone(),
            },
            Notice::GivenUp { agent, .. } => Told::GivenUp {
                agent: agent.clone(),
            },
            Notice::NotSpawned { .. } => Told::NotSpawned,
            Notice::Missed { .. } => Told::Missed,
            other => Told::Other(other.to_string()),
        }
    }
}

impl From<&Report> for Failure {
    fn from(report: &Report) -> Failure {
        let handled = report.handling.clone();
        Failure {
            incarnation: report.id.incarnation(),
            killed: matches!(report.cause, Cause::Signal { .. } | Cause::Exit { .. }),
            handling: handled.map(|handled| (handled.message, handled.sender)),
            undelivered: report.undelivered.clone(),
        }
    }
}

/// How it stands with each agent that has been started again, by what was told of it.
#[derive(Default)]
pub struct Lives(BTreeMap<String, Life>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Life {
    Up,
    /// It is to be started again.
    Away,
    /// It has been, and has ended before it came up.
    GivenUp,
}

impl Lives {
    /// Follows a notice.
    ///
    /// # Errors
    /// What is wrong where that cannot come now.
    pub fn follow(&mut self, told: &Told) -> Result<(), String> {
        let (agent, from, to): (_, &[Life], _) = match told {
            Told::Restarting { agent, .. } => (agent, &[Life::Up, Life::GivenUp], Life::Away),
            Told::Restarted { agent } => (agent, &[Life::Away], Life::Up),
            Told::GivenUp { agent } => (agent, &[Life::Away], Life::GivenUp),
            Told::Undelivered { .. } | Told::NotSpawned | Told::Missed | Told::Other(_) => {
                return Ok(());
            }
        };
        let before = self.0.insert(agent.clone(), to).unwrap_or(Life::Up);
        match from.contains(&before) {
            true => Ok(()),
            false => Err(format!("{agent} is told to be {to:?} after {before:?}")),
        }
    }

    /// Who was not up when the run had ended.
    pub fn left(&self) -> impl Iterator<Item = String> {
        let left = self.0.iter().filter(|(_, life)| **life != Life::Up);
        left.map(|(agent, life)| format!("{agent} is {life:?} at the end of the run"))
    }
}
