//! What an agent's own thread tells the one that reads its sockets.

use super::frame_writer::FrameWriter;
use crate::id::AgentId;
use mio::Waker;
use std::sync::{Arc, Mutex, PoisonError};

/// What the agent tells the thread.
pub(super) enum Command {
    /// Read the answers that come on a link, and finish its half-written frames.
    Watch {
        peer: AgentId,
        link: Arc<FrameWriter>,
    },
    /// See [`Transport::drain`](crate::transport::Transport::drain).
    Drain,
    /// See [`Transport::bid_farewell`](crate::transport::Transport::bid_farewell).
    BidFarewell { peer: AgentId },
    /// See [`Transport::resume`](crate::transport::Transport::resume).
    Resume,
    /// See [`Transport::refuse`](crate::transport::Transport::refuse).
    Refuse,
    /// End.
    Close,
}

/// Where commands wait for the thread.
pub(super) struct Mail {
    commands: Mutex<Vec<Command>>,
    waker: Waker,
}

impl Mail {
    pub(super) fn new(waker: Waker) -> Mail {
        Mail {
            commands: Mutex::default(),
            waker,
        }
    }

    pub(super) fn post(&self, command: Command) {
        self.commands
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(command);
        if let Err(error) = self.waker.wake() {
            tracing::error!(%error, "the link thread cannot be woken");
        }
    }

    pub(super) fn take(&self) -> Vec<Command> {
        std::mem::take(&mut *self.commands.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
