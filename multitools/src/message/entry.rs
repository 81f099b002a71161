//! What the program's catalog knows of a message type.

use super::{Ancestry, EdgeStep, Key};
use crate::error::DecodeError;
use std::any::Any;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

/// Decodes a body into a boxed message.
pub type Boxed = fn(&[u8]) -> Result<Box<dyn Any>, DecodeError>;

/// One message type of the program: a static in generated code, found through [`MessageRegistration`].
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
    /// Where the catalog writes the dense id.
    pub id: DenseId,
}

/// The number of a message type in this program, assigned when the catalog is assembled.
pub struct DenseId(AtomicU32);

impl DenseId {
    /// Before the catalog is assembled.
    #[must_use]
    pub const fn unassigned() -> DenseId {
        DenseId(AtomicU32::new(u32::MAX))
    }

    /// The number, or `None` before the catalog is assembled.
    pub(crate) fn get(&self) -> Option<u32> {
        match self.0.load(Ordering::Relaxed) {
            u32::MAX => None,
            id => Some(id),
        }
    }

    pub(crate) fn assign(&self, id: u32) {
        self.0.store(id, Ordering::Relaxed);
    }
}

impl MessageEntry {
    /// The key of the stable name.
    #[must_use]
    pub fn key(&self) -> Key {
        self.ancestry.key()
    }
}

/// Links a message type into the program's catalog.
pub struct MessageRegistration(pub &'static MessageEntry);
inventory::collect!(MessageRegistration);

/// [`debug_as`] for a type without lifetimes: a function that needs no closure around it.
///
/// # Errors
/// What the formatter returns.
pub fn debug_owned<M: serde::de::DeserializeOwned + fmt::Debug>(
    body: &[u8],
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    debug_as::<M>(body, formatter)
}

/// Writes a body as `M`, or why it is none, for generated code.
///
/// # Errors
/// What the formatter returns.
pub fn debug_as<'a, M: serde::Deserialize<'a> + fmt::Debug>(
    body: &'a [u8],
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match rmp_serde::from_slice::<M>(body) {
        Ok(message) => fmt::Debug::fmt(&message, formatter),
        Err(error) => write!(formatter, "<undecodable: {error}>"),
    }
}
