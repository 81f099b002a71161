//! The messages that the library itself sends, and those every program needs.

use super::AnyMessage;
use crate::error::{Abbreviated, DecodeError};
use crate::id::AgentId;
use crate::message;
use crate::wire::body::Body;
use crate::wire::head::Envelope;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// A message without content: that it comes says all.
///
/// ```
/// use multitools::{EmptyMessage, Message};
///
/// assert_eq!(EmptyMessage::NAME, "multitools.EmptyMessage");
/// ```
#[message(crate = crate, name = "multitools.EmptyMessage")]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct EmptyMessage;

/// A text.
///
/// ```
/// use multitools::StringMessage;
///
/// assert_eq!(StringMessage::new("hello").text, "hello");
/// ```
#[message(crate = crate, name = "multitools.StringMessage")]
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StringMessage {
    /// The text.
    pub text: String,
}

impl StringMessage {
    /// A message with this text.
    pub fn new(text: impl Into<String>) -> Self {
        StringMessage { text: text.into() }
    }
}

/// A line to be printed by the supervisor.
///
/// ```
/// use multitools::PrintMessage;
///
/// let line = PrintMessage::new("hello");
/// assert_eq!(line.text, "hello"); // a field of its supertype, `StringMessage`
/// ```
#[message(crate = crate, name = "multitools.PrintMessage", extends = StringMessage)]
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PrintMessage(pub StringMessage);

impl PrintMessage {
    /// A message with this line.
    pub fn new(line: impl Into<String>) -> Self {
        PrintMessage(StringMessage::new(line))
    }
}

/// What was entered at a prompt; answers an [`InputMessage`].
#[message(crate = crate, name = "multitools.InputResponseMessage", extends = StringMessage)]
#[derive(Clone, Default, PartialEq, Eq)]
pub struct InputResponseMessage(pub StringMessage);

impl InputResponseMessage {
    /// A message with this input.
    pub fn new(input: impl Into<String>) -> Self {
        InputResponseMessage(StringMessage::new(input))
    }
}

/// The path of a file.
///
/// ```
/// use multitools::FileMessage;
/// use std::path::Path;
///
/// assert_eq!(FileMessage::new("notes.txt").path, Path::new("notes.txt"));
/// ```
#[message(crate = crate, name = "multitools.FileMessage")]
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FileMessage {
    /// The path, as the sender sees it.
    pub path: PathBuf,
}

impl FileMessage {
    /// A message with this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        FileMessage { path: path.into() }
    }
}

/// A question to the supervisor; its subtypes say which.
#[message(crate = crate, name = "multitools.QueryMessage")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct QueryMessage {
    /// The agent that asks.
    pub source: AgentId,
}

impl QueryMessage {
    /// A question of this agent.
    #[must_use]
    pub const fn new(source: AgentId) -> Self {
        QueryMessage { source }
    }
}

/// Asks whoever sits at the terminal.
#[message(crate = crate, name = "multitools.InputMessage", extends = QueryMessage)]
#[derive(Clone, PartialEq, Eq)]
pub struct InputMessage {
    base: QueryMessage,
    /// What is written before the input.
    pub prompt: String,
}

impl InputMessage {
    /// A question of this agent with this prompt.
    pub fn new(source: AgentId, prompt: impl Into<String>) -> Self {
        InputMessage {
            base: QueryMessage::new(source),
            prompt: prompt.into(),
        }
    }
}

/// Asks for the ids of the agents that bear a name; answered by an [`IdsReplyMessage`].
#[message(crate = crate, name = "multitools.GetIdsMessage", extends = QueryMessage)]
#[derive(Clone, PartialEq, Eq)]
pub struct GetIdsMessage {
    base: QueryMessage,
    /// The name in question.
    pub name: String,
}

impl GetIdsMessage {
    /// A question of this agent for this name.
    pub fn new(source: AgentId, name: impl Into<String>) -> Self {
        GetIdsMessage {
            base: QueryMessage::new(source),
            name: name.into(),
        }
    }
}

/// The ids of the agents that bear a name; answers a [`GetIdsMessage`].
#[message(crate = crate, name = "multitools.IdsReplyMessage")]
#[derive(Clone, PartialEq, Eq)]
pub struct IdsReplyMessage {
    /// The name in question.
    pub name: String,
    /// Who bears it, in the order of slots; empty when nobody does.
    pub ids: Vec<AgentId>,
}

