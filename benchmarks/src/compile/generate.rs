//! The generated programs.

use std::fmt::Write as _;

/// How many messages, agents and handlers there are.
pub const MESSAGES: usize = 200;
pub const AGENTS: usize = 20;
pub const HANDLERS: usize = 220;

/// Five messages of each sort: a struct, one that extends it, two of an enum, and the enum.
const FAMILY: usize = 5;

/// The program with agents.
pub fn agents() -> String {
    let mut text = "use multitools::{agent, message, Context, Flow, RunError};\n".to_owned();
    types(&mut text, |extends| match extends {
        Some(parent) => format!("#[message(extends = {parent})]"),
        None => "#[message]".to_owned(),
    });
    for agent in 0..AGENTS {
        behaviour(&mut text, agent);
    }
    text.push_str("fn main() -> Result<(), RunError> { multitools::run!() }\n");
    text
}

/// The same types, those of the messages and those of the agents, with derives.
pub fn derives() -> String {
    let mut text = "#![allow(dead_code)]\nuse serde::{Deserialize, Serialize};\n".to_owned();
    types(&mut text, |_| {
        "#[derive(Debug, Serialize, Deserialize)]".to_owned()
    });
    for agent in 0..AGENTS {
        let _ = writeln!(
            text,
            "#[derive(Default, Serialize, Deserialize)]\n{}",
            fields(agent)
        );
    }
    text.push_str("fn main() {}\n");
    text
}

/// A program with one agent and without messages.
pub fn empty() -> String {
    let mut text = "use multitools::{agent, Context, RunError};\n".to_owned();
    text.push_str("#[agent] #[derive(Default)] pub struct A { seen: u64 }\n");
    text.push_str("#[agent] impl A { fn op(&mut self, ctx: &mut Context) { self.seen += 1; ctx.print(self.seen) } }\n");
    text.push_str("fn main() -> Result<(), RunError> { multitools::run!() }\n");
    text
}

fn types(text: &mut String, attribute: impl Fn(Option<String>) -> String) {
    for i in 0..MESSAGES {
        let family = i - i % FAMILY;
        let extends = match i % FAMILY {
            1 => Some(format!("M{family}")),
            2 | 3 => Some(format!("M{}", family + 4)),
            _ => None,
        };
        let item = match i % FAMILY {
            0 => format!("struct M{i} {{ pub seq: u64, pub text: String }}"),
            1 => {
                format!("struct M{i} {{ base: M{family}, pub tags: Vec<String>, pub weight: f64 }}")
            }
            2 => format!("struct M{i} {{ pub sensor: u32, pub value: f64, pub on: bool }}"),
            3 => format!("struct M{i} {{ pub sensor: u32, pub text: Option<String> }}"),
            _ => format!(
                "enum M{i} {{ Value(M{}), Alarm(M{}), Level(u32), Off }}",
                i - 2,
                i - 1
            ),
        };
        let _ = writeln!(text, "{}\npub {item}", attribute(extends));
    }
}

fn behaviour(text: &mut String, agent: usize) {
    let each = HANDLERS / AGENTS;
    let first = agent * MESSAGES / AGENTS;
    let _ = writeln!(
        text,
        "#[agent(resident, listen_to(M{first}, M{}))]",
        first + 4
    );
    let _ = writeln!(text, "#[derive(Default)]\n{}", fields(agent));
    let _ = writeln!(text, "#[agent] impl A{agent} {{");
    for message in first..first + each {
        let message = message % MESSAGES;
        let head = format!("#[handle] fn on_{message}(&mut self, m: &M{message}");
        let _ = match message % FAMILY {
            0 | 1 => writeln!(
                text,
                "{head}) {{ self.seen += m.seq; self.text.push_str(&m.text) }}"
            ),
            4 => writeln!(
                text,
                "{head}, ctx: &mut Context) {{ ctx.print(format_args!(\"{{m:?}}\")) }}"
            ),
            _ => writeln!(
                text,
                "{head}) -> Flow {{ if m.sensor == 0 {{ Flow::Stop }} else {{ Flow::Continue }} }}"
            ),
        };
    }
    text.push_str("}\n");
}

/// The type of an agent.
fn fields(agent: usize) -> String {
    format!("pub struct A{agent} {{ seen: u64, text: String }}")
}
