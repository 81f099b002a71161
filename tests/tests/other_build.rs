//! A process of another build is refused before it runs anything, as real processes of two programs.

#![allow(clippy::unwrap_used)] // in a test that is how to fail

use std::process::{Command, Output};

fn run(other: Option<&str>) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_one_build"));
    if let Some(other) = other {
        command.env("OTHER_BUILD", other);
    }
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.success(), text(stdout), text(stderr))
}

#[test]
fn a_process_of_another_build_is_refused_with_the_type_that_differs() {
    let (succeeded, printed, told) = run(Some(env!("CARGO_BIN_EXE_other_build")));
    assert!(!succeeded && printed.is_empty(), "{printed}{told}");
    let reason =
        "its process runs another build of the program: message `builds.Word` has another shape";
    assert!(told.contains(reason), "{told}");
}

#[test]
fn a_process_of_the_same_build_is_not() {
    let spoken = (true, "Word { number: 1 }\n".to_owned(), String::new());
    assert_eq!(run(None), spoken.clone());
    assert_eq!(run(Some(env!("CARGO_BIN_EXE_one_build"))), spoken);
}
