//! Whom a message is for.

use crate::id::{AgentId, Ids};
use crate::message::Key;
use std::fmt;

/// Everybody who runs, the sender included (rule R3).
pub const BROADCAST: Target<'static> = Target::Broadcast;

/// Whoever listens to the message's type or a supertype of it, except the sender (rules R3, R5).
pub const LISTENERS: Target<'static> = Target::Listeners;

/// The supervisor: its `on_object` handler gets the message.
pub const SUPERVISOR: Target<'static> = Target::Supervisor;

/// Whom a message is for. Made from a name, an [`AgentId`], a set of ids, or one of [`BROADCAST`],
/// [`LISTENERS`] and [`SUPERVISOR`]; whatever takes a target takes all of these.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Target<'t> {
    /// All who bear a name.
    Name(&'t str),
    /// One agent.
    Id(AgentId),
    /// A set of agents.
    Ids(&'t [AgentId]),
    /// A set of agents.
    OwnedIds(Ids),
    /// Everybody.
    Broadcast,
    /// Whoever is interested.
    Listeners,
    /// The supervisor.
    Supervisor,
    #[doc(hidden)]
    Type(Key, &'static str),
    #[doc(hidden)]
    Types(&'t [Recipient]),
}

/// What a [`Target`] is made from, by `From`. It has a name of its own for what the compiler says of anything
/// else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a target",
    label = "not a target",
    note = "a target is a name, an id, several ids, `BROADCAST`, `LISTENERS` or `SUPERVISOR`; a `String` is lent, as `&name`",
    note = "to all agents of a type: `ctx.addr::<SomeAgent>().send(ctx, ..)`"
)]
pub trait IntoTarget<'t> {
    /// The target.
    fn into_target(self) -> Target<'t>;
}
#[diagnostic::do_not_recommend]
impl<'t, T: Into<Target<'t>>> IntoTarget<'t> for T {
    fn into_target(self) -> Target<'t> {
        self.into()
    }
}

/// Every agent of a type, or one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub struct Recipient {
    pub(crate) agent: Key,
    pub(crate) path: &'static str,
    pub(crate) only: Option<AgentId>,
}

impl Target<'_> {
    /// The agents that are meant by their ids.
    pub(crate) fn ids(&self) -> &[AgentId] {
        match self {
            Target::Id(id) => std::slice::from_ref(id),
            Target::Ids(ids) => ids,
            Target::OwnedIds(ids) => ids,
            _ => &[],
        }
    }
}

impl fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Name(name) => write!(f, "named `{name}`"),
            Target::Id(id) => write!(f, "agent {id}"),
            Target::Ids(ids) => write!(f, "in {ids:?}"),
            Target::OwnedIds(ids) => write!(f, "in {:?}", ids.as_slice()),
            Target::Broadcast => f.write_str("in this run"),
            Target::Listeners => f.write_str("listening"),
            Target::Supervisor => f.write_str("the supervisor"),
            Target::Type(_, path) => write!(f, "a `{path}`"),
            Target::Types([]) => f.write_str("among no recipients"),
            Target::Types(kinds) => {
                let paths: Vec<_> = kinds
                    .iter()
                    .map(|kind| format!("`{}`", kind.path))
                    .collect();
                write!(f, "a {}", paths.join(" or "))
            }
        }
    }
}

impl<'t> From<&'t str> for Target<'t> {
    fn from(name: &'t str) -> Self {
        Target::Name(name)
    }
}
impl<'t> From<&'t String> for Target<'t> {
    fn from(name: &'t String) -> Self {
        Target::Name(name)
    }
}
impl From<AgentId> for Target<'_> {
    fn from(id: AgentId) -> Self {
        Target::Id(id)
    }
}
impl From<&AgentId> for Target<'_> {
    fn from(id: &AgentId) -> Self {
        Target::Id(*id)
    }
}
impl<'t> From<&'t [AgentId]> for Target<'t> {
    fn from(ids: &'t [AgentId]) -> Self {
        Target::Ids(ids)
    }
}
impl<'t> From<&'t Vec<AgentId>> for Target<'t> {
    fn from(ids: &'t Vec<AgentId>) -> Self {
        Target::Ids(ids)
    }
}
impl From<Vec<AgentId>> for Target<'_> {
    fn from(ids: Vec<AgentId>) -> Self {
        Target::OwnedIds(ids.into())
    }
}
impl<'t> From<&'t Ids> for Target<'t> {
    fn from(ids: &'t Ids) -> Self {
        Target::Ids(ids.as_slice())
    }
}
impl From<Ids> for Target<'_> {
    fn from(ids: Ids) -> Self {
        Target::OwnedIds(ids)
    }
}
