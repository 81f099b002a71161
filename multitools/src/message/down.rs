//! The message that says that an agent has ended.

use crate::id::AgentId;
use crate::message;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An agent has ended that was watched with [`Context::monitor`](crate::Context::monitor) (rule R15).
///
/// It comes from the supervisor, after every message that the agent had sent to the watcher. Nobody
/// overhears it.
///
/// ```
/// use multitools::{Context, Down, DownReason, StringMessage, agent};
///
/// #[agent(name = "Nurse", resident)]
/// struct Nurse;
/// #[agent]
/// impl Nurse {
///     #[handle]
///     fn on_text(&mut self, message: &StringMessage, ctx: &mut Context) {
///         for id in &ctx.ids(&message.text) {
///             ctx.monitor(*id);
///         }
///     }
///     #[handle]
///     fn on_down(&mut self, down: &Down, ctx: &mut Context) {
///         match &down.reason {
///             DownReason::Finished => ctx.print(format_args!("{} is done", down.id)),
///             reason => ctx.print(format_args!("{}: {reason}", down.id)),
///         }
///         if down.restarting {
///             ctx.monitor(down.id); // the next incarnation
///         }
///     }
/// }
/// # fn main() {}
/// ```
#[message(crate = crate, name = "multitools.Down")]
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Down {
    /// The incarnation that has ended.
    pub id: AgentId,
    /// Why.
    pub reason: DownReason,
    /// Whether the agent is to be started again (rule R14). Should that come to nothing, a monitor of the
    /// next incarnation tells.
    pub restarting: bool,
}

impl Down {
    pub(crate) const fn new(id: AgentId, reason: DownReason, restarting: bool) -> Down {
        Down {
            id,
            reason,
            restarting,
        }
    }
}

/// Why an agent is down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DownReason {
    /// It returned from its `op`, or a handler stopped it.
    Finished,
    /// It failed (rule R12).
    Failed {
        /// What happened, as in the report: the text of the panic with file and line, the error, the exit
        /// code or the signal. At most 4 KiB of it.
        text: String,
    },
    /// No agent of the run has ever had such an id.
    NeverExisted,
}

impl fmt::Display for DownReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DownReason::Finished => f.write_str("finished"),
            DownReason::Failed { text } => f.write_str(text),
            DownReason::NeverExisted => f.write_str("never existed"),
        }
    }
}
