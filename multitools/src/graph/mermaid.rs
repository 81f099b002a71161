//! The graph as a Mermaid flowchart, which many hosts of source code draw.

use super::model::Graph;

pub(super) fn write(graph: &Graph) -> String {
    let mut text = String::from("flowchart LR\n");
    for (i, agent) in graph.agents.iter().enumerate() {
        let label = escape(&agent.label);
        let (open, close) = if agent.logger {
            ("[(", ")]")
        } else {
            ("[", "]")
        };
        text += &format!("    a{i}{open}\"{label}\"{close}\n");
    }
    let silent: Vec<String> = graph.silent().map(|agent| format!("a{agent}")).collect();
    if !silent.is_empty() {
        text += "    classDef silent stroke-dasharray: 5\n";
        text += &format!("    class {} silent\n", silent.join(","));
    }
    for (i, message) in graph.messages.iter().enumerate() {
        text += &format!("    m{i}([\"{}\"])\n", escape(&message.label));
    }
    for (i, agent) in graph.agents.iter().enumerate() {
        for message in agent.sends.iter().flatten() {
            text += &format!("    a{i} -->|sends| m{message}\n");
        }
        for message in &agent.announces {
            text += &format!("    a{i} -.->|announces| m{message}\n");
        }
        for other in &agent.spawns {
            text += &format!("    a{i} ==>|spawns| a{other}\n");
        }
    }
    for (i, agent) in graph.agents.iter().enumerate() {
        for message in &agent.hears {
            text += &format!("    m{message} -.->|heard by| a{i}\n");
        }
        for message in agent.handles.iter().filter(|m| !agent.hears.contains(m)) {
            text += &format!("    m{message} -->|handled by| a{i}\n");
        }
    }
    for (i, message) in graph.messages.iter().enumerate() {
        if let Some(parent) = message.extends {
            text += &format!("    m{i} ==>|extends| m{parent}\n");
        }
    }
    text
}

fn escape(label: &str) -> String {
    label.replace('#', "#35;").replace('"', "#quot;")
}
