//! The errors of a message that reached nobody: whom it was for, by name, and the message itself.

use super::core::Core;
use super::delivery::{Missed, MissedReason};
use crate::error::SendError;
use crate::id::AgentId;
use crate::message::AnyMessage;
use crate::router::{Nobody, Target};
use crate::wire::body::Body;
use crate::wire::frame::Envelope;

impl Core {
    /// The error for a message that nobody got, with the message in it.
    pub(super) fn give_back(&self, missed: Missed, envelope: &Envelope) -> SendError {
        let body = Body::from(self.frame_body());
        let Some(message) = AnyMessage::received(*envelope, body).map(Box::new) else {
            return SendError::Stopped;
        };
        let id = missed.id;
        match missed.reason {
            MissedReason::Dead if self.is_told_to_stop() => SendError::Stopped,
            MissedReason::Full => SendError::Full {
                id,
                name: self.name_of(id),
                message,
            },
            MissedReason::Dead => SendError::Dead {
                id,
                name: self.name_of(id),
                message,
            },
        }
    }

    /// The error for a message that is for nobody.
    pub(super) fn nobody_to_send_to(
        &self,
        nobody: Nobody,
        message: &'static str,
        target: &Target<'_>,
    ) -> SendError {
        if nobody == Nobody::NoListener {
            return SendError::NoListener { message };
        }
        let name = match target {
            Target::Name(name) => Some(name),
            _ => None,
        };
        let directory = self.directory();
        let ended = name.is_some_and(|name| directory.has_known(name));
        let similar = name.filter(|_| !ended);
        let similar = similar.and_then(|name| directory.name_like(name));
        SendError::NoTarget {
            message,
            target: target.to_string(),
            ended,
            similar: similar.map(str::to_owned),
        }
    }

    /// The name of an agent, as errors say it.
    pub(super) fn name_of(&self, id: AgentId) -> Option<String> {
        self.directory().name_of(id).map(str::to_owned)
    }
}
