//! Identities: agents, and the set of ids a name stands for.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;

/// The identity of one agent of a run: a slot, and which incarnation of the agent holds it.
///
/// The slot stays when an agent is started again, so an id kept from before still reaches it (rule R10).
/// That of a spawned agent that has ended may be given to another; an id of the first never reaches the
/// second.
///
/// ```no_run
/// # fn demo(ctx: &mut multitools::Context) -> Result<(), multitools::Error> {
/// let id = ctx.id();
/// ctx.send(id, &multitools::StringMessage::new("to myself"))?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Parts", into = "Parts")]
pub struct AgentId(
    /// Its parts from the highest bits to the lowest: each message is checked, counted and handed on by it,
    /// which is quicker in one piece.
    u64,
);

/// What an id is made of, as it is shown to other programs.
#[derive(Serialize, Deserialize)]
#[serde(rename = "AgentId")]
struct Parts {
    node: u16,
    incarnation: u16,
    slot: u32,
}

impl From<Parts> for AgentId {
    fn from(parts: Parts) -> AgentId {
        let AgentId(low) = AgentId::new(parts.slot, parts.incarnation);
        AgentId(u64::from(parts.node) << 48 | low)
    }
}

impl From<AgentId> for Parts {
    fn from(id: AgentId) -> Parts {
        Parts {
            node: (id.0 >> 48) as u16,
            incarnation: id.incarnation(),
            slot: id.slot(),
        }
    }
}

impl AgentId {
    pub(crate) const fn new(slot: u32, incarnation: u16) -> AgentId {
        AgentId((incarnation as u64) << 32 | slot as u64)
    }

    /// The place of the agent in its run, counted from 0 in the order of starting.
    #[must_use]
    pub const fn slot(self) -> u32 {
        self.0 as u32
    }

    /// How many processes have held this slot before: those of this agent before it was started again
    /// and, where it was spawned, those of agents that have ended.
    #[must_use]
    pub const fn incarnation(self) -> u16 {
        (self.0 >> 32) as u16
    }

    /// Whether this is an agent that has held its slot since an incarnation: that or a later one.
    pub(crate) const fn is_since(self, since: u16) -> bool {
        self.incarnation().wrapping_sub(since) <= u16::MAX / 2
    }

    /// The same for one that is to follow, of which an earlier agent of the slot must not be taken for it.
    ///
    /// # Errors
    /// When so many have followed each other that the first could no longer be told from a later one.
    pub(crate) fn following(self, since: u16) -> io::Result<AgentId> {
        match self.is_since(since) {
            true => Ok(self),
            false => Err(io::Error::other(format!(
                "it has been started again {} times, which is as often as can be told apart",
                u16::MAX / 2
            ))),
        }
    }

    pub(crate) const fn to_bits(self) -> u64 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u64) -> AgentId {
        AgentId(bits)
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.slot())?;
        if self.incarnation() > 0 {
            write!(f, ".{}", self.incarnation())?;
        }
        Ok(())
    }
}

impl fmt::Debug for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The ids a name stands for at one moment; empty when nobody bears it.
///
/// ```no_run
/// # fn demo(ctx: &mut multitools::Context) -> Result<(), multitools::Error> {
/// let workers = ctx.ids("worker");
/// for id in &workers {
///     ctx.print(id);
/// }
/// ctx.send(&workers, &multitools::EmptyMessage)?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids(Vec<AgentId>);

impl Ids {
    /// As a slice, in the order of slots.
    #[must_use]
    pub fn as_slice(&self) -> &[AgentId] {
        &self.0
    }
}

impl std::ops::Deref for Ids {
    type Target = [AgentId];
    fn deref(&self) -> &[AgentId] {
        &self.0
    }
}

impl From<Vec<AgentId>> for Ids {
    fn from(ids: Vec<AgentId>) -> Ids {
        Ids(ids)
    }
}

impl FromIterator<AgentId> for Ids {
    fn from_iter<I: IntoIterator<Item = AgentId>>(ids: I) -> Ids {
        Ids(ids.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Ids {
    type Item = &'a AgentId;
    type IntoIter = std::slice::Iter<'a, AgentId>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl IntoIterator for Ids {
    type Item = AgentId;
    type IntoIter = std::vec::IntoIter<AgentId>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_their_wire_form() {
        let id = AgentId::new(70_000, 3);
        assert_eq!(AgentId::from_bits(id.to_bits()), id);
        assert_eq!(id.to_string(), "#70000.3");
        assert_eq!(AgentId::new(4, 0).to_string(), "#4");
    }

    #[test]
    fn an_id_is_of_who_has_held_the_slot_since() {
        assert!(AgentId::new(1, 5).is_since(5) && AgentId::new(1, 6).is_since(5));
        assert!(!AgentId::new(1, 4).is_since(5));
        assert!(AgentId::new(1, 2).is_since(u16::MAX), "numbers come round");
        let last = u16::MAX / 2;
        assert!(AgentId::new(1, 5 + last).following(5).is_ok());
        assert!(AgentId::new(1, 6 + last).following(5).is_err());
    }
}
