//! The public errors of messaging: few, typed, and with the message in them where one was not sent.
//!
//! Errors of a whole run are in [`RunError`](crate::RunError).

mod abbreviated;
mod starting;

pub(crate) use abbreviated::Abbreviated;
pub use starting::{JoinError, SpawnError};

use crate::id::AgentId;
use crate::message::AnyMessage;
use std::time::Duration;
use thiserror::Error;

/// Anything that can go wrong in an agent's conversation: what an `op` returns that uses `?` freely.
///
/// ```
/// use multitools::{agent, Context, StringMessage};
///
/// #[agent]
/// struct Greeter;
/// #[agent]
/// impl Greeter {
///     fn op(&mut self, ctx: &mut Context) -> Result<String, multitools::Error> {
///         ctx.send("echo", &StringMessage::new("hello"))?;
///         Ok(ctx.next_message(None)?.decode::<StringMessage>()?.text)
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A message was not sent.
    #[error(transparent)]
    Send(#[from] SendError),
    /// Waiting for a message ended without one.
    #[error(transparent)]
    Receive(#[from] RecvError),
    /// No agent of a name has come up.
    #[error(transparent)]
    Wait(#[from] WaitError),
    /// A request was not answered.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// A prompt was not answered.
    #[error(transparent)]
    Input(#[from] InputError),
    /// An agent was not spawned.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    /// A spawned agent's result was waited for in vain.
    #[error(transparent)]
    Join(JoinError),
    /// A message is not what it was taken for.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A handler returned an error.
    #[error("{0}")]
    Handler(String),
    /// A value in shared memory could not be made.
    #[error(transparent)]
    Value(#[from] crate::value::ValueError),
}

/// Why a message was not sent. Nothing of it reached anybody.
///
/// `Debug` shows of a message that is given back its first 200 characters, and how long its encoding is.
#[derive(Error)]
#[non_exhaustive]
pub enum SendError {
    /// The addressee has ended (rule R4): one that was meant by its id, or by a name that it bore when the message
    /// was sent.
    #[error("{} has ended; `{}` was not sent to it", who(.id, .name), .message.name())]
    Dead {
        /// Whom it was for.
        id: AgentId,
        /// The name of that agent, if it bore one.
        name: Option<String>,
        /// The message, unsent.
        message: Box<AnyMessage>,
    },
    /// The addressee's mailbox had no room within the send timeout (rule R7), or this process had no descriptor or
    /// no address space for what leads there.
    #[error("the mailbox of {} is full; `{}` was not sent to it", who(.id, .name), .message.name())]
    Full {
        /// Whom it was for.
        id: AgentId,
        /// The name of that agent, if it bears one.
        name: Option<String>,
        /// The message, unsent.
        message: Box<AnyMessage>,
    },
    /// The message is larger than a message may be (rule R7).
    #[error(
        "`{message}` takes {size} bytes, more than the {limit} a message may have; raise it with `Supervisor::message_limit`"
    )]
    TooLarge {
        /// The stable name of the message.
        message: &'static str,
        /// Its encoded size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The set of addressees is empty (rule R5). That of a name is those who run: one that is known to have ended is
    /// in it no more.
    #[error("nobody to send `{message}` to: no running agent is {target}{}", perhaps_meant(*.ended, .similar))]
    NoTarget {
        /// The stable name of the message.
        message: &'static str,
        /// What was asked for.
        target: String,
        /// Where that is a name, whether an agent that bore it has ended, as far as the sender was told.
        ended: bool,
        /// Where that is a name and none has ended, the name of a running agent that is much like it.
        similar: Option<String>,
    },
    /// Nobody in this run listens to the message or a supertype of it (rule R5).
    #[error("no running agent listens to `{message}` or a supertype of it")]
    NoListener {
        /// The stable name of the message.
        message: &'static str,
    },
    /// The message refused to be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The run is being stopped.
    #[error("the run is being stopped; the message was not sent")]
    Stopped,
    /// The process was started by a `ProcessList`, where there is nobody to send to.
    #[error(
        "this process was started without a supervisor, so it has nobody to send to; use `Supervisor` or `run!`"
    )]
    Unsupervised,
}

/// Why waiting for a message ended without one.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecvError {
    /// Nothing came in time.
    #[error("no message came within {0:?}")]
    Timeout(Duration),
    /// The run is being stopped.
    #[error("the run is being stopped")]
    Stopped,
    /// The process was started by a `ProcessList`, where nobody can send to it.
    #[error(
        "this process was started without a supervisor, so no message can come; use `Supervisor` or `run!`"
    )]
    Unsupervised,
}

