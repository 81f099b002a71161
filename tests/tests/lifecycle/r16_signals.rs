//! R16, first half: Ctrl-C, SIGINT and SIGTERM.

use super::{IN_TERMINAL, PROGRAM};
use multitools_tests::lifecycle::{LONG, Program, Terminal, Watch, kill};
use rustix::process::Signal;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

const CTRL_C: &str = "\x03";
const ASKED: &str = "multitools: interrupted: all agents are asked to leave, the residents once the others have, and have 60s each time; Ctrl-C once more kills them\n";
const END: &str = "Error: interrupted\n";
const STOPPED: &str = "waits leaves: Err(Stopped)";

#[test]
fn r16_the_first_signal_asks_everybody_to_leave() {
    for signal in [Signal::INT, Signal::TERM] {
        let mut program = Program::run(PROGRAM, &["stay", "60000", "waits"]);
        program.pid_of("waits");
        program.pid_of("resident");
        program.signal(signal);
        let finished = program.finish();
        assert!(finished.out.contains(STOPPED), "{finished:?}");
        // The residents leave when the others have, as they always do.
        let last = finished.out.find("the resident has heard its last message");
        assert!(last > finished.out.find(STOPPED), "{finished:?}");
        assert!(finished.out.contains("the resident leaves"), "{finished:?}");
        assert!(finished.out.ends_with("all are gone\n"), "{finished:?}");
        assert_eq!(finished.status.code(), Some(1));
        assert_eq!(finished.err, [ASKED, END].concat());
    }
}

#[test]
fn r16_the_second_signal_kills() {
    for (first, second) in [(Signal::INT, Signal::INT), (Signal::TERM, Signal::INT)] {
        let hows = ["deaf-parks", "spins", "parent-parks", "deaf-stopped"];
        let mut command = Command::new(PROGRAM);
        let mut program = Program::start(command.args(["stay", "60000", "waits"]).args(hows));
        let mut watches = vec![Watch::new(program.pid_of("grandchild-of-parent-parks"))];
        for how in hows {
            watches.push(Watch::new(program.pid_of(how)));
        }
        program.pid_of("resident");
        kill(program.pid_of("deaf-stopped"), Signal::STOP);
        let waits = Watch::new(program.pid_of("waits"));
        program.signal(first);
        assert!(waits.gone_within(LONG));
        program.wait_for(STOPPED);
        assert!(watches.iter().all(Watch::is_alive));
        program.signal(second);
        for process in &watches {
            assert!(process.gone_within(LONG));
        }
        let finished = program.finish();
        assert_eq!(finished.status.code(), Some(1));
        let killed =
            hows.map(|how| format!("multitools: agent `{how}` has not left and is killed\n"));
        assert_eq!(finished.err, [ASKED, &killed.concat(), END].concat());
    }
}

#[test]
fn r16_who_has_joined_the_group_of_the_supervisor_is_terminated_and_killed_all_the_same() {
    let hows = ["strays-parks", "strays-deaf-parks"];
    let mut program = Program::run(PROGRAM, &["stay", "50", hows[0], hows[1]]);
    let agents = hows.map(|how| Watch::new(program.pid_of(how)));
    program.signal(Signal::INT);
    assert!(agents.iter().all(|agent| agent.gone_within(LONG)));
    let finished = program.finish();
    assert_eq!(finished.status.code(), Some(1));
    let killed = "multitools: agent `strays-deaf-parks` has not left and is killed\n";
    assert!(finished.err.contains(killed), "{finished:?}");
}

#[test]
fn r16_who_does_not_leave_when_interrupted_is_terminated_and_then_killed() {
    let hows = ["parks", "spins", "deaf-parks"];
    let mut program = Program::run(PROGRAM, &["stay", "50", "parks", "spins", "deaf-parks"]);
    for how in hows {
        program.pid_of(how);
    }
    program.signal(Signal::INT);
    let finished = program.finish();
    assert_eq!(finished.status.code(), Some(1));
    let (asked, rest) = finished.err.split_once('\n').unwrap();
    assert_eq!(
        asked,
        ASKED.trim_end().replace("60s", "50ms"),
        "{finished:?}"
    );
    for how in hows {
        let terminated =
            format!("multitools: agent `{how}` has not left in time and is being terminated\n");
        assert!(rest.contains(&terminated), "{finished:?}");
        let killed = format!("multitools: agent `{how}` has not left and is killed\n");
        assert_eq!(rest.contains(&killed), how == "deaf-parks", "{finished:?}");
    }
    assert!(rest.ends_with(END), "{finished:?}");
}

