//! R18: what agents ask the user.

use super::{IN_TERMINAL, PROGRAM};
use multitools_tests::lifecycle::{Program, Terminal, kill};
use rustix::process::Signal;

#[test]
fn r18_prompts_queue_one_at_a_time_each_with_its_agent() {
    let names = ["ann", "bob", "cy"];
    let mut program = Program::run(PROGRAM, &["ask", "ann", "bob", "cy"]);
    let mut asked = Vec::new();
    for n in 0..names.len() {
        program.wait_until("a prompt", |program| {
            program.out().matches("your word? ").count() == n + 1
        });
        let out = program.out();
        let prompt = out.rsplit_once("your word? ").unwrap().0;
        let name = prompt.rsplit_once("[").unwrap().1;
        let name = name.strip_suffix("] ").unwrap().to_owned();
        // Only now there is something to read, so no other prompt can have been shown meanwhile.
        program.write(&format!("word {n}\n"));
        program.wait_for(&format!("{name} got Ok(\"word {n}\")"));
        asked.push(name);
    }
    asked.sort();
    assert_eq!(asked, names);
    let finished = program.finish();
    assert!(finished.status.success(), "{finished:?}");
}

#[test]
fn r18_input_typed_ahead_is_used_line_by_line() {
    let mut program = Program::run(PROGRAM, &["ask", "ann", "bob", "cy"]);
    program.write("one\ntwo\r\nthree");
    program.end_input();
    let finished = program.finish();
    for word in ["one", "two", "three"] {
        let got = format!("got Ok(\"{word}\")\n");
        assert_eq!(finished.out.matches(&got).count(), 1, "{}", finished.out);
    }
    assert_eq!(finished.out.matches("your word? ").count(), 3);
}

#[test]
fn r18_the_end_of_input_cancels_every_prompt() {
    let mut program = Program::run(PROGRAM, &["ask", "ann", "bob", "cy"]);
    program.wait_for("your word? ");
    program.write("one\n");
    program.end_input();
    let finished = program.finish();
    assert!(finished.status.success(), "{finished:?}");
    assert_eq!(finished.out.matches("got Ok(\"one\")").count(), 1);
    assert_eq!(finished.out.matches("got Err(EndOfInput)").count(), 2);
}

#[test]
fn r18_a_timeout_withdraws_a_prompt_and_the_next_one_has_its_turn() {
    let mut program = Program::run(PROGRAM, &["ask-and-end"]);
    program.wait_for("gave up: Err(Timeout(50ms))");
    program.wait_for("[last] at last? ");
    program.write("a word\n");
    let finished = program.finish();
    assert!(
        finished.out.contains("last got Ok(\"a word\")"),
        "{finished:?}"
    );
    assert!(finished.status.success());
}

#[test]
fn r18_the_end_of_an_agent_withdraws_its_prompt() {
    let mut program = Program::run(PROGRAM, &["tell-and-ask"]);
    program.wait_for(" asks. ");
    let out = program.out();
    let (prompt, _) = out.rsplit_once(" asks. ").unwrap();
    let (_, asking) = prompt.rsplit_once("] ").unwrap();
    kill(asking.parse().unwrap(), Signal::KILL);
    program.wait_for("was killed by SIGKILL");
    program.write("for the program\n");
    let finished = program.finish();
    assert_eq!(finished.out.matches(" asks. ").count(), 1, "{finished:?}");
    let read = "the program reads \"for the program\"\n";
    assert!(finished.out.ends_with(read), "{finished:?}");
}

#[test]
fn r18_messages_and_prints_go_on_while_a_prompt_waits() {
    let mut program = Program::run(PROGRAM, &["ask-while-talking"]);
    program.wait_for("[asks] your word? ");
    program.wait_for("100 echoes came back");
    program.write("enough\n");
    let finished = program.finish();
    assert!(
        finished.out.contains("asks got Ok(\"enough\")"),
        "{finished:?}"
    );
    assert!(finished.status.success());
}

