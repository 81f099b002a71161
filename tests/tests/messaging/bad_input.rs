//! What people are told who get something wrong: whole programs and their words.

use std::process::{Command, Output};

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(program: &str) -> std::io::Result<Said> {
    Command::new(program).output().map(|output| said(&output))
}

fn said(output: &Output) -> Said {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said {
        code: output.status.code(),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

#[test]
fn r09_two_message_types_of_one_stable_name_are_refused_before_anything_runs() {
    let said = run(env!("CARGO_BIN_EXE_same_message_name")).unwrap();
    assert_eq!(said.code, Some(1));
    assert_eq!(said.out, "");
    assert_eq!(
        said.err,
        "Error: two message types have the stable name `weather`:\n  tests/src/bin/same_message_name.rs:5\n  tests/src/bin/same_message_name.rs:9\ngive one of them `#[message(name = \"...\")]`\n"
    );
}

#[test]
fn two_agents_that_cannot_be_told_apart_are_refused_before_anything_runs() {
    let said = run(env!("CARGO_BIN_EXE_same_agent")).unwrap();
    assert_eq!(said.code, Some(1));
    assert_eq!(said.out, "");
    let place = "tests/src/bin/same_agent.rs:23:1";
    assert_eq!(
        said.err,
        format!(
            "Error: two agents or processes are both `same_agent::Worker`:\n  {place}\n  {place}\nput one of them into another module\n"
        )
    );
}

#[test]
fn there_is_nothing_to_run() {
    let said = run(env!("CARGO_BIN_EXE_nothing_to_run")).unwrap();
    assert_eq!(said.code, Some(1));
    assert_eq!(said.out, "");
    assert_eq!(
        said.err,
        "Error: there is no agent to run: pass agents to `run!(..)`, or give at least one `#[agent]` of the program a `Default` and do not mark it `manual`; agents of a library crate are found only if the program refers to the crate (`use the_crate as _;`)\n"
    );
}

#[test]
fn an_agent_has_no_default() {
    let said = run(env!("CARGO_BIN_EXE_no_default")).unwrap();
    assert_eq!(said.code, Some(1));
    assert_eq!(said.out, "");
    assert_eq!(
        said.err,
        "Error: `run!()` cannot make `no_default::One` (tests/src/bin/no_default.rs:7:1), `no_default::Two` (tests/src/bin/no_default.rs:14:1): give it a `Default`, mark it `manual`, or pass it to `run!(..)`\n"
    );
}

#[test]
fn the_fields_of_an_agent_cannot_be_encoded() {
    let said = run(env!("CARGO_BIN_EXE_no_encoding")).unwrap();
    assert_eq!(said.code, Some(1));
    assert_eq!(said.out, "");
    assert_eq!(
        said.err,
        "Error: the fields of agent `no_encoding::Secretive` cannot be sent to its process: `no_encoding::Secretive` cannot be encoded: not for others\n"
    );
}

#[test]
fn an_agent_sends_what_nobody_takes_and_the_run_succeeds() {
    let said = run(env!("CARGO_BIN_EXE_bad_messages")).unwrap();
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(
        said.out,
        "nobody to send `multitools.StringMessage` to: no running agent is named `nobody`\n\
         no running agent listens to `multitools.StringMessage` or a supertype of it\n\
         agent `short` (#1) has ended; `multitools.StringMessage` was not sent to it\n\
         `multitools.StringMessage` takes 101 bytes, more than the 100 a message may have; raise it with `Supervisor::message_limit`\n\
         `bad_messages::Secretive` cannot be encoded: not for others\n"
    );
    let mut lines: Vec<&str> = said.err.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "multitools: agent `main` sent the supervisor StringMessage { text: \"hello\" } at tests/src/bin/bad_messages.rs:56:26, and there is no `on_object` handler",
            "multitools: agent `server` has no handler for `multitools.StringMessage` from `main`, sent at tests/src/bin/bad_messages.rs:62:13",
        ]
    );
}
