//! What a supervisor tells besides failures.

use super::{Handled, Hang, Report, Undelivered};
use crate::id::AgentId;
use serde::{Serialize, Serializer};
use std::fmt;
use std::time::Duration;

/// Something that went wrong without ending anybody: printed to the standard error, or given to the
/// `on_notice` handler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Notice {
    /// No handler of the agent takes such a message (rule R9).
    Unhandled {
        /// Who received it.
        agent: String,
        /// The stable name of the message.
        message: String,
        /// Who sent it.
        sender: String,
        /// `file:line:column` of the call that sent it.
        sent_at: Option<String>,
        /// What the decoder says, where the handler was found and the bytes were wrong.
        reason: Option<String>,
    },
    /// An agent ended with messages that it had not begun (rule R4).
    Undelivered {
        /// Who had accepted them.
        agent: String,
        /// What they were.
        messages: Vec<Undelivered>,
    },
    /// An agent had no room within the send timeout for a message that others have got, as one to
    /// [`LISTENERS`](crate::LISTENERS) (rule R7). Told of the first message of each sender at once, and when the
    /// sender ends of all others.
    Missed {
        /// Who had no room.
        agent: String,
        /// The stable name of the message, or of the latest.
        message: String,
        /// Who sent it.
        sender: String,
        /// `file:line:column` of the call that sent it.
        sent_at: Option<String>,
        /// How many it has missed since this was told last.
        count: u64,
    },
    /// A message came for the supervisor, and there is no `on_object` handler.
    UnclaimedObject {
        /// Who sent it.
        agent: String,
        /// `file:line:column` of the call that sent it.
        sent_at: Option<String>,
        /// The message as its `Debug` writes it.
        message: String,
    },
    /// An agent turned away a connection that does not belong to the run, or bytes that are no frames.
    Refused {
        /// Which agent.
        agent: String,
        /// Why.
        reason: String,
    },
    /// Ctrl-C or SIGTERM: everybody is asked to leave, and a second one kills (rule R16).
    Interrupted {
        /// How long they have for that. Serialised as `grace_seconds`.
        #[serde(rename = "grace_seconds", serialize_with = "in_seconds")]
        grace: Duration,
    },
    /// An agent did not leave in time and was sent SIGTERM (rule R11).
    SlowToLeave {
        /// Which agent.
        agent: String,
    },
    /// An agent that was to leave has not, and is killed: after SIGTERM, or by a second Ctrl-C (rule R16).
    Killed {
        /// Which agent.
        agent: String,
    },
    /// What agents print cannot be written any more, as when the reader of a pipe has gone. Told once.
    OutputFailed {
        /// What the system says.
        reason: String,
    },
    /// An agent has ended and is to be started again (rule R14). [`Restarted`](Notice::Restarted) or
    /// [`GivenUp`](Notice::GivenUp) follows.
    Restarting {
        /// Which agent.
        agent: String,
        /// What was wrong with it, where it has failed.
        report: Option<Box<Report>>,
        /// The agent of its group that has failed, where it was asked to end because of that.
        because_of: Option<String>,
        /// After which time. Serialised as `delay_seconds`.
        #[serde(rename = "delay_seconds", serialize_with = "in_seconds")]
        delay: Duration,
        /// How often it has been, this time included, within the time of its policy.
        attempt: u32,
    },
    /// An agent has been started again.
    Restarted {
        /// Which agent.
        agent: String,
        /// Its new id: the slot is the same.
        id: AgentId,
    },
    /// An agent has failed at a message too often for it to be handled once more (rule R14). Whoever has asked
    /// is told that the agent is dead.
    Poison {
        /// Which agent.
        agent: String,
        /// The message.
        message: Handled,
        /// Whether its sender is there to be given it back, in a [`PoisonMessage`](crate::PoisonMessage) or as
        /// an error of [`ask`](crate::Context::ask).
        returned: bool,
    },
    /// An agent that was to be started again was not, or its process ended before it came up. That counts as
    /// a restart: where its policy has another, [`Restarting`](Notice::Restarting) follows.
    GivenUp {
        /// Which agent.
        agent: String,
        /// Why.
        reason: String,
    },
    /// A spawned agent did not come up, and who had spawned it is not there to be told.
    NotSpawned {
        /// Which agent.
        agent: String,
        /// Why.
        reason: String,
    },
    /// Every agent waits, and the run is ended (rule R17).
    Hung(Hang),
    /// The system has no memory for the agents of this run to share. Their messages travel over sockets, where
    /// no mailbox is kept for an agent that is started again (rule R14).
    NoSharedMemory {
        /// What the system says.
        reason: String,
    },
    /// A plain command was added: it takes no messages.
    PlainCommand {
        /// The program.
        program: String,
    },
}

