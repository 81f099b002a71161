//! How messages get from one agent to another: the seam, and what is behind it.
//!
//! An agent opens a [`Link`] to each peer it sends to. What arrives is handed to the agent's [`Inbox`]
//! by the transport's own thread, so that a peer never waits for the agent's code to look.

#[cfg(test)]
mod conformance;
mod frame_writer;
mod incoming;
mod links;
mod local_socket;
#[cfg(test)]
mod memory;

pub(crate) use local_socket::LocalSockets;

use crate::id::AgentId;
use crate::wire::frame::{Answer, Call, Envelope};
use std::sync::Arc;

/// The one place where a backend is chosen.
pub(crate) fn open(
    identity: &Identity,
    inbox: Arc<dyn Inbox>,
) -> std::io::Result<Arc<dyn Transport>> {
    Ok(Arc::new(LocalSockets::open(identity, inbox)?))
}

/// Who an agent is to its peers.
#[derive(Clone)]
pub(crate) struct Identity {
    /// Tells this run's sockets from those of others; no secret.
    pub(crate) run: u64,
    /// What proves that a peer belongs to the run.
    pub(crate) token: [u8; 16],
    /// The agent itself.
    pub(crate) id: AgentId,
    /// How many bytes the body of a message may have.
    pub(crate) message_limit: usize,
}

/// What a transport delivers into. Called from the transport's thread; must not block.
pub(crate) trait Inbox: Send + Sync {
    /// Takes in a message, in the order its sender sent it.
    fn deliver(&self, envelope: Envelope, call: Option<Call>, body: Vec<u8>) -> Appetite;
    /// Takes in the answer to a request.
    fn answered(&self, request: u64, answer: Answer);
    /// The other end of a link has gone: nothing that was sent on it will be answered any more.
    fn peer_gone(&self, peer: AgentId);
    /// Some link that was full, or the way of some reply, may have room again or has gone.
    fn room(&self);
    /// Somebody who does not belong here, or who sent bytes that are no frames, was turned away.
    fn refused(&self, reason: String);
}

/// Whether an inbox takes more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Appetite {
    /// Go on.
    Hungry,
    /// Stop reading until [`Transport::resume`].
    Full,
}

/// An agent's connection to all its peers.
pub(crate) trait Transport: Send + Sync {
    /// Opens the link for sending to `peer`.
    fn connect(&self, peer: AgentId) -> Result<Arc<dyn Link>, LinkError>;
    /// Calls `then` when everything that peers had sent before this call has been delivered.
    fn drain(&self, then: Box<dyn FnOnce() + Send>);
    /// The agent takes no more messages: peers find it gone, while its own messages and answers leave.
    fn refuse(&self);
    /// The inbox takes messages again.
    fn resume(&self);
}

/// The sending end to one peer.
pub(crate) trait Link: Send + Sync {
    /// Accepts the whole frame or nothing of it. Never blocks.
    fn try_send(&self, frame: &[u8]) -> Result<(), LinkError>;
    /// Whether everything accepted has left this process.
    fn is_flushed(&self) -> bool;
}

/// Why a link did not take a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LinkError {
    /// There is no room for it now; [`Inbox::room`] will be called. Or no descriptor for the link.
    Full,
    /// The peer has gone.
    Closed,
}
