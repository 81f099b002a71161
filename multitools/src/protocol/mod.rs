//! All that a supervisor and its agents say to each other. Plain data; the links between agents have
//! a layout of their own in [`wire::frame`](crate::wire::frame).

mod channel;
mod status;

pub(crate) use channel::{
    CHUNK, ControlReader, ControlWriter, Encoded, Remedy, check_arguments, encode, excess,
    longest_value, longest_word,
};
pub(crate) use status::{Again, COUNTED, Handling, MOST_AGENTS, StatusPage};

use crate::error::InputError;
use crate::id::AgentId;
use crate::limits::Limits;
use crate::message::Key;
use crate::restart::Restart;
use crate::router::Changes;
use crate::shape::TypeShape;
use crate::sys;
use crate::transport::{Occupied, SentAccount};
use serde::{Deserialize, Serialize};
use std::io;
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// In the environment of a child: the process that waits at the other end of its standard input.
pub(crate) const PARENT: &str = "MULTITOOLS_PARENT";

/// The id that stands for the supervisor as a sender.
pub(crate) const SUPERVISOR_ID: AgentId = AgentId::new(u32::MAX, 0);

/// The control socket of this process, if it was started to become an agent: the environment names
/// the parent, and the standard input is a socket which that parent made.
pub(crate) fn take_control_socket() -> io::Result<Option<UnixStream>> {
    is_agent_to_be()
        .then(sys::process::take_standard_input)
        .transpose()
}

/// Whether this process was started to become an agent and has not become it.
pub(crate) fn is_agent_to_be() -> bool {
    parent().is_some_and(|pid| sys::process::made_by(&io::stdin(), pid))
}

fn parent() -> Option<u32> {
    std::env::var_os(PARENT)?.to_str()?.parse().ok()
}

/// From the supervisor to an agent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ToAgent {
    /// Who to be. The first word.
    Start(Box<Start>),
    /// Everybody is there: run. Who runs, and who has ended.
    Go(Changes),
    /// The population has changed.
    Changed(Changes),
    /// All has been told that was held back until a [`ToSupervisor::CatchUp`].
    CaughtUp,
    /// No agent has ever had this id.
    Unknown(AgentId),
    /// All non-residents have ended: say when what is queued is done.
    Finish,
    /// All non-residents have ended: leave when what is queued is done.
    Leave,
    /// Leave now. With it come the changes of the population that may be the reason.
    Stop(Changes),
    /// What came of a [`ToSupervisor::Spawn`]. An agent that runs is in the directory by then.
    Spawned {
        request: u64,
        result: Result<AgentId, SpawnFailure>,
    },
    /// A spawned agent has ended for good: its encoded result, or what was wrong. The id is that which it
    /// was spawned with.
    SpawnedEnded {
        id: AgentId,
        result: Result<Encoded, String>,
    },
    /// Whoever was asked has failed while it answered, and is started again.
    Unanswered { request: u64 },
    /// A message that its receiver has failed at too often: a `PoisonMessage`, encoded.
    GivenBack(#[serde(with = "crate::wire::bytes")] Vec<u8>),
    /// The answer to a prompt.
    Input {
        request: u64,
        result: Result<String, InputFailure>,
    },
}

/// How an agent is to begin.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Start {
    /// The key of its Rust type.
    pub(crate) agent: Key,
    pub(crate) id: AgentId,
    pub(crate) name: Option<String>,
    /// The agent, encoded.
    #[serde(with = "crate::wire::bytes")]
    pub(crate) arguments: Vec<u8>,
    /// Of the supervisor's catalog.
    pub(crate) fingerprint: u64,
    /// `None` for a process of a `ProcessList`, which has nobody to talk to.
    pub(crate) run: Option<RunIdentity>,
    pub(crate) settings: AgentSettings,
    /// What it may take of the machine.
    pub(crate) limits: Limits,
    /// The number of places that earlier incarnations have sent from.
    pub(crate) known_sites: u32,
    /// Where messages of earlier incarnations still are.
    pub(crate) occupied: Occupied,
    /// Whether another incarnation may follow, to which the mailbox is left.
    pub(crate) restartable: bool,
    /// Whether a message stays in the mailbox until it is done, to be handled again otherwise.
    pub(crate) retries: bool,
    /// What an earlier incarnation had in hand, with which this one begins.
    pub(crate) unfinished: Option<Unfinished>,
}

/// A message that is to be handled again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unfinished {
    /// Some incarnation of its sender.
    pub(crate) sender: AgentId,
    /// How often the agent has failed at it.
    pub(crate) failures: u32,
}

/// What makes a process a member of a run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct RunIdentity {
    /// In the names of sockets.
    pub(crate) run: u64,
    /// What peers prove their membership with.
    pub(crate) token: [u8; 16],
}

/// The limits that an agent keeps to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct AgentSettings {
    pub(crate) send_timeout: Duration,
    pub(crate) ask_timeout: Duration,
    /// Of a mailbox.
    pub(crate) mailbox_bytes: usize,
    /// Of one message.
    pub(crate) message_limit: usize,
    /// How long a wait without a deadline lasts before the supervisor is told.
    pub(crate) hang_patience: Option<Duration>,
}

