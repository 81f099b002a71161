//! The graph for Graphviz.

use super::model::Graph;

pub(super) fn write(graph: &Graph) -> String {
    let mut text = String::from("digraph multitools {\n    rankdir=LR;\n");
    for (i, agent) in graph.agents.iter().enumerate() {
        let shape = if agent.logger { "cylinder" } else { "box" };
        text += &format!("    a{i} [shape={shape}, label={}];\n", quote(&agent.label));
    }
    for agent in graph.silent() {
        text += &format!("    a{agent} [style=dashed];\n");
    }
    for (i, message) in graph.messages.iter().enumerate() {
        text += &format!("    m{i} [shape=oval, label={}];\n", quote(&message.label));
    }
    for (i, agent) in graph.agents.iter().enumerate() {
        for message in agent.sends.iter().flatten() {
            text += &format!("    a{i} -> m{message} [label=\"sends\"];\n");
        }
        for message in &agent.announces {
            text += &format!("    a{i} -> m{message} [label=\"announces\", style=dashed];\n");
        }
        for other in &agent.spawns {
            text += &format!("    a{i} -> a{other} [label=\"spawns\", style=bold];\n");
        }
    }
    for (i, agent) in graph.agents.iter().enumerate() {
        for message in &agent.hears {
            text += &format!("    m{message} -> a{i} [label=\"heard by\", style=dashed];\n");
        }
        for message in agent.handles.iter().filter(|m| !agent.hears.contains(m)) {
            text += &format!("    m{message} -> a{i} [label=\"handled by\"];\n");
        }
    }
    for (i, message) in graph.messages.iter().enumerate() {
        if let Some(parent) = message.extends {
            text += &format!(
                "    m{i} -> m{parent} [label=\"extends\", style=bold, arrowhead=empty];\n"
            );
        }
    }
    text + "}\n"
}

fn quote(label: &str) -> String {
    format!("\"{}\"", label.replace('\\', "\\\\").replace('"', "\\\""))
}
