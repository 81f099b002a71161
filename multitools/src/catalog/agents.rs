//! The agents of the program, and how tests become their entry points.

use super::{CatalogError, Spawns};
use crate::agent::Run;
use crate::error::EncodeError;
use crate::limits::Limits;
use crate::message::{Ancestry, Key, key};
use crate::restart::Restart;
use crate::wire::codec;
use serde::Serialize;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::OnceLock;

/// Encodes an agent made by its `Default`.
pub type DefaultArguments = fn() -> Result<Vec<u8>, EncodeError>;

/// One agent or process of the program: a static in generated code.
pub struct AgentEntry {
    /// The Rust path of the type.
    pub path: &'static str,
    /// The name it starts with; `None` for one that bears no name.
    pub name: Option<&'static str>,
    /// `file:line:column` of the definition.
    pub location: &'static str,
    /// What identifies the type in every process of the executable: [`agent_key`] of these two.
    pub key: Key,
    /// Whether it serves until the others have ended.
    pub resident: bool,
    /// Whether it is a logger, which is stopped last.
    pub logger: bool,
    /// Whether `run!()` without arguments leaves it out.
    pub manual: bool,
    /// When it is started again, unless the run says otherwise.
    pub restart: Restart,
    /// What it may take of the machine, unless the run says otherwise.
    pub limits: Limits,
    /// What it listens to.
    pub listens: &'static [Ancestry],
    /// What its handlers take.
    pub handles: &'static [Ancestry],
    /// What it declares that it sends; `None` when it does not say.
    pub sends: Option<&'static [Ancestry]>,
    /// What it declares that it sends to listeners.
    pub announces: &'static [Ancestry],
    /// The agents that it declares to start.
    pub spawns: &'static [Spawns],
    /// The fingerprint of its arguments.
    pub shape: u64,
    /// Makes its arguments from its `Default`, if it has one.
    pub default: Option<DefaultArguments>,
    /// Runs it in a child process.
    pub run: Run,
}

/// The key of an agent. Two functions may each define a local type of one name, so the place counts as well.
///
/// It is as long in the making as the two are, and wanted for each message to a typed address, so the compiler
/// makes it.
#[must_use]
pub const fn agent_key(path: &str, location: &str) -> Key {
    key(path) ^ key(location).rotate_left(1)
}

/// Links an agent into the program's catalog.
pub struct AgentRegistration(pub &'static AgentEntry);
inventory::collect!(AgentRegistration);

/// All agents by key.
pub(crate) fn agents() -> Result<&'static HashMap<Key, &'static AgentEntry>, &'static CatalogError>
{
    static AGENTS: OnceLock<Result<HashMap<Key, &'static AgentEntry>, CatalogError>> =
        OnceLock::new();
    AGENTS
        .get_or_init(|| {
            let mut by_key: HashMap<Key, &'static AgentEntry> = HashMap::new();
            for AgentRegistration(entry) in inventory::iter::<AgentRegistration> {
                if let Some(other) = by_key.insert(entry.key, entry) {
                    return Err(CatalogError::SameAgent {
                        name: entry.path,
                        first: other.location,
                        second: entry.location,
                    });
                }
            }
            Ok(by_key)
        })
        .as_ref()
}

/// The agent with a key.
pub(crate) fn agent(key: Key) -> Option<&'static AgentEntry> {
    agents().ok()?.get(&key).copied()
}

/// Finds out, by autoref, whether an agent has a `Default`.
pub struct DefaultProbe<A>(PhantomData<A>);
impl<A: Default + Serialize> DefaultProbe<A> {
    /// Encodes the default agent.
    pub const MAKE: Option<DefaultArguments> = Some(|| codec::encode(&A::default()));
}
/// The answer for agents without a `Default`.
pub trait NoDefault {
    /// Nothing to make.
    const MAKE: Option<DefaultArguments> = None;
}
impl<A> NoDefault for DefaultProbe<A> {}

/// A test that children of this test binary can be started through: its first statement is
/// [`init`](crate::init).
pub struct TestEntry {
    /// The test's name as libtest knows it.
    pub path: &'static str,
}
inventory::collect!(TestEntry);

/// Some test of this binary that is an entry.
pub(crate) fn test_entry() -> Option<&'static TestEntry> {
    inventory::iter::<TestEntry>.into_iter().next()
}

/// A module path without its crate.
#[must_use]
pub const fn strip_crate(path: &'static str) -> &'static str {
    let bytes = path.as_bytes();
    let mut i = 0;
    while i + 1 < bytes.len() {
        if bytes[i] == b':' && bytes[i + 1] == b':' {
            return path.split_at(i + 2).1;
        }
        i += 1;
    }
    path
}
