//! R13: what a report says of each way to end, in words and in JSON, and where it has colours.

use super::{IN_TERMINAL, PROGRAM};
use multitools_tests::lifecycle::{Finished, Program, Terminal};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const DOSE: &str = "lifecycle::reports::Dose";
const ADVICE: &str = "lifecycle::reports::Advice";

/// The lines of JSON that a program writes whose agent ends like that.
fn records(how: &str) -> (Vec<Value>, Finished) {
    let mut command = Command::new(PROGRAM);
    command.args(["report", how]);
    records_of(&mut command)
}

fn records_of(command: &mut Command) -> (Vec<Value>, Finished) {
    command
        .env("MULTITOOLS_REPORT", "json")
        .env_remove("RUST_BACKTRACE");
    let finished = Program::start(command).finish();
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    let ours = finished
        .err
        .lines()
        .filter(|line| line.starts_with(r#"{"multitools":"#));
    let records = ours.map(|line| serde_json::from_str(line).unwrap());
    (records.collect(), finished)
}

/// The report of an agent that has ended like that, after what does not depend on how.
fn failure(how: &str) -> (Value, Finished) {
    let (records, finished) = records(how);
    check(&records, &finished);
    (records[1].clone(), finished)
}

fn check(records: &[Value], finished: &Finished) {
    let [notice, failure] = records else {
        panic!("{finished:?}");
    };
    assert_eq!(notice["multitools"], "notice");
    assert_eq!(notice["kind"], "unhandled");
    assert_eq!(notice["message"], ADVICE);
    assert_eq!(failure["multitools"], "failure");
    assert_eq!(failure["agent"], "Patient");
    assert_eq!(failure["id"]["slot"], 0);
    assert_eq!(failure["restarts"], 0);
    assert!(failure["pid"].as_u64() > Some(1));
    let place = finished.out.lines().find_map(|line| {
        let place = line.strip_prefix("sent-at ")?;
        Some(place.to_owned())
    });
    let handling = &failure["handling"];
    assert_eq!(handling["message"], DOSE);
    assert_eq!(handling["sender"], "Doctor");
    let sent_at = handling["sent_at"].as_str().unwrap();
    assert!(sent_at.starts_with(&place.unwrap()), "{sent_at}");
    let lost = |message, count| json!({"sender": "Doctor", "message": message, "count": count});
    assert_eq!(
        failure["undelivered"],
        json!([lost(DOSE, 3), lost(ADVICE, 1)])
    );
    assert_eq!(failure["stderr"][0], "dose 1 does not agree");
}

fn signal(number: i32, name: &str, core_dumped: bool) -> Value {
    json!({"kind": "signal", "number": number, "name": name, "core_dumped": core_dumped})
}

/// Of an end by a signal after which the system may leave a core or not.
fn check_signal(failure: &Value, number: i32, name: &str) {
    let dumped = failure["cause"]["core_dumped"].as_bool().unwrap();
    assert_eq!(failure["cause"], signal(number, name, dumped));
}

#[test]
fn r13_a_panic() {
    let (failure, finished) = failure("panic");
    assert_eq!(failure["cause"]["kind"], "panic");
    assert_eq!(
        failure["cause"]["text"],
        "it hurts\nin \"two\" \u{1b}[31mlines"
    );
    let location = failure["cause"]["location"].as_str().unwrap();
    assert!(location.starts_with("tests/src/bin/lifecycle/reports.rs:"));
    assert_eq!(failure["perhaps"], Value::Null);
    assert_eq!(failure["stderr"].as_array().unwrap().len(), 1);
    // What `main` returns is one line, too.
    let last = format!(
        "Error: agent `Patient` panicked at {location}: it hurts in \"two\" \u{1b}[31mlines\n"
    );
    assert!(finished.err.ends_with(&last), "{}", finished.err);
    assert_eq!(finished.err.lines().count(), 4, "{}", finished.err);
}

#[test]
fn r13_a_panic_while_another_unwinds() {
    let (failure, _) = failure("double-panic");
    let text = failure["cause"]["text"].as_str().unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "it hurts");
    let place = "while this unwound, another at tests/src/bin/lifecycle/reports.rs:";
    assert!(lines[1].starts_with(place), "{text}");
    assert!(lines[1].ends_with(": it hurts more"), "{text}");
    let aborted = "the process aborted: panic in a destructor during cleanup";
    assert_eq!(lines[2..], [aborted]);
    assert_eq!(failure["cause"]["kind"], "panic");
}

#[test]
fn r13_a_panic_that_cannot_unwind() {
    let (failure, _) = failure("panic-in-c");
    let text = "it hurts in C\nthe process aborted: panic in a function that cannot unwind";
    assert_eq!(failure["cause"]["text"], text);
}

#[test]
fn r13_a_panic_that_was_caught_is_not_the_cause_of_an_abort() {
    let (failure, _) = failure("caught-panic-and-abort");
    check_signal(&failure, 6, "SIGABRT");
}

#[test]
fn r13_an_error() {
    let (failure, finished) = failure("error");
    let cause = json!({"kind": "error", "text": "will not\nreally", "location": null});
    assert_eq!(failure["cause"], cause);
    assert!(
        failure["text"]
            .as_str()
            .unwrap()
            .starts_with("agent `Patient` failed: will not\n    really\n  id #0, process ")
    );
    let last = "Error: agent `Patient` failed: will not really\n";
    assert!(finished.err.ends_with(last), "{}", finished.err);
}

#[test]
fn r13_an_exit_code() {
    let cause = json!({"kind": "exit", "code": 7});
    assert_eq!(failure("exit").0["cause"], cause);
}

#[test]
fn r13_signals() {
    let (failure, _) = failure("kill");
    assert_eq!(failure["cause"], signal(9, "SIGKILL", false));
    let (failure, _) = self::failure("segv");
    check_signal(&failure, 11, "SIGSEGV");
    assert_eq!(failure["perhaps"], Value::Null);
}

#[test]
fn r13_an_abort() {
    let (failure, _) = failure("abort");
    check_signal(&failure, 6, "SIGABRT");
    assert_eq!(failure["perhaps"], Value::Null);
}

#[test]
fn r13_an_overflow_of_the_stack() {
    let (failure, _) = failure("overflow");
    check_signal(&failure, 6, "SIGABRT");
    assert_eq!(failure["perhaps"], json!({"kind": "stack_overflow"}));
    let text = failure["text"].as_str().unwrap();
    assert!(
        text.contains("\n  perhaps an overflow of its stack"),
        "{text}"
    );
}

#[test]
fn r13_memory_that_is_refused() {
    let (failure, _) = failure("no-memory");
    check_signal(&failure, 6, "SIGABRT");
    assert_eq!(failure["perhaps"], json!({"kind": "allocation_failed"}));
}

/// A control group with a limit of its memory.
struct Group(PathBuf);

impl Group {
    /// `None` where this user may not make one.
    fn with_limit(bytes: u64) -> Option<Group> {
        let name = format!("multitools-r13-{}", std::process::id());
        let kinds = [
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            ("/sys/fs/cgroup", "memory.max"),
        ];
        kinds.iter().find_map(|(mount, limit)| {
            let group = PathBuf::from(mount).join(&name);
            fs::create_dir(&group).ok()?;
            let group = Group(group);
            // Without the controller there is no such file, and none can be made.
            fs::write(group.0.join(limit), bytes.to_string()).ok()?;
            let _ = fs::write(group.0.join("memory.swap.max"), "0");
            Some(group)
        })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

/// On a machine where this user may limit the memory of a group. The rest of the rule is tested with files
/// like the kernel's, in `sys/memory_kills.rs`.
#[test]
fn r13_a_kill_for_want_of_memory() {
    let Some(group) = Group::with_limit(96 << 20) else {
        eprintln!("not tested: this user may not make a control group with a limit");
        return;
    };
    let mut command = Command::new("sh");
    let enter = r#"echo $$ >"$0/cgroup.procs" && exec "$@""#;
    command.args(["-c", enter]).arg(&group.0);
    let (records, finished) = records_of(command.args([PROGRAM, "report", "eat"]));
    check(&records, &finished);
    assert_eq!(records[1]["cause"], signal(9, "SIGKILL", false));
    let perhaps = json!({"kind": "killed_for_memory", "killed": 1, "of_group": true});
    assert_eq!(records[1]["perhaps"], perhaps);
    let text = records[1]["text"].as_str().unwrap();
    assert!(
        text.contains("\n  perhaps killed for want of memory: "),
        "{text}"
    );
}

#[test]
fn r13_a_value_that_asks_for_nothing_known_is_told_once() {
    let reports = "multitools: MULTITOOLS_REPORT is `jsno`, which is neither `json` nor `text`: reports are text\n";
    let transport = "multitools: MULTITOOLS_TRANSPORT is `scoket`, which is neither `socket` nor `memory`: messages travel through shared memory\n";
    for (variable, choice, told) in [
        ("MULTITOOLS_REPORT", "jsno", reports),
        ("MULTITOOLS_REPORT", "text", ""),
        ("MULTITOOLS_REPORT", "", ""),
        ("MULTITOOLS_TRANSPORT", "scoket", transport),
        ("MULTITOOLS_TRANSPORT", "socket", ""),
        ("MULTITOOLS_TRANSPORT", "memory", ""),
        ("MULTITOOLS_TRANSPORT", "", ""),
    ] {
        let mut command = Command::new(PROGRAM);
        command.arg("end-twice").env(variable, choice);
        let finished = Program::start(&mut command).finish();
        assert_eq!(finished.err, told, "{finished:?}");
    }
}

/// A limit for the size of files is one for that of shared memory.
#[test]
fn r13_that_there_is_no_shared_memory_is_told_for_each_run_that_wants_it() {
    let notices = |transport: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -f 1000000 && exec \"$0\" end-twice", PROGRAM]);
        let command = command.env("MULTITOOLS_REPORT", "json");
        let finished = Program::start(command.env("MULTITOOLS_TRANSPORT", transport)).finish();
        assert!(finished.status.success(), "{finished:?}");
        let parse = |line: &str| serde_json::from_str::<Value>(line).unwrap();
        finished.err.lines().map(parse).collect::<Vec<_>>()
    };
    let text = "no shared memory for this run (file too large): messages travel over sockets, and no mailbox is kept for an agent that is started again";
    let notice = json!({
        "multitools": "notice", "text": text, "kind": "no_shared_memory", "reason": "file too large",
    });
    assert_eq!(notices("memory"), [notice.clone(), notice]);
    assert_eq!(notices("socket"), [Value::Null; 0]);
}

