//! What is known of an agent.

use crate::limits::Limits;
use crate::paths::Library;
use crate::restart::Policy;
use crate::shape::Fingerprint;
use syn::{Attribute, Ident, Path};

/// Which of the two attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Agent,
    Logger,
}

impl Kind {
    /// The name of the attribute, and what one calls the thing.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Agent => "agent",
            Kind::Logger => "logger",
        }
    }
}

/// The declaration of an agent or logger.
pub(crate) struct Agent {
    pub(crate) kind: Kind,
    pub(crate) library: Library,
    /// Its attributes, for their conditions.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) ident: Ident,
    /// `None` for one without a name.
    pub(crate) name: Option<String>,
    pub(crate) resident: bool,
    pub(crate) manual: bool,
    pub(crate) restart: Policy,
    pub(crate) limits: Limits,
    pub(crate) listens: Vec<Path>,
    /// Whether it may send only what it declares.
    pub(crate) declares_sends: bool,
    pub(crate) sends: Vec<Path>,
    pub(crate) announces: Vec<Path>,
    /// The agents that it starts.
    pub(crate) spawns: Vec<Path>,
    pub(crate) shape: Fingerprint,
}
