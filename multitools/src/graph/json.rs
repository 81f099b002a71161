//! The graph for other programs: whole names, and the warnings.

use super::model::{self, Graph};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'g> {
    agents: Vec<Agent<'g>>,
    messages: Vec<Message<'g>>,
    warnings: &'g [String],
}

#[derive(Serialize)]
struct Agent<'g> {
    path: &'g str,
    name: Option<&'g str>,
    kind: &'static str,
    resident: bool,
    location: &'g str,
    handles: Vec<&'g str>,
    listens: Vec<&'g str>,
    /// `null` when the agent does not say.
    sends: Option<Vec<&'g str>>,
    announces: Vec<&'g str>,
    /// Paths of agents.
    spawns: Vec<&'g str>,
}

#[derive(Serialize)]
struct Message<'g> {
    name: &'g str,
    extends: Option<&'g str>,
    built_in: bool,
    location: Option<&'g str>,
}

pub(super) fn write(graph: &Graph) -> serde_json::Result<String> {
    let name = |place: &usize| graph.messages[*place].name;
    let names = |places: &[usize]| -> Vec<_> { places.iter().map(name).collect() };
    let path = |place: &usize| graph.agents[*place].path;
    let agent = |agent: &'_ model::Agent| Agent {
        path: agent.path,
        name: agent.name,
        kind: if agent.logger { "logger" } else { "agent" },
        resident: agent.resident,
        location: agent.location,
        handles: names(&agent.handles),
        listens: names(&agent.hears),
        sends: agent.sends.as_deref().map(names),
        announces: names(&agent.announces),
        spawns: agent.spawns.iter().map(path).collect(),
    };
    let message = |message: &'_ model::Message| Message {
        name: message.name,
        extends: message.extends.as_ref().map(name),
        built_in: message.is_built_in(),
        location: message.location,
    };
    let document = Document {
        agents: graph.agents.iter().map(agent).collect(),
        messages: graph.messages.iter().map(message).collect(),
        warnings: &graph.warnings,
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
