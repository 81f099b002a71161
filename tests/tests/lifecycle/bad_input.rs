//! Programs that begin badly, or oddly.

use super::PROGRAM;
use multitools_tests::lifecycle::Program;
use std::process::Command;

/// What is said of a process that has not come up.
const BEFORE_RUN: &str = "what `main` does before runs in every agent's process, where the standard input is the \
                          line to the supervisor and cannot be read";

#[test]
fn a_child_that_ends_before_it_comes_up_is_reported_clearly() {
    let temporary = tempfile::tempdir().unwrap();
    let lock = temporary.path().join("lock");
    let finished = Program::run(PROGRAM, &["quit", lock.to_str().unwrap()]).finish();
    assert_eq!(finished.status.code(), Some(1));
    let told = format!(
        "agent `nothing` never came up: its process ended (exit status: 4) before it reached \
         `run!` or `multitools::init()`; {BEFORE_RUN}\n"
    );
    assert!(
        finished.err.ends_with(&format!("Error: {told}")),
        "{}",
        finished.err
    );
    assert!(
        finished.err.contains(&format!("multitools: {told}")),
        "{}",
        finished.err
    );
    assert!(finished.out.contains("it runs already"), "{}", finished.out);
}

#[test]
fn a_child_that_is_killed_before_it_comes_up_is_reported_clearly() {
    let temporary = tempfile::tempdir().unwrap();
    let lock = temporary.path().join("lock");
    let finished = Program::run(PROGRAM, &["quit", lock.to_str().unwrap(), "abort"]).finish();
    assert_eq!(finished.status.code(), Some(1));
    let line = finished.err.lines().last().unwrap_or_default();
    let told = "Error: agent `nothing` never came up: its process was killed by SIGABRT (signal 6)";
    assert!(line.starts_with(told), "{line}");
    let told = format!(" before it reached `run!` or `multitools::init()`; {BEFORE_RUN}");
    assert!(line.ends_with(&told), "{line}");
}

#[test]
fn a_child_that_does_not_come_up_in_time_is_reported_clearly() {
    let mut program = Program::run(PROGRAM, &["hang"]);
    program.end_input();
    let finished = program.finish();
    assert_eq!(finished.status.code(), Some(1));
    let told = format!(
        "Error: agent `nothing` never came up: its process did not reach `run!` or \
         `multitools::init()` within 300ms; {BEFORE_RUN}\n"
    );
    assert!(finished.err.ends_with(&told), "{}", finished.err);
}

#[test]
fn what_stands_before_the_run_is_done_in_every_process_and_what_comes_after_in_one() {
    let finished = Program::run(PROGRAM, &["before"]).finish();
    assert!(finished.status.success(), "{finished:?}");
    assert_eq!(finished.out.matches("before the run\n").count(), 3);
    assert_eq!(finished.out.matches("after the run\n").count(), 1);
    assert_eq!(finished.err, "");
}

#[test]
fn agents_are_given_the_arguments_of_the_program() {
    let arguments = ["arguments", "--two words", "", "ünï", "-x=1"];
    let finished = Program::run(PROGRAM, &arguments).finish();
    let expected: Vec<&str> = [PROGRAM].into_iter().chain(arguments).collect();
    assert_eq!(finished.out, format!("{expected:?}\n"));
    assert!(finished.status.success(), "{finished:?}");
}

#[test]
fn an_agent_may_be_a_supervisor_itself() {
    let finished = Program::run(PROGRAM, &["nested"]).finish();
    assert_eq!(finished.out, "inner Ok(()), sum 82\n", "{finished:?}");
    assert!(finished.status.success());
}

#[test]
fn agents_run_the_program_that_started_them_though_its_file_is_replaced_or_gone() {
    for replaced in [true, false] {
        let temporary = tempfile::tempdir().unwrap();
        let file = temporary.path().join("program");
        std::fs::copy(PROGRAM, &file).unwrap();
        let mut program = Program::start(Command::new(&file).arg("replaced"));
        program.wait_for("waits");
        std::fs::remove_file(&file).unwrap();
        if replaced {
            std::fs::write(&file, "no program at all").unwrap();
        }
        program.write("go\n");
        let finished = program.finish();
        assert_eq!(
            finished.out, "waits\none 8, inner Ok(()), sum 6\n",
            "{finished:?}"
        );
    }
}

#[test]
fn a_supervisor_takes_more_than_1024_descriptors() {
    let finished = Program::run(PROGRAM, &["descriptors"]).finish();
    assert_eq!(
        finished.out, "sum 132 with 1000 files open\n",
        "{finished:?}"
    );
}

#[test]
fn programs_that_an_agent_starts_are_not_taken_for_agents() {
    let finished = Program::run(PROGRAM, &["own-children"]).finish();
    let lines: Vec<&str> = finished.out.lines().collect();
    let expected = |way| format!("{way}: exit status: 0 [\"/proc/self/exe\", \"arguments\"]");
    assert_eq!(lines, ["inherited", "null"].map(expected), "{finished:?}");
}

