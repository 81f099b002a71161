//! Every program of the guide prints what the guide says, and ends as it says.

#[path = "guide/ended.rs"]
mod ended;

use ended::{Ended, Input};
use std::process::Command;

/// A program of the guide by the name of its chapter.
macro_rules! program {
    ($chapter:literal) => {
        Command::new(env!(concat!("CARGO_BIN_EXE_guide_", $chapter)))
    };
}

#[path = "guide/lives.rs"]
mod lives;

#[test]
fn every_program_has_a_test_and_a_place_in_the_guide() {
    let tests = concat!(include_str!("guide.rs"), include_str!("guide/lives.rs"));
    let guide = include_str!("../../docs/guide.md");
    let mut programs = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/bin")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let chapter = name
            .strip_prefix("guide_")
            .and_then(|name| name.strip_suffix(".rs"));
        if let Some(chapter) = chapter {
            let start = format!("program!(\"{chapter}\")");
            assert!(tests.contains(&start), "{name} has no test");
            let mention = format!("*Program: `guide_{chapter}`.*");
            assert!(guide.contains(&mention), "{name} is not in the guide");
            programs += 1;
        }
    }
    assert!(programs > 0);
}

#[test]
fn functions() {
    Ended::of(program!("functions")).quietly().printed(&[
        "called here: 6",
        "in shared memory: 7006652",
        "returned: 7006652",
        "counted by three: 3000",
    ]);
}

#[test]
fn classes() {
    Ended::of(program!("classes"))
        .quietly()
        .printed(&["1 + 4 + 9 = 14", "16 + 25 + 36 = 77"]);
}

#[test]
fn process_list() {
    Ended::of(program!("process_list")).quietly().printed(&[
        "1522756 459684 HELLO",
        "before the start, alive: false",
        "cat goes on",
        "meanwhile, alive: true",
        "cat ended with signal: 15 (SIGTERM)",
        "afterwards, alive: false",
    ]);
}

#[test]
fn op() {
    Ended::of(program!("op")).quietly().printed(&[
        "hello",
        "47 / 5 = 9, remainder 2",
        "parsed 1234",
    ]);
}

#[test]
fn supervisor() {
    let ended = Ended::of(program!("supervisor"))
        .successfully()
        .printed_in_any_order(&[
            "1 squared is 1",
            "2 squared is 4",
            "3 squared is 9",
            "the sum is 14",
            "4 squared is 16",
            "hello from a command",
            "hello from another",
        ])
        .printed_in_order(&[
            "the sum is 14",
            "hello from a command",
            "hello from another",
        ]);
    assert_eq!(
        ended.stderr,
        "multitools: `echo` is no agent: it takes no messages \
         (`warn_of_commands(false)` silences this)\n"
    );
}

#[test]
fn names() {
    Ended::of(program!("names"))
        .quietly()
        .printed_in_any_order(&[
            "Worker: 2",
            "Foreman: 1",
            "Helper: 1",
            "Ghost: 0",
            "I am Roll call",
            "Foreman got a letter",
            "Ghost got a wink, named: false",
        ]);
}

#[test]
fn print() {
    Ended::of(program!("print"))
        .quietly()
        .printed_in_any_order(&[
            "a1",
            "a2",
            "a3",
            "b1",
            "b2",
            "b3",
            "CAUGHT c1",
            "CAUGHT c2",
            "2 lines caught",
        ])
        .printed_in_order(&["a1", "a2", "a3", "CAUGHT c1", "CAUGHT c2", "2 lines caught"])
        .printed_in_order(&["b1", "b2", "b3", "CAUGHT c1"]);
}

#[test]
fn objects() {
    let ended = Ended::of(program!("objects")).successfully().printed(&[
        "Progress { percent: 50 }",
        "Progress { percent: 100 }",
        "got to 100 %",
        "the run has gone on",
    ]);
    let unclaimed = |percent| {
        format!(
            "multitools: agent `Worker` sent the supervisor Progress {{ percent: {percent} }} at \
             examples/src/bin/guide_objects.rs:22:17, and there is no `on_object` handler\n"
        )
    };
    assert_eq!(ended.stderr, unclaimed(50) + &unclaimed(100));
}

#[test]
fn ids() {
    Ended::of(program!("ids"))
        .quietly()
        .printed_in_any_order(&[
            "Agent two: to the set of ids",
            "Agent two: to one id",
            "Agent two: to the name",
            "Agent three: 0 ids",
            "Agent three has not come",
        ])
        .printed_in_order(&[
            "Agent two: to the set of ids",
            "Agent two: to one id",
            "Agent two: to the name",
        ]);
}

#[test]
fn send_all() {
    Ended::of(program!("send_all"))
        .quietly()
        .printed_in_any_order(&[
            "bricks for 3",
            "worker 1 got bricks",
            "worker 2 got bricks",
            "worker 3 got bricks",
            "mortar for 2",
            "worker 2 got mortar",
            "worker 3 got mortar",
            "nobody to send `multitools.StringMessage` to: no running agent is named `Architect`",
        ])
        .printed_in_order(&["worker 3 got bricks", "worker 3 got mortar"]);
}

#[test]
fn next_message() {
    Ended::of(program!("next_message")).quietly().printed(&[
        "a text: Agent two signing in",
        "something else: FileMessage { path: \"notes.txt\" }",
        "nothing more",
    ]);
}

#[test]
fn handlers() {
    Ended::of(program!("handlers"))
        .quietly()
        .printed_in_any_order(&[
            "first three: Number { value: 1 }",
            "first three: Number { value: 2 }",
            "first three: Number { value: 3 }",
            "the sum is 6",
            "nothing comes after the end",
            "echo: hello",
        ])
        .printed_in_order(&["the sum is 6", "nothing comes after the end"]);
}

