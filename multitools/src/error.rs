//! The public errors of messaging: few, typed, and with the message in them where one was not sent.
//!
//! Errors of a whole run are in [`RunError`](crate::RunError).

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
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SendError {
    /// The addressee has ended (rule R4).
    #[error("agent {id} has ended; `{}` was not sent to it", .message.name())]
    Dead {
        /// Whom it was for.
        id: AgentId,
        /// The message, unsent.
        message: Box<AnyMessage>,
    },
    /// The addressee's mailbox had no room within the send timeout (rule R7).
    #[error("the mailbox of agent {id} is full; `{}` was not sent to it", .message.name())]
    Full {
        /// Whom it was for.
        id: AgentId,
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
    /// The set of addressees is empty (rule R5).
    #[error("nobody to send `{message}` to: no running agent is {target}")]
    NoTarget {
        /// The stable name of the message.
        message: &'static str,
        /// What was asked for.
        target: String,
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

/// Why a request was not answered (rule R8).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AskError {
    /// No answer came in time. The request may still be handled; its answer will be dropped.
    #[error("agent {id} did not answer `{request}` within {waited:?}")]
    Timeout {
        /// Who was asked.
        id: AgentId,
        /// The stable name of the request.
        request: &'static str,
        /// How long the wait was.
        waited: Duration,
    },
    /// The agent ended before it answered.
    #[error("agent {id} ended before it answered `{request}`")]
    Dead {
        /// Who was asked.
        id: AgentId,
        /// The stable name of the request.
        request: &'static str,
    },
    /// The agent has no handler that answers the request.
    #[error("agent {id} has no handler that answers `{request}`")]
    Unhandled {
        /// Who was asked.
        id: AgentId,
        /// The stable name of the request.
        request: &'static str,
    },
    /// The handler returned an error.
    #[error("agent {id} failed to answer `{request}`: {reason}")]
    Failed {
        /// Who was asked.
        id: AgentId,
        /// The stable name of the request.
        request: &'static str,
        /// What the handler's error says.
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

/// Why an agent was not spawned (rule R10).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SpawnError {
    /// Its fields refused to be encoded.
    #[error("the fields of agent `{agent}` cannot be sent to its process: {source}")]
    Arguments {
        /// Which agent.
        agent: String,
        /// What serde says.
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
    #[error("agent {id} has not ended within {waited:?}")]
    Timeout {
        /// The claim, to wait again with.
        claim: C,
        /// Who was waited for.
        id: AgentId,
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

impl<C> From<JoinError<C>> for Error {
    /// Lets go of the claim.
    fn from(error: JoinError<C>) -> Error {
        Error::Join(match error {
            JoinError::Timeout { id, waited, .. } => JoinError::Timeout {
                claim: (),
                id,
                waited,
            },
            JoinError::Failed { id, reason } => JoinError::Failed { id, reason },
            JoinError::Decode(error) => JoinError::Decode(error),
            JoinError::Stopped => JoinError::Stopped,
        })
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

/// A value that serde refused to encode.
#[derive(Debug, Error)]
#[error("`{type_name}` cannot be encoded: {reason}")]
pub struct EncodeError {
    /// The Rust type.
    pub type_name: &'static str,
    /// What serde says.
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
