//! What is to be sent.

use crate::message::{Key, Message, Travelling};

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
