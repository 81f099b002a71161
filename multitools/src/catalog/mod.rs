//! What the linker collected: the message types and agents of the program, numbered and checked once.

mod agents;
mod dispatch;
mod listed;
mod messages;
mod places;
mod plan;
mod shapes;

pub use agents::{
    AgentEntry, AgentRegistration, DefaultProbe, NoDefault, TestEntry, agent_key, strip_crate,
};
pub use dispatch::{Dispatch, Handler, answers, covers, maximal, sort, widest};
pub use listed::{Announced, Listed, Spawns, declared, spawns, unheard};
pub use messages::{CatalogError, entry_of, messages};
pub use plan::{Plan, decode_with};

pub(crate) use agents::{agent, agents, test_entry};
pub(crate) use listed::unheard_among;
pub(crate) use places::Places;
pub(crate) use shapes::{fingerprint, shapes};
