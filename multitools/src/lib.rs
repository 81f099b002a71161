//! Programs as sets of agents.
#![warn(missing_docs)]
extern crate self as multitools;

#[doc(hidden)]
pub mod __private;
mod agent;
mod catalog;
mod error;
mod id;
mod message;
mod value;
mod wire;

pub use agent::{Agent, Behaviour, Context, Flow};
pub use error::{AskError, DecodeError, EncodeError, Error, InputError, RecvError, SendError};
pub use id::{AgentId, Ids};
pub use message::{
    AnyMessage, EmptyMessage, ExceptionMessage, FileMessage, GetIdsMessage, IdsReplyMessage,
    InputMessage, InputResponseMessage, Is, Message, PrintMessage, QueryMessage, Request,
    ResidentTermMessage, StringMessage,
};
pub use multitools_macros::{agent, logger, main, message, process, test};
/// stub
pub fn init() {}
