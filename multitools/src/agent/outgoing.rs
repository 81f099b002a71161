//! What is to be sent, and to whom.

use super::audiences::{Found, Remembered};
use super::core::Core;
use crate::deadline;
use crate::error::SendError;
use crate::message::{Key, Message, Travelling};
use crate::router::{Nobody, Target};
use std::time::Duration;

/// A message to be sent, and the key of its type by which its receivers are looked up. The key is taken
/// where the type is known, and is a constant there for most: asked of the message later it would be a
/// call by a table, and both of them other ones for each type.
#[derive(Clone, Copy)]
pub(super) struct Outgoing<'m> {
    pub(super) message: &'m dyn Travelling,
    pub(super) key: Key,
}

impl<'m, M: Message> From<&'m M> for Outgoing<'m> {
    #[inline]
    fn from(message: &'m M) -> Outgoing<'m> {
        Outgoing {
            message,
            key: Message::leaf_key(message),
        }
    }
}

impl Core {
    /// Who is meant by a target, as the last time if nothing has changed since.
    #[inline]
    pub(super) fn whom(
        &mut self,
        target: &Target<'_>,
        outgoing: Outgoing<'_>,
        timeout: Duration,
    ) -> Result<Found, SendError> {
        match self.audiences.find(self.news.count(), target, outgoing.key) {
            Some(Remembered::Audience(found)) => return Ok(found),
            Some(Remembered::Unheard(message)) => return Err(SendError::NoListener { message }),
            None => {}
        }
        self.find_out_whom(target, outgoing, timeout)
    }

    fn find_out_whom(
        &mut self,
        target: &Target<'_>,
        outgoing: Outgoing<'_>,
        timeout: Duration,
    ) -> Result<Found, SendError> {
        if !self.await_word_of(target, deadline::after(timeout)) {
            // Its link may take the place of one to another agent, of whose end no word has come either.
            self.audiences.forget();
        }
        let leaf = outgoing.message.leaf();
        let audience = self.directory().audience(self.id, target, leaf);
        match audience {
            Ok(audience) => Ok(self.audiences.remember(target, leaf, audience)),
            Err(_) if self.is_told_to_stop() => Err(SendError::Stopped),
            Err(nobody) => {
                if nobody == Nobody::NoListener {
                    self.audiences.remember_unheard(leaf);
                }
                Err(self.nobody_to_send_to(nobody, leaf.name, target))
            }
        }
    }
}