#[test]
fn r13_handlers_are_called_whatever_the_environment_asks_for() {
    let mut command = Command::new(PROGRAM);
    command.arg("report-to-handlers");
    let (records, finished) = records_of(&mut command);
    assert_eq!(records, [Value::Null; 0]);
    assert!(finished.out.contains("notice: agent `Patient` has no"));
    assert!(
        finished
            .out
            .contains("failure: agent `Patient` failed: will not\n")
    );
}

/// What a screen shows, or a pipe takes, with these words before the program.
fn in_a_terminal(environment: &[&str]) -> String {
    let arguments = [&["env"], CLEAN, environment, &[PROGRAM, "report", "panic"]].concat();
    Terminal::start(IN_TERMINAL, &arguments).finish().1
}

fn in_a_pipe(environment: &[&str]) -> String {
    let mut command = Command::new("env");
    command.args(CLEAN).args(environment);
    Program::start(command.args([PROGRAM, "report", "panic"]))
        .finish()
        .err
}

const CLEAN: &[&str] = &[
    "-u",
    "NO_COLOR",
    "-u",
    "CLICOLOR",
    "-u",
    "CLICOLOR_FORCE",
    "-u",
    "CI",
    "TERM=xterm",
];
const RED: &str =
    "\u{1b}[1m\u{1b}[31mmultitools:\u{1b}[0m agent \u{1b}[1m`Patient`\u{1b}[0m panicked";
