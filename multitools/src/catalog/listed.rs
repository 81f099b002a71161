//! Whether somebody in a run hears what its agents announce.

use super::{AgentEntry, messages};
use crate::agent::Agent;
use crate::message::Ancestry;

/// A message that an agent declares to send to listeners.
pub struct Announced {
    /// The message.
    pub message: Ancestry,
    /// What to say when nobody hears it.
    pub unheard: &'static str,
}

/// An agent whose declaration is known. A type parameter with the bound [`Agent`] is none, so that
/// generic code may still start agents: what they announce is not checked then.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an agent",
    label = "not an agent",
    note = "put `#[multitools::agent]` on the definition of `{Self}`"
)]
pub trait Listed: Agent {
    /// What it declares to send to listeners.
    const ANNOUNCES: &'static [Announced];
    /// What it listens to.
    const LISTENS: &'static [Ancestry];
    /// The agents that it declares to start.
    const SPAWNS: &'static [Spawns] = &[];
}

/// An agent that another declares to start.
#[derive(Clone, Copy)]
pub struct Spawns {
    /// What the catalog has of it.
    pub entry: fn() -> &'static AgentEntry,
    /// What it listens to.
    pub listens: &'static [Ancestry],
}

/// That an agent starts an `A`.
#[must_use]
pub const fn spawns<A: Listed>() -> Spawns {
    Spawns {
        entry: A::entry,
        listens: A::LISTENS,
    }
}

/// What is compared of one agent in a run.
#[derive(Clone, Copy)]
pub struct Declared {
    /// What it declares to send to listeners.
    pub announces: &'static [Announced],
    /// What it listens to.
    pub listens: &'static [Ancestry],
    /// Whom it declares to start: they are there once it has.
    pub spawns: &'static [Spawns],
}

/// The declaration of `A`.
#[must_use]
pub const fn declared<A: Listed>() -> Declared {
    Declared {
        announces: A::ANNOUNCES,
        listens: A::LISTENS,
        spawns: A::SPAWNS,
    }
}

/// What to say of the first message that an agent announces and no other hears.
#[must_use]
pub const fn unheard(agents: &[Declared]) -> Option<&'static str> {
    let mut sender = 0;
    while sender < agents.len() {
        let mut i = 0;
        while i < agents[sender].announces.len() {
            let announced = &agents[sender].announces[i];
            if !hears(agents, sender, &announced.message) {
                return Some(announced.unheard);
            }
            i += 1;
        }
        sender += 1;
    }
    None
}

/// The same for agents that only the linker knows, with the names that the catalog has.
pub(crate) fn unheard_among(agents: &[&AgentEntry]) -> Option<String> {
    let is_heard = |listens: &[Ancestry], message: &Ancestry| {
        let mut listens = listens.iter();
        listens.any(|l| message.is(l) || l.is(message))
    };
    let spawned = || agents.iter().flat_map(|agent| agent.spawns);
    for (place, agent) in agents.iter().enumerate() {
        let others = || agents[..place].iter().chain(&agents[place + 1..]);
        let unheard = |message: &&Ancestry| {
            !others().any(|other| is_heard(other.listens, message))
                && !spawned().any(|other| is_heard(other.listens, message))
        };
        if let Some(message) = agent.announces.iter().find(unheard) {
            let entry = messages().ok().and_then(|all| all.by_key(message.key()));
            let message = entry.map_or("a message", |entry| entry.name);
            return Some(format!(
                "no agent of this run listens to `{}`, which agent `{}` announces",
                last_name(message),
                last_name(agent.path)
            ));
        }
    }
    None
}

fn last_name(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Whether an agent besides the sender listens to a message, to a supertype, or to some of its subtypes:
/// one of the run, or one that some of these start.
const fn hears(agents: &[Declared], sender: usize, message: &Ancestry) -> bool {
    let mut listener = 0;
    while listener < agents.len() {
        if listener != sender && is_heard(agents[listener].listens, message) {
            return true;
        }
        let spawns = agents[listener].spawns;
        let mut i = 0;
        while i < spawns.len() {
            if is_heard(spawns[i].listens, message) {
                return true;
            }
            i += 1;
        }
        listener += 1;
    }
    false
}

const fn is_heard(listens: &[Ancestry], message: &Ancestry) -> bool {
    let mut i = 0;
    while i < listens.len() {
        if message.is(&listens[i]) || listens[i].is(message) {
            return true;
        }
        i += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::key;

    const BASE: Ancestry = Ancestry::ROOT.child(key("base"));
    const SUB: Ancestry = BASE.child(key("sub"));
    const OTHER: Ancestry = Ancestry::ROOT.child(key("other"));

    fn silent(
        announces: &'static [Announced],
        listens: &'static [Ancestry],
    ) -> Option<&'static str> {
        let sender = Declared {
            announces,
            listens,
            spawns: &[],
        };
        let other = Declared {
            announces: &[],
            listens: &[OTHER],
            spawns: &[],
        };
        unheard(&[other, sender])
    }

    #[test]
    fn who_is_started_by_an_agent_of_the_run_hears_too() {
        const ANNOUNCES: &[Announced] = &[Announced {
            message: SUB,
            unheard: "nobody",
        }];
        fn nowhere() -> &'static AgentEntry {
            unreachable!("only the linker's catalog is asked for")
        }
        let starting = |listens: &'static [Ancestry]| {
            let spawns = Spawns {
                entry: nowhere,
                listens,
            };
            Declared {
                announces: ANNOUNCES,
                listens: &[],
                spawns: Box::leak(Box::new([spawns])),
            }
        };
        assert_eq!(unheard(&[starting(&[BASE])]), None);
        assert_eq!(unheard(&[starting(&[OTHER])]), Some("nobody"));
    }

    #[test]
    fn others_hear_a_message_as_itself_as_a_supertype_or_in_part() {
        const fn announced(message: Ancestry) -> Announced {
            let unheard = "nobody";
            Announced { message, unheard }
        }
        const OTHERS: &[Announced] = &[announced(OTHER)];
        const SUBS: &[Announced] = &[announced(OTHER), announced(SUB)];
        assert_eq!(silent(&[], &[]), None);
        assert_eq!(silent(OTHERS, &[]), None);
        // Nobody hears oneself.
        assert_eq!(silent(SUBS, &[SUB]), Some("nobody"));
        for (said, heard) in [(SUB, BASE), (BASE, SUB), (SUB, Ancestry::ROOT)] {
            let said: &'static [Announced] = Box::leak(Box::new([announced(said)]));
            let heard: &'static [Ancestry] = Box::leak(Box::new([heard]));
            let sender = Declared {
                announces: said,
                listens: &[],
                spawns: &[],
            };
            let listener = Declared {
                announces: &[],
                listens: heard,
                spawns: &[],
            };
            assert_eq!(unheard(&[sender, listener]), None);
            assert_eq!(unheard(&[sender, sender]), Some("nobody"));
        }
    }
}