pub(super) fn in_seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::Unhandled {
                agent,
                message,
                sender,
                sent_at,
                reason,
            } => {
                match reason {
                    None => write!(f, "agent `{agent}` has no handler for `{message}`")?,
                    Some(reason) => {
                        write!(f, "agent `{agent}` cannot read a `{message}` ({reason})")?
                    }
                }
                write!(f, " from `{sender}`")?;
                if let Some(place) = sent_at {
                    write!(f, ", sent at {place}")?;
                }
                Ok(())
            }
            Notice::Undelivered { agent, messages } => {
                write!(f, "agent `{agent}` ended with unread messages:")?;
                for (n, lost) in messages.iter().enumerate() {
                    let separator = if n == 0 { "" } else { "," };
                    let Undelivered {
                        sender,
                        message,
                        count,
                    } = lost;
                    write!(f, "{separator} {count} x `{message}` from `{sender}`")?;
                }
                Ok(())
            }
            Notice::Missed {
                agent,
                message,
                sender,
                sent_at,
                count,
            } => {
                match count {
                    1 => write!(
                        f,
                        "agent `{agent}` had no room for a `{message}` from `{sender}`"
                    )?,
                    count => write!(
                        f,
                        "agent `{agent}` had no room for {count} messages from `{sender}`, the last a `{message}`"
                    )?,
                }
                if let Some(place) = sent_at {
                    write!(f, ", sent at {place}")?;
                }
                match count {
                    1 => f.write_str("; it has missed it (`Delivery::missed`)"),
                    _ => f.write_str("; it has missed them (`Delivery::missed`)"),
                }
            }
            Notice::UnclaimedObject {
                agent,
                sent_at,
                message,
            } => {
                write!(f, "agent `{agent}` sent the supervisor {message}")?;
                if let Some(place) = sent_at {
                    write!(f, " at {place}")?;
                }
                f.write_str(", and there is no `on_object` handler")
            }
            Notice::Refused { agent, reason } => write!(f, "agent `{agent}` refused {reason}"),
            Notice::Interrupted { grace } => write!(
                f,
                "interrupted: all agents are asked to leave, the residents once the others have, and have {grace:?} each time; Ctrl-C once more kills them"
            ),
            Notice::Killed { agent } => write!(f, "agent `{agent}` has not left and is killed"),
            Notice::SlowToLeave { agent } => {
                write!(
                    f,
                    "agent `{agent}` has not left in time and is being terminated"
                )
            }
            Notice::OutputFailed { reason } => {
                write!(f, "what agents print is lost: {reason}")
            }
            Notice::Restarting {
                agent,
                report,
                because_of,
                delay,
                attempt,
            } => {
                match report {
                    Some(report) => write!(f, "{report}\n  ")?,
                    None => write!(f, "agent `{agent}` has ended; ")?,
                }
                if let Some(other) = because_of {
                    write!(f, "as `{other}` of its group has failed, ")?;
                }
                write!(f, "it is started again in {delay:.1?} (restart {attempt})")
            }
            Notice::Restarted { agent, id } => {
                write!(f, "agent `{agent}` has been started again as {id}")
            }
            Notice::Poison {
                agent,
                message,
                returned,
            } => {
                write!(f, "agent `{agent}` has failed again at {message}")?;
                match returned {
                    true => f.write_str("; it is given back"),
                    false => f.write_str("; its sender has gone"),
                }
            }
            Notice::GivenUp { agent, reason } => {
                write!(f, "agent `{agent}` was not started again: {reason}")
            }
            Notice::NotSpawned { agent, reason } => {
                write!(f, "agent `{agent}` was spawned and never came up: {reason}")
            }
            Notice::Hung(hang) => write!(f, "{hang}"),
            Notice::NoSharedMemory { reason } => write!(
                f,
                "no shared memory for this run ({reason}): messages travel over sockets, and no mailbox is kept for an agent that is started again"
            ),
            Notice::PlainCommand { program } => write!(
                f,
                "`{program}` is no agent: it takes no messages (`warn_of_commands(false)` silences this)"
            ),
        }
    }
}
