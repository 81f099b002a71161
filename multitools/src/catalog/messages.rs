//! The message types of the program by dense id.

use super::Plan;
use super::places::Places;
use crate::message::{Ancestry, AnyMessage, Key, Message, MessageEntry};
use std::sync::OnceLock;
use thiserror::Error;

/// Two definitions that the program cannot tell apart, which no compiler run can see.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogError {
    /// Two message types with one stable name.
    #[error(
        "two message types have the stable name `{name}`:\n  {first}\n  {second}\ngive one of them `#[message(name = \"...\")]`"
    )]
    SameMessageName {
        /// That name.
        name: String,
        /// `file:line` of one.
        first: &'static str,
        /// `file:line` of the other.
        second: &'static str,
    },
    /// Two stable names with one 64-bit key.
    #[error(
        "the names `{first}` and `{second}` have the same 64-bit key; give one of the types another name"
    )]
    SameKey {
        /// One name.
        first: String,
        /// The other name.
        second: String,
    },
    /// Two agents that cannot be told apart.
    #[error(
        "two agents or processes are both `{name}`:\n  {first}\n  {second}\nput one of them into another module"
    )]
    SameAgent {
        /// Their path.
        name: &'static str,
        /// `file:line` of one.
        first: &'static str,
        /// `file:line` of the other.
        second: &'static str,
    },
}

/// All message types of the program; a type's dense id is its place in the order of keys, so it is the
/// same in every process of one executable.
pub struct MessageCatalog {
    entries: Vec<&'static MessageEntry>,
    by_key: Places,
}

impl MessageCatalog {
    fn assemble(
        entries: impl Iterator<Item = &'static MessageEntry>,
    ) -> Result<Self, CatalogError> {
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(|entry| (entry.key(), entry.location));
        for pair in entries.windows(2) {
            check_distinct(pair[0], pair[1])?;
        }
        let mut by_key = Places::for_so_many(entries.len());
        for (entry, id) in entries.iter().zip(0..) {
            by_key.enter(entry.key(), id);
        }
        Ok(MessageCatalog { entries, by_key })
    }

    /// The type with a dense id.
    #[must_use]
    pub fn entry(&self, id: u32) -> Option<&'static MessageEntry> {
        self.entries.get(id as usize).copied()
    }

    /// The type with a key.
    #[must_use]
    pub fn by_key(&self, key: Key) -> Option<&'static MessageEntry> {
        self.entry(self.id(key)?)
    }

    /// The dense id of the type with a key.
    #[must_use]
    pub fn id(&self, key: Key) -> Option<u32> {
        let is_it = |id| self.entry(id).is_some_and(|entry| entry.key() == key);
        self.by_key.find(key, is_it)
    }

    /// All types in the order of their dense ids.
    #[must_use]
    pub fn entries(&self) -> &[&'static MessageEntry] {
        &self.entries
    }

    /// How to read a `leaf` as the type with the ancestry `to`; `None` when it is no subtype of it.
    #[must_use]
    pub fn plan(&self, leaf: &MessageEntry, to: &Ancestry) -> Option<Plan> {
        if !leaf.ancestry.is(to) {
            return None;
        }
        let mut plan = Plan::default();
        for depth in (to.depth() + 1..=leaf.ancestry.depth()).rev() {
            plan.push(self.by_key(leaf.ancestry.keys()[depth])?)?;
        }
        Some(plan)
    }
}

fn check_distinct(
    first: &'static MessageEntry,
    second: &'static MessageEntry,
) -> Result<(), CatalogError> {
    if first.key() != second.key() {
        Ok(())
    } else if first.name == second.name {
        Err(CatalogError::SameMessageName {
            name: first.name.to_owned(),
            first: first.location,
            second: second.location,
        })
    } else {
        Err(CatalogError::SameKey {
            first: first.name.to_owned(),
            second: second.name.to_owned(),
        })
    }
}

/// The program's message types, assembled on first use.
///
/// # Errors
/// When two types cannot be told apart.
pub fn messages() -> Result<&'static MessageCatalog, &'static CatalogError> {
    static CATALOG: OnceLock<Result<MessageCatalog, CatalogError>> = OnceLock::new();
    CATALOG
        .get_or_init(|| MessageCatalog::assemble(inventory::iter::<MessageEntry>.into_iter()))
        .as_ref()
}

/// What the catalog knows of `M`. A program whose catalog is at fault starts nothing, so what stands for
/// `M` there reaches nobody.
pub fn entry_of<M: Message>() -> &'static MessageEntry {
    let entry = messages()
        .ok()
        .and_then(|all| all.by_key(M::ANCESTRY.key()));
    entry.unwrap_or(&UNLISTED)
}

/// A type that is in no catalog: [`AnyMessage`] is of no use as a type of its own.
static UNLISTED: MessageEntry = MessageEntry::of::<AnyMessage>(0, None, "");
