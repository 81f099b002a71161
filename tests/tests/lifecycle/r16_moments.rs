//! R16: SIGKILL at any moment, of the supervisor, of an agent, or of both.

use super::PROGRAM;
use multitools_tests::lifecycle::{LONG, Program, Run, Watch, kill};
use rustix::process::Signal;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::time::Duration;

/// In the environment of a run, and so in that of every process that it has started.
const MARK: &str = "MULTITOOLS_TEST_MARK";

/// Processes with this mark that still run.
fn marked(mark: &str) -> BTreeSet<u32> {
    let sought = format!("{MARK}={mark}");
    let processes = fs::read_dir("/proc").unwrap();
    let pids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &u32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        let mut variables = environment.split(|byte| *byte == 0);
        variables.any(|variable| variable == sought.as_bytes())
    })
    .collect()
}

/// A number that looks like chance, and is the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Killed {
    Supervisor,
    Agent,
    AgentThenSupervisor,
    SupervisorThenAgent,
}

fn kill_at_a_moment(killed: Killed, round: u64) {
    let mark = format!("{killed:?}-{round}-{}", std::process::id());
    let mut chance = Chance(round);
    let mut command = Command::new(PROGRAM);
    command.args(["stay", "60000", "waits", "deaf-spins", "parent-deaf-parks"]);
    let mut program = Program::start(command.env(MARK, &mark));
    let agents = ["waits", "deaf-spins", "parent-deaf-parks"].map(|name| program.pid_of(name));
    let run = Run::of(program.pid_of("resident"));
    let grandchild = program.pid_of("grandchild-of-parent-deaf-parks");
    let mut watches: Vec<Watch> = agents.iter().map(|pid| Watch::new(*pid)).collect();
    watches.push(Watch::new(grandchild));
    let agent = agents[usize::try_from(chance.below(3)).unwrap()];
    // The moment, rather than a wait for something.
    let pause = |program: &mut Program, chance: &mut Chance| {
        program.silent_within(Duration::from_micros(chance.below(3_000)));
    };
    pause(&mut program, &mut chance);
    match killed {
        Killed::Supervisor => program.signal(Signal::KILL),
        Killed::Agent => kill(agent, Signal::KILL),
        Killed::AgentThenSupervisor => {
            kill(agent, Signal::KILL);
            pause(&mut program, &mut chance);
            program.signal(Signal::KILL);
        }
        Killed::SupervisorThenAgent => {
            program.signal(Signal::KILL);
            pause(&mut program, &mut chance);
            kill(agent, Signal::KILL);
        }
    }
    for watch in &watches {
        assert!(watch.gone_within(LONG), "{mark}: a process lives on");
    }
    assert!(program.silent_within(LONG), "{mark}: somebody lives on");
    assert!(Watch::new(program.pid()).gone_within(LONG), "{mark}");
    assert_eq!(marked(&mark), BTreeSet::new(), "{mark}");
    assert_eq!(run.traces(), [""; 0], "{mark}");
}

#[test]
fn r16_a_supervisor_killed_at_any_moment_leaves_nothing() {
    (0..6).for_each(|round| kill_at_a_moment(Killed::Supervisor, round));
}

#[test]
fn r16_an_agent_killed_at_any_moment_takes_what_it_has_started_along_and_the_run_leaves_nothing() {
    kill_at_a_moment(Killed::Agent, 0);
    kill_at_a_moment(Killed::Agent, 1);
}

#[test]
fn r16_both_killed_at_any_moments_leave_nothing() {
    for round in 0..6 {
        kill_at_a_moment(Killed::AgentThenSupervisor, round);
        kill_at_a_moment(Killed::SupervisorThenAgent, round);
    }
}

/// The supervisor is stopped, and so sees nothing until it is killed as well.
#[test]
fn r16_what_an_agent_has_started_ends_with_it_also_where_nobody_sees_it_end() {
    let hows = ["parent-waits", "parent-deaf-parks", "parent-closing"];
    let mut program = Program::run(PROGRAM, &[&["stay", "60000"], &hows[..]].concat());
    program.wait_for("the others are closed");
    let grandchildren = hows.map(|how| program.pid_of(&format!("grandchild-of-{how}")));
    let agents = hows.map(|how| program.pid_of(how));
    let watches = grandchildren.map(Watch::new);
    program.signal(Signal::STOP);
    kill(grandchildren[0], Signal::STOP);
    agents.iter().for_each(|agent| kill(*agent, Signal::KILL));
    for watch in watches {
        assert!(watch.gone_within(LONG), "it has outlived its agent");
    }
    program.signal(Signal::KILL);
    assert!(program.silent_within(LONG));
}

/// What has left the session of its agent is out of reach. The rule says so.
#[test]
fn r16_what_has_made_a_session_of_its_own_is_not_ended() {
    let mut program = Program::run(PROGRAM, &["daemon"]);
    let daemon = program.pid_of("daemon");
    let watch = Watch::new(daemon);
    program.wait_for("all are gone");
    assert!(watch.is_alive());
    kill(daemon, Signal::KILL);
    assert!(watch.gone_within(LONG));
    assert!(program.finish().status.success());
}
