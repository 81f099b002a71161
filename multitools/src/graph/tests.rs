use super::model::Graph;
use super::request::{Format, Request, read};
use super::{dot, json, mermaid};
use crate::catalog::AgentEntry;
use crate::message::{Ancestry, EdgeStep, MessageEntry, key};
use crate::restart::Restart;
use expect_test::expect;

const STRING: Ancestry = Ancestry::ROOT.child(key("multitools.StringMessage"));
const TELEMETRY: Ancestry = Ancestry::ROOT.child(key("demo::Telemetry"));
const ALARM: Ancestry = TELEMETRY.child(key("demo::Alarm"));
const SQUARE: Ancestry = Ancestry::ROOT.child(key("demo::maths::Square"));
const OTHER_SQUARE: Ancestry = Ancestry::ROOT.child(key("demo::town::Square"));
const EMPTY: Ancestry = Ancestry::ROOT.child(key("multitools.EmptyMessage"));

fn message(name: &'static str, ancestry: Ancestry) -> &'static MessageEntry {
    Box::leak(Box::new(MessageEntry {
        name,
        ancestry,
        edge: EdgeStep::Root,
        shape: 0,
        boxed: None,
        debug: |_, _| Ok(()),
        location: "src/main.rs:1",
    }))
}

fn messages() -> Vec<&'static MessageEntry> {
    vec![
        message("demo::town::Square", OTHER_SQUARE),
        message("demo::Alarm", ALARM),
        message("demo::maths::Square", SQUARE),
        message("multitools.StringMessage", STRING),
        message("demo::Telemetry", TELEMETRY),
        message("multitools.EmptyMessage", EMPTY),
    ]
}

fn agent(path: &'static str, handles: &'static [Ancestry]) -> AgentEntry {
    AgentEntry {
        path,
        name: None,
        location: "src/main.rs:9:1",
        key: 0,
        resident: false,
        logger: false,
        manual: false,
        restart: Restart::never(),
        limits: crate::Limits::none(),
        listens: &[],
        handles,
        sends: None,
        announces: &[],
        spawns: &[],
        shape: 0,
        default: None,
        run: |_, ctx, _| (Ok(Ok(Vec::new())), ctx),
    }
}

fn agents() -> Vec<AgentEntry> {
    let one = agent("demo::AgentOne", &[STRING, TELEMETRY, SQUARE]);
    let two = agent("demo::AgentTwo", &[]);
    let log = agent("demo::Log", &[Ancestry::ROOT]);
    vec![
        AgentEntry {
            logger: true,
            resident: true,
            listens: &[Ancestry::ROOT],
            ..log
        },
        AgentEntry {
            sends: Some(&[SQUARE]),
            announces: &[ALARM],
            ..two
        },
        AgentEntry {
            name: Some("Agent \"one\""),
            resident: true,
            listens: &[TELEMETRY],
            ..one
        },
        agent("multitools::debug_logger::DebugLogger", &[Ancestry::ROOT]),
    ]
}

fn graph_of(agents: Vec<AgentEntry>) -> Graph {
    let leak = |agent| &*Box::leak(Box::new(agent));
    let agents: Vec<&'static AgentEntry> = agents.into_iter().map(leak).collect();
    Graph::new(&agents, &messages())
}

