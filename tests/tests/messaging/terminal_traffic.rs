//! R2 and R3 where somebody sits at the terminal: input passes a full mailbox, and is overheard only by
//! who names that very type.

use std::io::Write;
use std::process::{Command, Stdio};

#[test]
fn r02_r03_an_answer_passes_a_full_mailbox_and_is_overheard_by_its_very_type() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_terminal_traffic"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    input.write_all(b"one\ntwo\n").unwrap();
    drop(input);
    let output = program.wait_with_output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        out.lines().collect::<Vec<_>>(),
        [
            "[asks] first? ",
            "[asks] second? ",
            "[asks] third? ",
            "first was one",
            "second was two",
            "third was Err(EndOfInput)",
            "question first? ",
            "answer one",
            "question second? ",
            "answer two",
            "question third? ",
            "StringMessage { text: \"of its own\" }",
        ]
    );
    assert!(output.status.success());
}

#[test]
fn r18_lines_that_cannot_be_written_are_not_lost_without_a_word() {
    let full = std::fs::File::create("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_prints"))
        .stdout(full)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let lost = "multitools: what agents print is lost: No space left on device (os error 28)\n";
    assert_eq!(told, lost);
    assert!(output.status.success());
}
