//! The shapes of all types of the program, for comparison with another process.

use super::{agents, messages};
use crate::message::MessageEntry;
use crate::shape::{self, Sort, TypeShape};
use std::sync::OnceLock;

/// All types of the program: messages before agents, and supertypes before subtypes, so that the first
/// one that differs is the reason why others do.
pub(crate) fn shapes() -> Vec<TypeShape> {
    let mut entries = match messages() {
        Ok(catalog) => catalog.entries().to_vec(),
        Err(_) => Vec::new(),
    };
    entries.sort_by_key(|entry| (entry.ancestry.depth(), entry.name));
    let messages = entries.iter().map(|entry| TypeShape {
        sort: Sort::Message,
        name: entry.name.to_owned(),
        shape: with_ancestors(entry),
    });
    let agents = agents().map(|agents| agents.values().copied().collect());
    let mut agents: Vec<_> = agents.unwrap_or_default();
    agents.sort_by_key(|entry| (entry.path, entry.location));
    let agents = agents.into_iter().map(|entry| TypeShape {
        sort: Sort::Agent,
        name: format!("{} ({})", entry.path, entry.location),
        shape: entry.shape,
    });
    messages.chain(agents).collect()
}

fn with_ancestors(entry: &MessageEntry) -> u64 {
    let catalog = messages().ok();
    let shape_of = |key| catalog.and_then(|catalog| catalog.by_key(key));
    entry.ancestry.keys().iter().fold(0, |hash, key| {
        let own = shape_of(*key).map_or(0, |ancestor| ancestor.shape);
        shape::mix(shape::mix(hash.rotate_left(5), *key), own)
    })
}

/// A number that differs when two processes do not know the same messages and agents.
pub(crate) fn fingerprint() -> u64 {
    static FINGERPRINT: OnceLock<u64> = OnceLock::new();
    *FINGERPRINT.get_or_init(|| shape::fingerprint(&shapes()))
}