#[test]
fn a_small_program_as_mermaid() {
    expect![[r#"
        flowchart LR
            a0["Agent #quot;one#quot;"]
            a1["AgentTwo"]
            a2[("Log")]
            classDef silent stroke-dasharray: 5
            class a0 silent
            m0(["AnyMessage"])
            m1(["Alarm"])
            m2(["Telemetry"])
            m3(["demo::maths::Square"])
            m4(["demo::town::Square"])
            m5(["StringMessage"])
            a1 -->|sends| m3
            a1 -.->|announces| m1
            m2 -.->|heard by| a0
            m3 -->|handled by| a0
            m5 -->|handled by| a0
            m0 -.->|heard by| a2
            m1 ==>|extends| m2
    "#]]
    .assert_eq(&mermaid::write(&graph_of(agents())));
}

#[test]
fn an_agent_that_sends_nothing_is_none_that_does_not_say() {
    let silent = |agents| graph_of(agents).silent().collect::<Vec<_>>();
    assert_eq!(silent(agents()), [0]);
    let mut agents = agents();
    agents[2].sends = Some(&[]);
    assert!(silent(agents).is_empty());
}

#[test]
fn a_small_program_as_dot() {
    expect![[r#"
        digraph multitools {
            rankdir=LR;
            a0 [shape=box, label="Agent \"one\""];
            a1 [shape=box, label="AgentTwo"];
            a2 [shape=cylinder, label="Log"];
            a0 [style=dashed];
            m0 [shape=oval, label="AnyMessage"];
            m1 [shape=oval, label="Alarm"];
            m2 [shape=oval, label="Telemetry"];
            m3 [shape=oval, label="demo::maths::Square"];
            m4 [shape=oval, label="demo::town::Square"];
            m5 [shape=oval, label="StringMessage"];
            a1 -> m3 [label="sends"];
            a1 -> m1 [label="announces", style=dashed];
            m2 -> a0 [label="heard by", style=dashed];
            m3 -> a0 [label="handled by"];
            m5 -> a0 [label="handled by"];
            m0 -> a2 [label="heard by", style=dashed];
            m1 -> m2 [label="extends", style=bold, arrowhead=empty];
        }
    "#]]
    .assert_eq(&dot::write(&graph_of(agents())));
}

#[test]
fn a_small_program_as_json() {
    expect![[r#"
        {
          "agents": [
            {
              "path": "demo::AgentOne",
              "name": "Agent \"one\"",
              "kind": "agent",
              "resident": true,
              "location": "src/main.rs:9:1",
              "handles": [
                "demo::Telemetry",
                "demo::maths::Square",
                "multitools.StringMessage"
              ],
              "listens": [
                "demo::Telemetry"
              ],
              "sends": null,
              "announces": [],
              "spawns": []
            },
            {
              "path": "demo::AgentTwo",
              "name": null,
              "kind": "agent",
              "resident": false,
              "location": "src/main.rs:9:1",
              "handles": [],
              "listens": [],
              "sends": [
                "demo::maths::Square"
              ],
              "announces": [
                "demo::Alarm"
              ],
              "spawns": []
            },
            {
              "path": "demo::Log",
              "name": null,
              "kind": "logger",
              "resident": true,
              "location": "src/main.rs:9:1",
              "handles": [
                "multitools::AnyMessage"
              ],
              "listens": [
                "multitools::AnyMessage"
              ],
              "sends": [],
              "announces": [],
              "spawns": []
            }
          ],
          "messages": [
            {
              "name": "multitools::AnyMessage",
              "extends": null,
              "built_in": true,
              "location": null
            },
            {
              "name": "demo::Alarm",
              "extends": "demo::Telemetry",
              "built_in": false,
              "location": "src/main.rs:1"
            },
            {
              "name": "demo::Telemetry",
              "extends": null,
              "built_in": false,
              "location": "src/main.rs:1"
            },
            {
              "name": "demo::maths::Square",
              "extends": null,
              "built_in": false,
              "location": "src/main.rs:1"
            },
            {
              "name": "demo::town::Square",
              "extends": null,
              "built_in": false,
              "location": "src/main.rs:1"
            },
            {
              "name": "multitools.StringMessage",
              "extends": null,
              "built_in": true,
              "location": "src/main.rs:1"
            }
          ],
          "warnings": [
            "message `demo::town::Square` has no handler in any agent: it can be sent to the supervisor only"
          ]
        }
    "#]].assert_eq(&json::write(&graph_of(agents())).unwrap());
}

#[test]
fn the_order_of_linking_does_not_show() {
    let mut turned = agents();
    turned.reverse();
    let (one, other) = (graph_of(agents()), graph_of(turned));
    assert_eq!(json::write(&one).unwrap(), json::write(&other).unwrap());
}

#[test]
fn nobody_is_said_to_starve_while_somebody_does_not_say_what_it_sends() {
    expect![[r#"
        [
            "message `demo::town::Square` has no handler in any agent: it can be sent to the supervisor only",
        ]
    "#]].assert_debug_eq(&graph_of(agents()).warnings);
}

#[test]
fn starving_handlers_and_listeners_are_named_when_all_say_what_they_send() {
    let mut agents = agents();
    agents[2].sends = Some(&[OTHER_SQUARE]);
    agents[1].sends = Some(&[EMPTY]);
    agents[1].announces = &[STRING];
    expect![[r#"
        [
            "message `demo::town::Square` has no handler in any agent: it can be sent to the supervisor only",
            "`Agent \"one\"` listens to `Telemetry`, which no agent sends",
            "`Agent \"one\"` has a handler for `demo::maths::Square`, which no agent sends",
        ]
    "#]].assert_debug_eq(&graph_of(agents).warnings);
}

#[test]
fn a_base_whose_subtypes_are_handled_needs_no_handler_unless_it_is_sent() {
    let mut sink = agent("demo::Sink", &[ALARM, SQUARE, OTHER_SQUARE]);
    sink.sends = Some(&[ALARM]);
    assert_eq!(
        graph_of(vec![agent("demo::Sink", sink.handles)]).warnings,
        [""; 0]
    );
    sink.sends = Some(&[TELEMETRY]);
    let warning = &graph_of(vec![sink]).warnings[0];
    assert!(
        warning.starts_with("message `Telemetry` has no handler"),
        "{warning}"
    );
}

#[test]
fn what_can_be_asked() {
    let ask = |line: &str, variable: Option<&str>| {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        read(&words, variable)
    };
    assert_eq!(ask("", None), None);
    assert_eq!(ask("", Some("")), None);
    assert_eq!(ask("input --multitools graph", None), None);
    assert_eq!(ask("--multitoolsgraph", None), None);
    let graph = |format| Some(Ok(Request::Graph(format)));
    assert_eq!(ask("--multitools graph", None), graph(Format::Mermaid));
    assert_eq!(ask("--multitools=graph", None), graph(Format::Mermaid));
    assert_eq!(ask("--multitools graph dot", None), graph(Format::Dot));
    assert_eq!(ask("--multitools=graph json", None), graph(Format::Json));
    assert_eq!(ask("its own", Some("graph:dot")), graph(Format::Dot));
    assert_eq!(
        ask("--multitools help", Some("graph")),
        Some(Ok(Request::Help))
    );
    let refused = |line: &str| ask(line, None).unwrap().unwrap_err();
    expect!["--multitools: expected one of: graph, help"].assert_eq(&refused("--multitools"));
    expect!["--multitools: unknown word `draw`; expected one of: graph, help"]
        .assert_eq(&refused("--multitools draw"));
    expect!["--multitools graph: unknown format `svg`; expected one of: mermaid, dot, json"]
        .assert_eq(&refused("--multitools=graph svg"));
    expect!["--multitools: nothing can follow here, but `now` does"]
        .assert_eq(&refused("--multitools graph dot now"));
}