/// Why waiting for agents of a name ended without any (rule R10).
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitError {
    /// None came up in time.
    #[error("no agent named `{name}` came up within {waited:?}{}", did_you_mean(.similar))]
    Timeout {
        /// The name.
        name: String,
        /// How long the wait was.
        waited: Duration,
        /// The name of a running agent that is much like it.
        similar: Option<String>,
    },
    /// The run is being stopped.
    #[error("the run is being stopped")]
    Stopped,
    /// The process was started by a `ProcessList`, which has no agents with names.
    #[error(
        "this process was started without a supervisor, so no agent can come up; use `Supervisor` or `run!`"
    )]
    Unsupervised,
}

/// Why a request was not answered (rule R8).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AskError {
    /// No answer came in time. The request may still be handled; its answer will be dropped. An agent that
    /// itself waits for an answer answers nobody.
    #[error("{} did not answer `{request}` within {waited:?}", who(.id, .name))]
    Timeout {
        /// Who was asked.
        id: AgentId,
        /// The name of that agent, if it bears one.
        name: Option<String>,
        /// The stable name of the request.
        request: &'static str,
        /// How long the wait was.
        waited: Duration,
    },
    /// The agent ended before it answered.
    #[error("{} ended before it answered `{request}`", who(.id, .name))]
    Dead {
        /// Who was asked.
        id: AgentId,
        /// The name of that agent, if it bears one.
        name: Option<String>,
        /// The stable name of the request.
        request: &'static str,
    },
    /// The agent has no handler that answers the request.
    #[error("{} has no handler that answers `{request}`", who(.id, .name))]
    Unhandled {
        /// Who was asked.
        id: AgentId,
        /// The name of that agent, if it bears one.
        name: Option<String>,
        /// The stable name of the request.
        request: &'static str,
    },
    /// The handler returned an error, or the agent could not read the request.
    #[error("{} failed to answer `{request}`: {reason}", who(.id, .name))]
    Failed {
        /// Who was asked.
        id: AgentId,
        /// The name of that agent, if it bears one.
        name: Option<String>,
        /// The stable name of the request.
        request: &'static str,
        /// What the handler's error says, or why the request could not be read.
        reason: String,
    },
    /// An agent that waits for itself would wait for ever.
    #[error("an agent cannot ask itself: it would wait for its own answer to `{request}`")]
    Oneself {
        /// The stable name of the request.
        request: &'static str,
    },
    /// A request goes to exactly one agent.
    #[error(
        "a request goes to exactly one agent, but {found} are {target}: pick one of their ids to ask `{request}`"
    )]
    NotOne {
        /// The stable name of the request.
        request: &'static str,
        /// What was asked for.
        target: String,
        /// How many agents that is.
        found: usize,
    },
    /// The answer is not of the declared type.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The request was not sent.
    #[error(transparent)]
    Send(SendError),
    /// The run is being stopped.
    #[error("the run is being stopped; the request is given up")]
    Stopped,
}

impl From<SendError> for AskError {
    /// A run that is being stopped is that to whoever asks as well.
    fn from(error: SendError) -> AskError {
        match error {
            SendError::Stopped => AskError::Stopped,
            other => AskError::Send(other),
        }
    }
}

/// Why a prompt was not answered (rule R18).
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputError {
    /// Nobody answered in time; the prompt is withdrawn.
    #[error("no input came within {0:?}")]
    Timeout(Duration),
    /// The supervisor's standard input has ended.
    #[error("the input has ended")]
    EndOfInput,
    /// The run is being stopped.
    #[error("the run is being stopped")]
    Stopped,
    /// The process was started by a `ProcessList`, which has no terminal to ask at.
    #[error(
        "this process was started without a supervisor, so there is nobody to ask; use `Supervisor` or `run!`"
    )]
    Unsupervised,
}

/// An agent by its name, where it bears one, and its id.
fn who(id: &AgentId, name: &Option<String>) -> String {
    match name {
        Some(name) => format!("agent `{name}` ({id})"),
        None => format!("agent {id}"),
    }
}

fn perhaps_meant(ended: bool, similar: &Option<String>) -> String {
    match ended {
        true => "; an agent of that name has ended".to_owned(),
        false => did_you_mean(similar),
    }
}

fn did_you_mean(similar: &Option<String>) -> String {
    match similar {
        Some(name) => format!("; did you mean `{name}`?"),
        None => String::new(),
    }
}

/// A value that serde refused to encode, or that is too long.
#[derive(Debug, Error)]
#[error("`{type_name}` cannot be encoded: {reason}")]
pub struct EncodeError {
    /// The Rust type.
    pub type_name: &'static str,
    /// What serde says, or how long it is.
    pub reason: String,
}

/// A message that is not what it was taken for.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes are no such value.
    #[error("these bytes are no `{expected}`: {reason}")]
    Malformed {
        /// The Rust type that was wanted.
        expected: &'static str,
        /// What the decoder says.
        reason: String,
    },
    /// The message is of a type that is no subtype of the wanted one.
    #[error("the message is a `{found}`, which is no `{expected}`")]
    OtherType {
        /// The stable name that was wanted.
        expected: &'static str,
        /// The stable name of the message.
        found: &'static str,
    },
}