#[test]
fn an_agent_that_reads_its_standard_input_finds_the_end() {
    let mut program = Program::run(PROGRAM, &["own-input"]);
    program.write("this is for the supervisor\n");
    let finished = program.finish();
    assert_eq!(finished.out, "the agent reads 0\n", "{finished:?}");
}

/// Without `multitools::init()` a child comes to start children of its own.
#[test]
fn a_program_that_forgets_init_says_so_and_does_not_multiply() {
    for program in ["forgets-init", "forgets-init-for-a-list"] {
        let finished = Program::run(PROGRAM, &[program]).finish();
        assert_eq!(finished.status.code(), Some(1));
        let told = "this process was itself started to become an agent, and nothing has made it one: \
                    put `#[multitools::main]` on `main`";
        let lines = finished.err.lines();
        let times = lines
            .filter(|line| line.starts_with("Error: ") && line.contains(told))
            .count();
        assert_eq!(times, 1, "{finished:?}");
    }
}

/// An agent's children write faster than the supervisor reads, also those that have left its group.
#[test]
fn what_an_agent_has_started_cannot_hold_up_its_end() {
    for command in [
        &["leave-noise", "yes"][..],
        &["leave-noise", "setsid", "yes"],
    ] {
        let finished = Program::run(PROGRAM, command).finish();
        assert!(finished.status.success(), "{:?}", finished.status);
        assert_eq!(finished.out, "all are gone\n");
    }
}

#[test]
fn an_agent_that_begins_a_word_without_end_fails() {
    let finished = Program::run(PROGRAM, &["gibberish", "without-end"]).finish();
    assert_eq!(finished.status.code(), Some(1));
    let told = "Error: agent `Babbles` failed: what it wrote to its supervisor is no word: a word of \
                4294967295 bytes, where 67108864 is the limit\n";
    assert!(finished.err.ends_with(told), "{}", finished.err);
}

#[test]
fn an_agent_whose_result_is_too_large_fails_and_says_so() {
    let finished = Program::run(PROGRAM, &["large-result"]).finish();
    assert_eq!(finished.status.code(), Some(1));
    let told = "Error: agent `Returns` failed: its result has 68157445 bytes, where 67043328 is the \
                limit: `message_limit` raises it\n";
    assert!(finished.err.ends_with(told), "{}", finished.err);
}

#[test]
fn an_agent_that_speaks_gibberish_to_its_supervisor_fails() {
    let finished = Program::run(PROGRAM, &["gibberish"]).finish();
    assert_eq!(finished.status.code(), Some(1));
    let told = "Error: agent `Babbles` failed: what it wrote to its supervisor is no word: ";
    let last = finished.err.lines().last().unwrap_or_default();
    assert!(last.starts_with(told), "{}", finished.err);
}

#[test]
fn a_limit_of_the_size_of_files_that_nothing_can_be_started_below_is_an_error() {
    let mut command = Command::new("sh");
    command.args(["-c", r#"ulimit -f 100; exec "$0" end-twice"#, PROGRAM]);
    let finished = Program::start(&mut command).finish();
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    let told = "Error: agent `nothing` could not be started: file too large; memory that processes share \
                counts as a file, of 64 MiB and more: raise the limit of its size (`ulimit -f`)\n";
    assert!(finished.err.ends_with(told), "{finished:?}");
}

/// How many agents can be started under a limit of descriptors, as the error of the next one says.
fn started_with(descriptors: u32) -> usize {
    let mut command = Command::new("sh");
    let script = format!("ulimit -n {descriptors}; exec \"$0\" thirty");
    let finished = Program::start(command.args(["-c", &script, PROGRAM])).finish();
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    let told = finished.err.trim_end().strip_suffix(
        " (lifecycle::starts::Anonymous)` could not be started: Too many open files (os error 24); an agent takes 4 descriptors of the process \
         that starts it: raise their hard limit (`ulimit -Hn`)",
    );
    let number = told.and_then(|told| told.rsplit('#').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("{finished:?}"))
}

#[test]
fn for_want_of_descriptors_what_an_agent_takes_of_them_is_told_and_true() {
    assert_eq!(started_with(100), started_with(60) + 10);
}

#[test]
fn r13_how_a_process_has_ended_is_known_where_the_program_was_started_with_sigchld_ignored() {
    for (how, told) in [
        ("signal-6", "agent `Fails` was killed by SIGABRT (signal 6)"),
        ("exit-7", "agent `Fails` ended its process with exit code 7"),
    ] {
        let mut command = Command::new("env");
        command.args(["--ignore-signal=CHLD", PROGRAM, "fail", how]);
        let finished = Program::start(&mut command).finish();
        assert_eq!(finished.status.code(), Some(1), "{finished:?}");
        assert!(finished.err.contains(told), "{finished:?}");
    }
}

#[test]
fn r13_a_process_that_somebody_else_has_waited_for_is_not_taken_for_one_that_ended_well() {
    let finished = Program::run(PROGRAM, &["wait-for-any"]).finish();
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    let told = "multitools: agent `sh` failed: how its process has ended is not known:";
    assert!(finished.err.contains(told), "{finished:?}");
}