#[test]
fn resident() {
    Ended::of(program!("resident"))
        .quietly()
        .printed(&["closing after 5 letters", "5 letters in all"]);
}

#[test]
fn broadcast() {
    Ended::of(program!("broadcast"))
        .quietly()
        .printed_in_any_order(&[
            "left heard: hear ye",
            "right heard: hear ye",
            "cried to 3",
            "the crier heard: hear ye",
        ]);
}

#[test]
fn listeners() {
    Ended::of(program!("listeners"))
        .quietly()
        .printed_in_any_order(&[
            "reader: weather: fine",
            "reader: dog bites man",
            "collector: dog bites man (page 1)",
            "sent to 1, overheard by 1",
            "archive: yesterday's paper",
            "reader: yesterday's paper",
            "no running agent listens to `multitools.FileMessage` or a supertype of it",
        ])
        .printed_in_order(&[
            "reader: weather: fine",
            "reader: dog bites man",
            "reader: yesterday's paper",
        ]);
}

#[test]
fn loggers() {
    let progress = [
        "from 0 % to 25 %",
        "from 25 % to 50 %",
        "from 50 % to 75 %",
        "from 75 % to 100 %",
    ];
    let debug = [
        "Worker: Step { done: 1, of: 4 }",
        "Worker: Step { done: 2, of: 4 }",
        "Worker: Step { done: 3, of: 4 }",
        "Worker: Step { done: 4, of: 4 }",
    ];
    Ended::of(program!("loggers"))
        .quietly()
        .printed_in_any_order(&[progress, debug].concat())
        .printed_in_order(&progress)
        .printed_in_order(&debug);
}

/// What the quiz prints. A terminal would show the answer and the end of its line behind a question;
/// here nobody has typed, so what comes next may stand there or below.
fn quiz(input: &Input) -> String {
    let ended = Ended::with(program!("input"), input).quietly();
    ended.stdout.replace("? \n", "? ")
}

#[test]
fn input() {
    let asked = "[Quiz] What is your name? Be quick, Ada.\n[Quiz] What is 6 times 7? ";
    let right = quiz(&Input::Ends("Ada\n42\n"));
    assert_eq!(right, format!("{asked}Right!\n"));
    let wrong = quiz(&Input::Ends("Ada\n41\n"));
    assert_eq!(wrong, format!("{asked}Another time.\n"));
}

#[test]
fn input_that_does_not_come() {
    let asked = "[Quiz] What is your name? Be quick, Ada.\n[Quiz] What is 6 times 7? ";
    let late = quiz(&Input::Stays("Ada\n"));
    assert_eq!(late, format!("{asked}Too late.\nAnother time.\n"));
    let nobody = quiz(&Input::Ends(""));
    assert_eq!(
        nobody,
        "[Quiz] What is your name? Nobody is there.\nAnother time.\n"
    );
}

#[test]
fn exceptions() {
    let ended = Ended::of(program!("exceptions")).printed(&[
        "REPORT Archive",
        "Archive panicked: index out of bounds: the len is 1 but the index is 3",
    ]);
    assert_eq!(ended.status.code(), Some(1));
    let report: Vec<&str> = ended.stderr.lines().collect();
    let [failure, process, handling, error] = report[..] else {
        panic!("{}", ended.stderr);
    };
    let headline = "agent `Parser` failed: invalid digit found in string";
    assert_eq!(failure, format!("multitools: {headline}"));
    assert!(process.starts_with("  id #0, process "), "{process}");
    let place = "  while handling `multitools.StringMessage` from `Sender`, sent at ";
    assert!(handling.starts_with(place), "{handling}");
    assert!(handling.contains("guide_exceptions.rs:"), "{handling}");
    assert_eq!(error, format!("Error: {headline}"));
}

#[test]
fn finish() {
    Ended::of(program!("finish")).quietly().printed(&[
        "at work",
        "finished",
        "at work",
        "agent `Worker` failed: out of bricks",
        "finished all the same",
        "failed: true",
    ]);
}

#[test]
fn message_types() {
    Ended::of(program!("message_types"))
        .quietly()
        .printed_in_any_order(&[
            "Descartes writes: I think, therefore I am",
            "text: I think, therefore I am",
            "file: notes.txt",
            "circle of radius 2",
            "square of side 3",
            "shape: Point",
            "line: one line",
            "line: and another",
        ])
        .printed_in_order(&["text: I think, therefore I am", "line: and another"]);
}

#[test]
fn requests() {
    let ended = Ended::of(program!("requests")).successfully().printed(&[
        "Calculator: 42",
        "Calculator: failed: -1 has no root",
        "Poet: no handler answers that",
        "Thinker: no answer in time",
        "Thinker: ended without an answer",
        "Calculator: 1.5",
    ]);
    let notice =
        "multitools: agent `Poet` has no handler for `guide_requests::Root` from `Student`";
    assert!(ended.stderr.starts_with(notice), "{}", ended.stderr);
    assert_eq!(ended.stderr.lines().count(), 1);
}

/// The chapter on tests: in a doctest, a test is not run.
mod tests_chapter {
    use multitools::process;

    #[process]
    fn multiply(one: i64, two: i64) -> i64 {
        one * two
    }

    #[multitools::test]
    fn multiplies() -> Result<(), multitools::RunError> {
        let (product,) = multitools::run!(multiply::with(6, 7))?;
        assert_eq!(product, 42);
        assert_eq!(product, multiply(6, 7));
        Ok(())
    }
}

#[test]
fn sends() {
    Ended::of(program!("sends"))
        .quietly()
        .printed(&["1 cups", "3 cups", "6 cups", "12 coins"]);
}
