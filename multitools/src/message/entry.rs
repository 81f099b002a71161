//! What the program's catalog knows of a message type.

use super::{Ancestry, EdgeStep, Key, Message, View};
use crate::catalog;
use crate::error::DecodeError;
use std::any::Any;
use std::fmt;

/// Decodes a body into a boxed message.
pub type Boxed = fn(&[u8]) -> Result<Box<dyn Any>, DecodeError>;

/// One message type of the program, as the linker collects them.
pub struct MessageEntry {
    /// The stable name.
    pub name: &'static str,
    /// From the root to this type.
    pub ancestry: Ancestry,
    /// The step to the parent.
    pub edge: EdgeStep,
    /// The fingerprint of its own fields; those of its ancestors have their own.
    pub shape: u64,
    /// Decodes an owned message that may be wrapped; `None` for types with lifetimes and for those that
    /// extend nothing.
    pub boxed: Option<Boxed>,
    /// Writes a body as the type's `Debug` does.
    pub debug: fn(&[u8], &mut fmt::Formatter<'_>) -> fmt::Result,
    /// `file:line` of the definition.
    pub location: &'static str,
}

impl MessageEntry {
    /// What is known of `M`.
    #[must_use]
    pub const fn of<M: Message>(
        shape: u64,
        boxed: Option<Boxed>,
        location: &'static str,
    ) -> MessageEntry {
        MessageEntry {
            name: M::NAME,
            ancestry: M::ANCESTRY,
            edge: M::PARENT.1,
            shape,
            boxed,
            debug: |body, formatter| M::View::show(body, formatter),
            location,
        }
    }

    /// The key of the stable name.
    #[must_use]
    pub fn key(&self) -> Key {
        self.ancestry.key()
    }

    /// The number of the type in this program; `None` for a type that is in no catalog.
    pub(crate) fn id(&self) -> Option<u32> {
        catalog::messages().ok()?.id(self.key())
    }
}

inventory::collect!(MessageEntry);
