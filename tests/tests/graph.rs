//! Programs that are asked what they consist of, as real processes.

#![allow(clippy::unwrap_used)] // in a test that is how to fail

use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Output, Stdio};

const MERMAID: &str = r#"flowchart LR
    a0["Agent one"]
    a1["Agent two"]
    a2[("Log")]
    classDef silent stroke-dasharray: 5
    class a0,a1 silent
    m0(["AnyMessage"])
    m1(["Alarm"])
    m2(["Forgotten"])
    m3(["Telemetry"])
    m4(["StringMessage"])
    a1 -.->|announces| m3
    m3 -.->|heard by| a0
    m4 -->|handled by| a0
    m0 -.->|heard by| a2
    m1 ==>|extends| m3
"#;
const WARNING: &str = "warning: message `Forgotten` has no handler in any agent: it can be sent to the supervisor only\n";

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_graph_program"));
    command.env_remove("MULTITOOLS");
    command
}

fn output(command: &mut Command) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn the_graph_is_printed_instead_of_running() {
    let expected = (Some(0), MERMAID.to_owned(), WARNING.to_owned());
    assert_eq!(output(program().args(["--multitools", "graph"])), expected);
    assert_eq!(output(program().arg("--multitools=graph")), expected);
    let mut asked = program();
    asked.env("MULTITOOLS", "graph").arg("its own");
    assert_eq!(output(&mut asked), expected);
}

#[test]
fn formats_are_chosen_by_a_word() {
    let (status, dot, _) = output(program().env("MULTITOOLS", "graph:dot"));
    assert_eq!(status, Some(0));
    assert!(dot.starts_with("digraph multitools {\n") && dot.ends_with("}\n"));
    let (status, json, _) = output(program().args(["--multitools", "graph", "json"]));
    assert_eq!(status, Some(0));
    assert!(json.contains("\"extends\": \"graph_program::Telemetry\""));
    assert!(json.contains("\"warnings\": [\n    \"message `Forgotten` has no handler"));
}

#[test]
fn what_cannot_be_understood_is_answered_with_what_can() {
    let (status, stdout, stderr) = output(program().args(["--multitools", "draw"]));
    assert_eq!((status, stdout.as_str()), (Some(2), ""));
    assert_eq!(
        stderr,
        "--multitools: unknown word `draw`; expected one of: graph, help\n"
    );
    let (status, stdout, _) = output(program().args(["--multitools", "help"]));
    assert_eq!(status, Some(0));
    assert!(stdout.starts_with("--multitools graph [mermaid|dot|json]"));
}

#[test]
fn who_is_not_asked_runs() {
    let (status, stdout, _) = output(program().args(["input", "--multitools", "graph"]));
    assert_eq!((status, stdout.as_str()), (Some(0), "running\n"));
}

/// A child of a supervisor has the arguments and the environment of its parent. Here the test is the
/// supervisor, and it leaves before it has said who to be.
#[test]
fn the_process_of_an_agent_never_prints_it() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let mut child = program()
        .args(["--multitools", "graph"])
        .env("MULTITOOLS", "graph")
        .env("MULTITOOLS_PARENT", std::process::id().to_string())
        .stdin(OwnedFd::from(theirs))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(ours);
    let mut printed = String::new();
    let stdout = child.stdout.as_mut().unwrap();
    stdout.read_to_string(&mut printed).unwrap();
    assert_eq!(printed, "");
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