#[test]
fn r18_a_line_printed_while_a_prompt_waits_is_not_mixed_with_it() {
    let mut program = Program::run(PROGRAM, &["ask-then-print"]);
    program.wait_for("and again\n");
    program.write("enough\n");
    let finished = program.finish();
    let expected = "[asks] your word? \nprinted meanwhile\nand again\nasks got Ok(\"enough\")\n";
    assert_eq!(finished.out, expected);
}

/// No terminal echoes the end of the answer, and nothing answers the prompt that is withdrawn.
#[test]
fn r18_a_line_printed_after_a_prompt_is_not_mixed_with_it() {
    let mut program = Program::run(PROGRAM, &["ask", "ann"]);
    program.write("a word\n");
    let out = program.finish().out;
    assert_eq!(out, "[ann] your word? \nann got Ok(\"a word\")\n");
    let program = Program::run(PROGRAM, &["ask-in-vain"]);
    assert_eq!(
        program.finish().out,
        "[AsksInVain] anybody? \nthe run is over\n"
    );
}

#[test]
fn r18_a_terminal_shows_no_empty_lines_after_answers() {
    let mut terminal = Terminal::start(IN_TERMINAL, &[PROGRAM, "ask", "ann"]);
    terminal.wait_for("your word? ");
    terminal.press("hello\n");
    let (_, shown) = terminal.finish();
    assert_eq!(shown, "[ann] your word? hello\nann got Ok(\"hello\")\n");
}

#[test]
fn r18_what_a_run_leaves_of_the_input_is_the_next_runs() {
    let mut program = Program::run(PROGRAM, &["ask-twice"]);
    program.write("one\ntwo\n");
    program.wait_for("ann got Ok(\"one\")");
    program.wait_for("bob got Ok(\"two\")");
    assert!(program.finish().status.success());
}

#[test]
fn r18_what_the_run_leaves_of_the_input_is_the_programs() {
    let mut program = Program::run(PROGRAM, &["ask-then-read"]);
    program.write("for the agent\nfor the program\nand more\n");
    program.end_input();
    let finished = program.finish();
    let lines: Vec<&str> = finished.out.lines().collect();
    let read = [
        "the program reads \"for the program\"",
        "the program reads \"and more\"",
    ];
    assert_eq!(lines[lines.len() - 2..], read, "{finished:?}");
}

#[test]
fn r18_a_withdrawn_prompt_leaves_the_input_to_the_program() {
    let mut program = Program::run(PROGRAM, &["ask-in-vain"]);
    program.wait_for("the run is over");
    program.write("for the program\n");
    program.end_input();
    let finished = program.finish();
    let read = "the program reads \"for the program\"\n";
    assert!(finished.out.ends_with(read), "{finished:?}");
}

#[test]
fn r18_ctrl_c_ends_a_run_that_waits_for_input() {
    let mut terminal = Terminal::start(IN_TERMINAL, &[PROGRAM, "ask", "ann", "bob"]);
    terminal.wait_for("your word? ");
    terminal.press("half a li\x03");
    let (code, shown) = terminal.finish();
    assert_eq!(code, 1);
    assert_eq!(shown.matches("got Err(Stopped)").count(), 2, "{shown}");
    assert_eq!(shown.matches("your word? ").count(), 1, "{shown}");
    assert!(shown.ends_with("\nError: interrupted\n"), "{shown}");
}

#[test]
fn r18_a_terminal_gives_whole_lines_and_its_end() {
    let mut terminal = Terminal::start(IN_TERMINAL, &[PROGRAM, "ask", "ann", "bob"]);
    terminal.wait_for("your word? ");
    terminal.press("hello\n");
    terminal.wait_for("got Ok(\"hello\")");
    terminal.press("\x04");
    terminal.wait_for("got Err(EndOfInput)");
    let (code, shown) = terminal.finish();
    assert_eq!(code, 0, "{shown}");
}