impl IdsReplyMessage {
    /// The agents with these ids bear this name.
    pub fn new(name: impl Into<String>, ids: impl Into<Vec<AgentId>>) -> Self {
        IdsReplyMessage {
            name: name.into(),
            ids: ids.into(),
        }
    }
}

/// An agent has failed: it has returned an error, or panicked. It tells of that itself, as its last word.
///
/// It comes to those that listen to this very type, with `listen_to(ExceptionMessage)`. Nothing comes of an
/// agent that was killed, and once the run is being stopped (rule R12) the listener may be stopped before
/// it handles it: so this is for runs in which agents are started again (rule R14). The end of one certain
/// agent, however it ends, is told by [`Context::monitor`](crate::Context::monitor).
///
/// ```
/// use multitools::{Context, ExceptionMessage, agent};
///
/// #[agent(name = "Nurse", resident, listen_to(ExceptionMessage))]
/// struct Nurse;
/// #[agent]
/// impl Nurse {
///     #[handle]
///     fn on_exception(&mut self, exception: &ExceptionMessage, ctx: &mut Context) {
///         let name = ctx.name_of(exception.source).unwrap_or_default();
///         ctx.print(format_args!("{name} has failed: {}", exception.error));
///     }
/// }
/// # fn main() {}
/// ```
#[message(crate = crate, name = "multitools.ExceptionMessage")]
#[derive(Clone, PartialEq, Eq)]
pub struct ExceptionMessage {
    /// The agent that has failed.
    pub source: AgentId,
    /// The text of its error.
    pub error: String,
}

impl ExceptionMessage {
    /// This agent has failed with this error.
    pub fn new(source: AgentId, error: impl Into<String>) -> Self {
        ExceptionMessage {
            source,
            error: error.into(),
        }
    }
}

/// Sent to a resident agent when it is to end, after every message that was sent to it before.
#[message(crate = crate, name = "multitools.ResidentTermMessage")]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct ResidentTermMessage;

/// Given back to whoever sent a message that its receiver has failed at too often (rule R14): one that
/// is started again with `retry`.
///
/// ```
/// use multitools::{Context, DecodeError, PoisonMessage, agent, message};
///
/// #[message]
/// struct Page { text: String }
///
/// #[agent(name = "Author", resident)]
/// struct Author { unprintable: Vec<String> }
/// #[agent]
/// impl Author {
///     #[handle]
///     fn on_poison(&mut self, poison: &PoisonMessage) -> Result<(), DecodeError> {
///         let message = poison.message()?;
///         if message.is::<Page>() {
///             self.unprintable.push(message.decode::<Page>()?.text);
///         }
///         Ok(())
///     }
/// }
/// # fn main() {}
/// ```
#[message(crate = crate, name = "multitools.PoisonMessage")]
#[derive(Clone, PartialEq, Eq)]
pub struct PoisonMessage {
    /// The agent that has failed at it, as it was then.
    pub source: AgentId,
    /// The stable name of the message's own type.
    pub name: String,
    sender: AgentId,
    message_type: u32,
    site: u32,
    bytes: GivenBack,
}

/// An encoded message, of which `Debug` shows the beginning.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct GivenBack(#[serde(with = "crate::wire::bytes")] Vec<u8>);

impl fmt::Debug for GivenBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = Abbreviated {
            value: &self.0,
            bytes: self.0.len(),
        };
        bytes.fmt(f)
    }
}

impl PoisonMessage {
    pub(crate) fn new(source: AgentId, name: String, envelope: Envelope, bytes: Vec<u8>) -> Self {
        PoisonMessage {
            source,
            name,
            sender: envelope.sender,
            message_type: envelope.message_type(),
            site: envelope.site(),
            bytes: GivenBack(bytes),
        }
    }

    /// The message that was given back, with the agent that had sent it as its sender.
    ///
    /// # Errors
    /// [`DecodeError::Malformed`] when this program has no such message.
    pub fn message(&self) -> Result<AnyMessage, DecodeError> {
        let envelope = Envelope::new(self.message_type, self.sender, self.site);
        let message = AnyMessage::received(envelope, Body::from(self.bytes.0.clone()));
        message.ok_or_else(|| DecodeError::Malformed {
            expected: "AnyMessage",
            reason: format!("there is no message `{}` in this program", self.name),
        })
    }
}
