//! The layout of what travels between two agents. Pure: no I/O, and no byte of a peer is trusted.

use crate::id::AgentId;
use std::sync::Arc;
use std::time::Instant;

/// What a message carries besides its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Dense id of the message's own type.
    pub(crate) message_type: u32,
    /// Who sent it.
    pub(crate) sender: AgentId,
    /// The sender's number for the place in its source that sent it.
    pub(crate) site: u32,
}

/// The part of a request that asks for an answer.
#[derive(Clone)]
pub struct Call {
    pub(crate) request: u64,
    pub(crate) deadline: Instant,
    pub(crate) reply_path: Arc<dyn ReplyPath>,
}

/// The way back to whoever asked.
pub(crate) trait ReplyPath: Send + Sync {
    /// Sends an encoded reply frame; a peer that has gone needs none.
    fn reply(&self, frame: &[u8]);
}
