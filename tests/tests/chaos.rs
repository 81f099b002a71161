//! A short run of the chaos suite; `CONTRIBUTING.md` says how to have a long one.

#![allow(clippy::unwrap_used, reason = "what fails in a test fails the test")]

use std::process::{Command, Stdio};

fn a_few_runs(transport: &str) {
    let mut chaos = Command::new(env!("CARGO_BIN_EXE_chaos"));
    chaos.args(["--seconds", "4", "--seed", "1", "--transport", transport]);
    let ended = chaos.stdin(Stdio::null()).output().unwrap();
    let out = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{out}");
    assert!(out.contains("losses: none"), "{out}");
}

#[test]
fn every_message_is_begun_or_given_back_or_reported_under_faults() {
    a_few_runs("memory");
}

#[test]
fn every_message_is_begun_or_given_back_or_reported_under_faults_over_sockets() {
    a_few_runs("socket");
}
