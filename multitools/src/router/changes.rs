//! What the supervisor pushes when the population changes, and how that travels.

use crate::id::AgentId;
use crate::message::{DownReason, Key};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::HashMap;
use std::sync::Arc;
use thiserror::Error;

/// What agents may have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Kind {
    pub(crate) name: Option<String>,
    /// The key of its Rust type.
    pub(crate) agent: Key,
    /// The keys of the message types it listens to.
    pub(crate) listens: Vec<Key>,
}

/// One running agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) id: AgentId,
    /// Its first incarnation: what had the slot before was another agent.
    pub(crate) since: u16,
    pub(crate) kind: Arc<Kind>,
}

/// A change of the population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// An agent runs from now on.
    Joined(Member),
    /// An agent has ended.
    Ended(AgentId, DownReason),
    /// An agent has ended and is to be started again.
    Away {
        id: AgentId,
        reason: DownReason,
        /// Whether its mailbox is kept, so that it can be sent to meanwhile.
        kept: bool,
    },
}

#[cfg(test)]
impl Change {
    /// Of an agent without a name that listens to nothing.
    pub(crate) fn joined(id: AgentId, since: u16) -> Change {
        let kind = Kind {
            name: None,
            agent: 0,
            listens: Vec::new(),
        };
        Change::Joined(Member {
            id,
            since,
            kind: Arc::new(kind),
        })
    }
}

/// Changes, one after the other. Each agent of a run is told of all others, so what many of them have in
/// common travels, and is read, once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Travelling")]
pub(crate) struct Changes(pub(crate) Vec<Change>);

/// Changes as they travel.
#[derive(Serialize, Deserialize)]
struct Travelling {
    kinds: Vec<Kind>,
    steps: Vec<Step>,
}

#[derive(Serialize, Deserialize)]
enum Step {
    /// An agent, since when, and the place of its kind.
    Joined(AgentId, u16, u32),
    Ended(AgentId, DownReason),
    Away(AgentId, DownReason, bool),
}

/// An agent of a kind that is not among those that have come with it.
#[derive(Debug, Error)]
#[error("{0} is of no kind")]
struct NoKind(AgentId);

impl From<Vec<Change>> for Changes {
    fn from(changes: Vec<Change>) -> Changes {
        Changes(changes)
    }
}

impl Serialize for Changes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut places: HashMap<&Kind, u32> = HashMap::new();
        let mut kinds = Vec::new();
        let steps = self.0.iter().map(|change| match change {
            Change::Joined(Member { id, since, kind }) => {
                let place = *places.entry(kind).or_insert_with(|| {
                    kinds.push(Kind::clone(kind));
                    u32::try_from(kinds.len() - 1).unwrap_or(u32::MAX)
                });
                Step::Joined(*id, *since, place)
            }
            Change::Ended(id, reason) => Step::Ended(*id, reason.clone()),
            Change::Away { id, reason, kept } => Step::Away(*id, reason.clone(), *kept),
        });
        let steps = steps.collect();
        Travelling { kinds, steps }.serialize(serializer)
    }
}

impl TryFrom<Travelling> for Changes {
    type Error = NoKind;

    fn try_from(Travelling { kinds, steps }: Travelling) -> Result<Changes, NoKind> {
        let kinds: Vec<Arc<Kind>> = kinds.into_iter().map(Arc::new).collect();
        let changes = steps.into_iter().map(|step| {
            Ok(match step {
                Step::Joined(id, since, place) => {
                    let kind = kinds.get(place as usize).ok_or(NoKind(id))?;
                    Change::Joined(Member {
                        id,
                        since,
                        kind: Arc::clone(kind),
                    })
                }
                Step::Ended(id, reason) => Change::Ended(id, reason),
                Step::Away(id, reason, kept) => Change::Away { id, reason, kept },
            })
        });
        changes.collect::<Result<_, _>>().map(Changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::codec;
    use proptest::prelude::*;

    fn change() -> impl Strategy<Value = Change> {
        let kind = (
            prop::option::of("[ab]"),
            0..2u64,
            prop::collection::vec(0..2u64, 0..2),
        );
        let joined = (any::<u64>(), any::<u16>(), kind).prop_map(|(id, since, kind)| {
            let (name, agent, listens) = kind;
            Change::Joined(Member {
                id: AgentId::from_bits(id),
                since,
                kind: Arc::new(Kind {
                    name,
                    agent,
                    listens,
                }),
            })
        });
        let ended = any::<u64>()
            .prop_map(|id| Change::Ended(AgentId::from_bits(id), DownReason::NeverExisted));
        let away = (any::<u64>(), any::<bool>()).prop_map(|(id, kept)| Change::Away {
            id: AgentId::from_bits(id),
            reason: DownReason::Finished,
            kept,
        });
        prop_oneof![joined, ended, away]
    }

    proptest! {
        #[test]
        fn changes_survive(changes in prop::collection::vec(change(), 0..20)) {
            let changes = Changes(changes);
            let bytes = codec::encode(&changes).unwrap();
            prop_assert_eq!(codec::decode::<Changes>(&bytes).unwrap(), changes);
        }
    }

    #[test]
    fn what_many_have_in_common_travels_once() {
        let of = |slots: u32| {
            let joined = |slot| Change::joined(AgentId::new(slot, 0), 0);
            codec::encode(&Changes((0..slots).map(joined).collect())).unwrap()
        };
        assert!(of(100).len() < 100 * 16);
    }

    #[test]
    fn an_agent_of_no_kind_is_refused() {
        let steps = vec![Step::Joined(AgentId::new(1, 0), 0, 0)];
        let kinds = Vec::new();
        let bytes = codec::encode(&Travelling { kinds, steps }).unwrap();
        let refused = codec::decode::<Changes>(&bytes).unwrap_err();
        assert!(refused.to_string().contains("is of no kind"), "{refused}");
    }
}