const YELLOW: &str =
    "\u{1b}[1m\u{1b}[33mmultitools:\u{1b}[0m agent \u{1b}[1m`Patient`\u{1b}[0m has";
const BARE: &str = "multitools: agent `Patient` panicked at ";

#[test]
fn r13_colours_are_for_terminals() {
    for (environment, coloured) in [
        (&[][..], true),
        (&["NO_COLOR=1"], false),
        (&["TERM=dumb"], false),
        (&["CLICOLOR=0"], false),
        (&["NO_COLOR=1", "CLICOLOR_FORCE=1"], false),
    ] {
        let shown = in_a_terminal(environment);
        assert_eq!(shown.contains(RED), coloured, "{environment:?}\n{shown}");
        assert_eq!(shown.contains(YELLOW), coloured, "{shown}");
        assert_eq!(shown.contains(BARE), !coloured, "{shown}");
    }
}

#[test]
fn r13_a_pipe_takes_no_colours_unless_they_are_forced() {
    for (environment, coloured) in [
        (&[][..], false),
        (&["CLICOLOR_FORCE=1"], true),
        (&["NO_COLOR=1", "CLICOLOR_FORCE=1"], false),
    ] {
        let err = in_a_pipe(environment);
        assert_eq!(err.contains(RED), coloured, "{environment:?}\n{err}");
        assert_eq!(err.contains(BARE), !coloured, "{err}");
        // Rust's own line at the end is not ours.
        let ours = err.split("Error: ").next().unwrap();
        assert_eq!(ours.contains('\u{1b}'), coloured, "{err}");
        assert!(ours.contains(r"\u{1b}[31mlines"), "{err}");
    }
}