impl Default for AgentSettings {
    fn default() -> Self {
        AgentSettings {
            send_timeout: Duration::from_secs(5),
            ask_timeout: Duration::from_secs(5),
            mailbox_bytes: 8 << 20,
            message_limit: 16 << 20,
            hang_patience: None,
        }
    }
}

/// What is to be started for an agent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SpawnOrder {
    pub(crate) request: u64,
    /// The key of its Rust type.
    pub(crate) agent: Key,
    pub(crate) name: Option<String>,
    /// The agent, encoded.
    #[serde(with = "crate::wire::bytes")]
    pub(crate) arguments: Vec<u8>,
    /// `None` for what it declares.
    pub(crate) restart: Option<Restart>,
    /// The same.
    pub(crate) limits: Option<Limits>,
}

/// Why an agent was not spawned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SpawnFailure {
    Start(String),
    NeverReady(String),
    TooMany,
    Stopped,
}

/// Why a prompt has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum InputFailure {
    EndOfInput,
    Stopped,
}

impl From<InputFailure> for InputError {
    fn from(failure: InputFailure) -> InputError {
        match failure {
            InputFailure::EndOfInput => InputError::EndOfInput,
            InputFailure::Stopped => InputError::Stopped,
        }
    }
}

/// From an agent to the supervisor.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ToSupervisor {
    /// Ready to run.
    Ready,
    /// Of another build than the supervisor: what it knows, so that the difference can be named.
    OtherBuild(Vec<TypeShape>),
    /// Not able to run.
    Unfit(String),
    /// Lines for the print handler.
    Print(String),
    /// A message for the object handler.
    Object {
        message_type: u32,
        site: u32,
        #[serde(with = "crate::wire::bytes")]
        body: Vec<u8>,
    },
    /// A prompt for the terminal.
    Input { request: u64, prompt: String },
    /// The prompt is no longer wanted.
    InputWithdrawn { request: u64 },
    /// An agent is to be started.
    Spawn(Box<SpawnOrder>),
    /// A place in the source that messages are sent from.
    Site {
        number: u32,
        file: String,
        line: u32,
        column: u32,
    },
    /// A message that no handler took.
    Unhandled {
        message: Handling,
        reason: UnhandledReason,
    },
    /// So many messages, of which this is the latest, did not reach one of those they were for, who had no room.
    Missed {
        receiver: AgentId,
        latest: Handling,
        count: u64,
    },
    /// So many were turned away at the agent's socket; why the last of them was.
    Refused { reason: String, times: u64 },
    /// Waits for a message without a deadline, and has for long.
    Idle(Idle),
    /// Has done what was queued when it was told to; whether it has begun any message since it said so last.
    Finished { took: bool },
    /// Has waited for a message, and is to be told what was held back meanwhile.
    CatchUp,
    /// Whether there is or was such an agent.
    Know(AgentId),
    /// This agent and another fall together.
    Link(Linked),
    /// What was sent to an agent that has ended.
    Sent(SentAccount),
    /// The agent's own end. The last word.
    Ended {
        outcome: Outcome,
        /// When that was, by the machine's clock.
        at: u64,
        sent: Vec<SentAccount>,
    },
}

/// A wait for a message without a deadline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Idle {
    /// What stands on the status page as long as it lasts.
    pub(crate) number: u64,
    /// How many of the supervisor's words had been heard before, from the word to go on.
    pub(crate) heard: u64,
    /// `file:line:column`.
    pub(crate) place: Option<String>,
    /// How many messages had been sent to each peer, where the links do not remember it.
    pub(crate) sent: Vec<(AgentId, u64)>,
}

impl Idle {
    pub(crate) fn sent_to(&self, peer: AgentId) -> u64 {
        let mut sent = self.sent.iter();
        sent.find(|(to, _)| *to == peer)
            .map_or(0, |(_, sent)| *sent)
    }
}

/// Whom an agent is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Linked {
    /// This incarnation.
    To(AgentId),
    /// The one that follows this one, which has ended.
    ToSuccessor(AgentId),
}

/// Why no handler took a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum UnhandledReason {
    NoHandler,
    Undecodable(String),
}

/// How an agent ended by itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// With a result, encoded.
    Done(#[serde(with = "crate::wire::bytes")] Vec<u8>),
    /// With an error of its `op` or of a handler.
    Failed {
        text: String,
        /// Where the error arose, if it is one of the library's: `file:line:column`.
        location: Option<String>,
    },
    /// With a panic.
    Panicked(Panic),
}

impl Outcome {
    /// A failure that has no place in the source.
    pub(crate) fn failed(text: String) -> Outcome {
        let location = None;
        Outcome::Failed { text, location }
    }
}

/// What a panic says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Panic {
    pub(crate) text: String,
    /// `file:line:column`.
    pub(crate) location: Option<String>,
    /// When `RUST_BACKTRACE` asks for one.
    pub(crate) backtrace: Option<String>,
}
