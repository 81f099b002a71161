//! R16, second half: whatever becomes of the supervisor, nothing stays behind.

use super::PROGRAM;
use multitools_tests::lifecycle::{Finished, LONG, Program, Run, SOON, Watch, kill};
use rustix::process::Signal;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Starts agents that stay in these ways, in a temporary directory of their own, and waits until all
/// of them run. Kills the supervisor and looks for what is left.
fn nothing_is_left_of(hows: &[&str]) {
    let temporary = tempfile::tempdir().unwrap();
    let mut program = start(temporary.path(), hows);
    let resident = program.pid_of("resident");
    let mut watched = vec![("resident".to_owned(), Watch::new(resident))];
    for how in hows {
        let mut names = vec![(*how).to_owned()];
        if how.contains("parent") {
            names.push(format!("grandchild-of-{how}"));
        }
        for name in names {
            let pid = program.pid_of(&name);
            if how.contains("stopped") && name == *how {
                kill(pid, Signal::STOP);
            }
            watched.push((name, Watch::new(pid)));
        }
    }
    for (name, process) in &watched {
        assert!(process.is_alive(), "{name} has ended before its time");
    }
    let run = Run::of(resident);
    assert_ne!(run.traces(), [""; 0]);
    program.signal(Signal::KILL);
    for (name, process) in &watched {
        assert!(process.gone_within(SOON), "{name} has outlived its run");
    }
    nothing_else_is_left(program, &run, temporary.path());
}

fn start(temporary: &Path, hows: &[&str]) -> Program {
    let mut command = Command::new(PROGRAM);
    command.args(["stay", "60000"]).args(hows);
    Program::start(command.env("TMPDIR", temporary))
}

fn nothing_else_is_left(mut program: Program, run: &Run, temporary: &Path) {
    assert!(program.silent_within(SOON), "some process is left");
    assert_eq!(run.traces(), [""; 0]);
    assert_eq!(std::fs::read_dir(temporary).unwrap().count(), 0);
    let shared = std::fs::read_dir("/dev/shm").into_iter().flatten();
    let names: Vec<_> = shared.flatten().map(|entry| entry.file_name()).collect();
    let ours = |name: &&std::ffi::OsString| name.to_string_lossy().contains("multitools");
    assert_eq!(names.iter().find(ours), None);
}

#[test]
fn r16_no_process_outlives_a_killed_supervisor() {
    nothing_is_left_of(&["waits", "parks"]);
}

#[test]
fn r16_an_agent_that_computes_ends_with_its_supervisor() {
    nothing_is_left_of(&["spins"]);
}

#[test]
fn r16_an_agent_that_ignores_sigterm_ends_with_its_supervisor() {
    nothing_is_left_of(&["deaf-parks"]);
}

#[test]
fn r16_a_stopped_agent_ends_with_its_supervisor() {
    nothing_is_left_of(&["stopped"]);
}

#[test]
fn r16_what_an_agent_has_started_ends_with_the_supervisor() {
    nothing_is_left_of(&["parent-waits", "parent-parks", "parent-deaf"]);
}

#[test]
fn r16_what_an_agent_that_computes_has_started_ends_with_the_supervisor() {
    nothing_is_left_of(&["parent-spins"]);
}

#[test]
fn r16_what_a_stopped_agent_has_started_ends_with_the_supervisor() {
    nothing_is_left_of(&["parent-stopped"]);
}

#[test]
fn r16_what_an_agent_has_started_ends_with_the_agent() {
    let mut program = Program::run(PROGRAM, &["stay", "60000", "parent-waits"]);
    let grandchild = Watch::new(program.pid_of("grandchild-of-parent-waits"));
    let agent = program.pid_of("parent-waits");
    kill(agent, Signal::KILL);
    assert!(grandchild.gone_within(LONG));
    let Finished { status, .. } = program.finish();
    assert_eq!(status.code(), Some(1));
}

/// The pipe that all processes of the run write to is closed when the last of them has ended.
#[test]
fn r16_a_supervisor_killed_at_any_moment_of_the_start_leaves_nothing() {
    for microseconds in (0..12).map(|n| n * 3_700) {
        let temporary = tempfile::tempdir().unwrap();
        let mut program = start(temporary.path(), &["waits", "parks", "parent-waits"]);
        // The moment, rather than a wait for something: nothing may be there yet to wait for.
        program.silent_within(Duration::from_micros(microseconds));
        program.signal(Signal::KILL);
        assert!(
            program.silent_within(SOON),
            "killed after {microseconds} us, the run lives on"
        );
        assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
    }
}

#[test]
fn r16_a_supervisor_killed_while_the_run_is_being_stopped_leaves_nothing() {
    for how in ["waits", "deaf-parks", "parent-parks", "spins"] {
        let mut program = Program::run(PROGRAM, &["stay", "60000", how, "waits"]);
        let watches = [program.pid_of("resident"), program.pid_of(how)].map(Watch::new);
        program.pid_of("waits");
        program.signal(Signal::INT);
        if how != "waits" {
            program.wait_for("waits leaves: Err(Stopped)");
        }
        program.signal(Signal::KILL);
        for process in watches {
            assert!(process.gone_within(SOON), "an agent that {how} lives on");
        }
        assert!(program.silent_within(SOON));
    }
}

#[test]
fn r16_a_plain_command_ends_with_its_supervisor() {
    let mut program = Program::run(PROGRAM, &["command"]);
    let watches = [
        program.pid_of("waits"),
        program.pid_of("resident"),
        program.pid_of("supervisor"),
    ]
    .map(Watch::new);
    program.signal(Signal::KILL);
    for process in watches {
        assert!(process.gone_within(SOON));
    }
    assert!(program.silent_within(SOON));
}

/// A child that has not yet come to `multitools::init()` does not know its supervisor.
#[test]
fn r16_a_child_that_never_comes_up_ends_with_its_supervisor() {
    let temporary = tempfile::tempdir().unwrap();
    let lock = temporary.path().join("lock");
    let mut program = Program::run(PROGRAM, &["wait", lock.to_str().unwrap()]);
    program.wait_until("the child", |program| {
        program.out().matches('\n').count() == 2
    });
    let own = pid_of_line(&program.out(), |pid| pid == program.pid());
    assert_eq!(own, Some(program.pid()));
    let child = pid_of_line(&program.out(), |pid| pid != program.pid()).unwrap();
    let child = Watch::new(child);
    assert!(child.is_alive());
    program.signal(Signal::KILL);
    assert!(child.gone_within(SOON));
    assert!(program.silent_within(SOON));
}

fn pid_of_line(out: &str, wanted: impl Fn(u32) -> bool) -> Option<u32> {
    let pids = out
        .lines()
        .filter_map(|line| line.strip_prefix("process ")?.parse().ok());
    pids.into_iter().find(|pid| wanted(*pid))
}
