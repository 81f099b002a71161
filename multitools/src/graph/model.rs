//! What the program consists of: its agents, its messages, who handles, hears and sends what, and what
//! is odd about that.

use super::names::{Names, short};
use crate::catalog::AgentEntry;
use crate::message::{Ancestry, Key, MessageEntry};
use std::collections::{BTreeMap, BTreeSet};

/// What the library itself sends, and what every program has without asking.
const BUILT_IN: &str = "multitools.";

/// The message-flow graph of a program. Everything in it is in the order of names.
pub(super) struct Graph {
    pub(super) agents: Vec<Agent>,
    pub(super) messages: Vec<Message>,
    pub(super) warnings: Vec<String>,
}

/// An agent, a logger or a process.
pub(super) struct Agent {
    pub(super) path: &'static str,
    pub(super) name: Option<&'static str>,
    /// For people.
    pub(super) label: String,
    pub(super) location: &'static str,
    pub(super) logger: bool,
    pub(super) resident: bool,
    /// Messages by their places in [`Graph::messages`], as in the lists that follow.
    pub(super) handles: Vec<usize>,
    pub(super) hears: Vec<usize>,
    /// `None` when it does not say.
    pub(super) sends: Option<Vec<usize>>,
    /// What it says it sends to listeners. That alone does not say what else it sends.
    pub(super) announces: Vec<usize>,
    /// The agents that it says it starts, by their places in [`Graph::agents`].
    pub(super) spawns: Vec<usize>,
}

/// A message type.
pub(super) struct Message {
    pub(super) name: &'static str,
    /// For people.
    pub(super) label: String,
    /// `None` for the root of the hierarchy.
    pub(super) location: Option<&'static str>,
    /// The supertype; `None` when that is [`AnyMessage`](crate::AnyMessage).
    pub(super) extends: Option<usize>,
    pub(super) ancestry: Ancestry,
}

impl Agent {
    /// What it says it sends, to whomever.
    pub(super) fn outgoing(&self) -> impl Iterator<Item = usize> {
        self.sends.iter().flatten().chain(&self.announces).copied()
    }
}

impl Message {
    pub(super) fn is_built_in(&self) -> bool {
        self.location.is_none() || self.name.starts_with(BUILT_IN)
    }
}

impl Graph {
    /// The graph of these agents and messages, whatever their order.
    pub(super) fn new(agents: &[&'static AgentEntry], messages: &[&'static MessageEntry]) -> Graph {
        // What the library brings along is there in every program, used or not.
        let mut agents: Vec<_> = agents
            .iter()
            .copied()
            .filter(|entry| !entry.path.starts_with("multitools::"))
            .collect();
        agents.sort_by_key(|entry| (entry.path, entry.location));
        let messages = shown(&agents, messages);
        let place: BTreeMap<Key, usize> = (0..)
            .zip(&messages)
            .map(|(place, message)| (message.ancestry.key(), place))
            .collect();
        let places = |list: &[Ancestry]| -> Vec<usize> {
            let places = list.iter().filter_map(|ty| place.get(&ty.key()).copied());
            places.collect::<BTreeSet<_>>().into_iter().collect()
        };
        let started = |entry: &AgentEntry| -> Vec<usize> {
            let keys: Vec<Key> = entry.spawns.iter().map(|one| (one.entry)().key).collect();
            let is_started = |(_, agent): &(usize, &&AgentEntry)| keys.contains(&agent.key);
            let agents = agents.iter().enumerate().filter(is_started);
            agents.map(|(place, _)| place).collect()
        };
        let labels = Names::of(agents.iter().map(|entry| label(entry)));
        let agents = agents.iter().map(|entry| Agent {
            path: entry.path,
            name: entry.name,
            label: labels.unique(label(entry), entry.path),
            location: entry.location,
            logger: entry.logger,
            resident: entry.resident,
            handles: places(entry.handles),
            hears: places(entry.listens),
            sends: sends(entry).map(places),
            announces: places(entry.announces),
            spawns: started(entry),
        });
        let mut graph = Graph {
            agents: agents.collect(),
            messages,
            warnings: Vec::new(),
        };
        graph.warnings = super::warnings::of(&graph);
        graph
    }

    /// The agents that do not say what they send.
    pub(super) fn silent(&self) -> impl Iterator<Item = usize> {
        let agents = self.agents.iter().enumerate();
        agents.filter_map(|(place, agent)| agent.sends.is_none().then_some(place))
    }

    /// Whether there is an agent for which something holds.
    pub(super) fn some_agent(&self, holds: impl Fn(&Agent) -> bool) -> bool {
        self.agents.iter().any(holds)
    }

    /// Whether one message is another or a subtype of it.
    pub(super) fn is(&self, message: usize, ancestor: usize) -> bool {
        let of = |place: usize| &self.messages[place].ancestry;
        of(message).is(of(ancestor))
    }
}

/// What an agent says it sends, if it says so. A logger only reacts to what it hears.
fn sends(entry: &AgentEntry) -> Option<&'static [Ancestry]> {
    entry.sends.or(entry.logger.then_some(&[]))
}

/// How an agent is called: by its name, or by its type if it has none.
fn label(entry: &AgentEntry) -> &'static str {
    entry.name.unwrap_or_else(|| short(entry.path))
}

/// The program's own messages, and of the others those that its agents name, with their supertypes.
fn shown(agents: &[&'static AgentEntry], entries: &[&'static MessageEntry]) -> Vec<Message> {
    let lists = |entry: &&'static AgentEntry| {
        let AgentEntry {
            handles,
            listens,
            sends,
            announces,
            ..
        } = entry;
        [*handles, *listens, sends.unwrap_or(&[]), *announces]
    };
    let named = agents.iter().flat_map(lists).flatten();
    let mut wanted: BTreeSet<Key> = named.clone().flat_map(supertypes).collect();
    let own = entries
        .iter()
        .filter(|entry| !entry.name.starts_with(BUILT_IN));
    wanted.extend(own.flat_map(|entry| supertypes(&entry.ancestry)));
    let mut entries: Vec<_> = entries
        .iter()
        .filter(|entry| wanted.contains(&entry.key()))
        .collect();
    entries.sort_by_key(|entry| entry.name);
    let mut named = named;
    let root = named.any(|ty| ty.depth() == 0).then_some(Message {
        name: <crate::AnyMessage as crate::Message>::NAME,
        label: String::new(),
        location: None,
        extends: None,
        ancestry: Ancestry::ROOT,
    });
    let types = entries.iter().map(|entry| Message {
        name: entry.name,
        label: String::new(),
        location: Some(entry.location),
        extends: None,
        ancestry: entry.ancestry,
    });
    let mut messages: Vec<Message> = root.into_iter().chain(types).collect();
    let names = Names::of(messages.iter().map(|message| short(message.name)));
    let parents: Vec<_> = messages.iter().map(|m| parent(m, &messages)).collect();
    for (message, parent) in messages.iter_mut().zip(parents) {
        message.label = names.unique(short(message.name), message.name);
        message.extends = parent;
    }
    messages
}

/// The keys of a type and its supertypes, without the root.
fn supertypes(ancestry: &Ancestry) -> impl Iterator<Item = Key> {
    ancestry.keys().iter().skip(1).copied()
}

fn parent(message: &Message, messages: &[Message]) -> Option<usize> {
    let (_, above) = message.ancestry.keys().split_last()?;
    let key = above.get(1..)?.last()?;
    let named = |other: &Message| other.ancestry.key() == *key;
    messages.iter().position(named)
}