#[test]
fn r16_programs_are_told_of_an_interruption_as_well() {
    let mut command = Command::new(PROGRAM);
    command.env("MULTITOOLS_REPORT", "json");
    let mut program = Program::start(command.args(["stay", "60000", "waits", "parks"]));
    program.pid_of("parks");
    let waits = Watch::new(program.pid_of("waits"));
    program.signal(Signal::INT);
    assert!(waits.gone_within(LONG));
    program.signal(Signal::INT);
    let finished = program.finish();
    let lines = finished.err.lines().filter(|line| line.starts_with('{'));
    let notices: Vec<serde_json::Value> = lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [asked, killed] = &notices[..] else {
        panic!("{finished:?}");
    };
    assert_eq!(asked["kind"], "interrupted");
    assert_eq!(asked["grace_seconds"], 60.0);
    assert_eq!(killed["kind"], "killed");
    assert_eq!(killed["agent"], "parks");
}

#[test]
fn r16_ctrl_c_reaches_the_supervisor_alone() {
    let arguments = [PROGRAM, "stay", "60000", "waits", "parent-parks"];
    let mut terminal = Terminal::start(IN_TERMINAL, &arguments);
    let agents = ["waits", "parent-parks"].map(|name| Watch::new(terminal.pid_of(name)));
    let grandchild = Watch::new(terminal.pid_of("grandchild-of-parent-parks"));
    terminal.pid_of("resident");
    terminal.press(CTRL_C);
    terminal.wait_for("interrupted: all agents are asked to leave");
    // Had the signal reached them, they would have ended by it without a word.
    terminal.wait_for(STOPPED);
    assert!(agents[1].is_alive() && grandchild.is_alive());
    terminal.press(CTRL_C);
    let (code, shown) = terminal.finish();
    assert_eq!(code, 1);
    assert!(grandchild.gone_within(LONG));
    assert!(
        shown.ends_with("all are gone\nError: interrupted\n"),
        "{shown}"
    );
    assert!(shown.contains("has not left and is killed"), "{shown}");
}

#[test]
fn r16_ctrl_c_ends_the_program_again_once_the_run_is_over() {
    let mut program = Program::run(PROGRAM, &["stay-twice"]);
    for run in ["first", "second"] {
        let seen = program.out().len();
        let resident = |out: &str| out.get(seen..).is_some_and(|new| new.contains("resident "));
        let waits = |out: &str| out.get(seen..).is_some_and(|new| new.contains("waits "));
        program.wait_until(run, |program| {
            resident(&program.out()) && waits(&program.out())
        });
        program.signal(Signal::INT);
        program.wait_for(&format!("{run} run: Err(interrupted)"));
    }
    program.wait_for("the program goes on");
    program.signal(Signal::INT);
    let finished = program.finish();
    assert_eq!(finished.status.signal(), Some(Signal::INT.as_raw()));
}

#[test]
fn r16_a_handler_of_the_programs_own_works_again_once_the_run_is_over() {
    let mut program = Program::run(PROGRAM, &["own-handler"]);
    program.wait_for("the program goes on");
    program.signal(Signal::INT);
    let finished = program.finish();
    assert!(finished.status.success(), "{finished:?}");
    assert!(finished.out.ends_with("its own handler: Some(2)\n"));
}

#[test]
fn r16_a_signal_that_was_ignored_is_ignored_again_once_the_run_is_over() {
    let mut command = Command::new("sh");
    command.args(["-c", r#"trap "" INT; exec "$0" read-after"#, PROGRAM]);
    let mut program = Program::start(&mut command);
    program.wait_for("the program goes on");
    program.signal(Signal::INT);
    program.write("a line\n");
    let finished = program.finish();
    assert!(finished.status.success(), "{finished:?}");
    assert!(finished.out.ends_with("it reads \"a line\\n\"\n"));
}

#[test]
fn r16_an_agent_that_is_sent_sigint_alone_fails() {
    let mut program = Program::run(PROGRAM, &["stay", "60000", "waits"]);
    let agent = program.pid_of("waits");
    kill(agent, Signal::INT);
    let finished = program.finish();
    assert_eq!(
        finished.err.lines().last(),
        Some("Error: agent `waits` was killed by SIGINT (signal 2)")
    );
}

#[test]
fn r16_a_signal_during_the_start_interrupts_the_run() {
    let temporary = tempfile::tempdir().unwrap();
    let lock = temporary.path().join("lock");
    let mut program = Program::run(PROGRAM, &["wait", lock.to_str().unwrap()]);
    program.wait_until("the child", |program| {
        program.out().matches('\n').count() == 2
    });
    program.signal(Signal::INT);
    program.signal(Signal::TERM);
    let finished = program.finish();
    // The second may come while the processes end because of the first, and then kills them.
    let asked = ASKED.replace("60s", "5s");
    assert!(finished.err.starts_with(&asked), "{finished:?}");
    assert!(finished.err.ends_with(END), "{finished:?}");
}
