//! R17: waits that may last, and what they cost.

use super::PROGRAM;
use super::r17_hang::{GRACE, LONG};
use multitools::{Cause, Context, RecvError, RunError, Supervisor, agent};
use multitools_tests::PATIENCE;
use multitools_tests::lifecycle::{self, Program};
use rustix::process::Signal;
use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::Duration;

/// Says which process it is, and waits for what nobody sends.
#[agent(manual)]
struct Waits;
#[agent]
impl Waits {
    fn op(&mut self, ctx: &mut Context) -> Result<(), RecvError> {
        ctx.print(std::process::id());
        ctx.next_message(None).map(drop)
    }
}

/// Has a run with one that waits come to its end, which takes it the grace at least.
fn hang(grace: Duration) {
    let mut supervisor = Supervisor::new();
    supervisor.hang_grace(grace);
    supervisor.add(Waits);
    supervisor.on_notice(|_| ()).on_print(|_| ());
    let ended = supervisor.supervise();
    assert!(matches!(ended, Err(RunError::Hung(_))), "{ended:?}");
}

/// A run in which an agent waits.
struct Waiting {
    run: JoinHandle<Result<(), RunError>>,
    agent: u32,
    /// Where the system tells of the agent, and of the thread of its supervisor.
    told: [PathBuf; 2],
}

impl Waiting {
    /// Begins a run of which nobody finds out that it hangs.
    fn begin() -> Waiting {
        let (tell, told) = channel();
        let run = std::thread::spawn(move || {
            let mut supervisor = Supervisor::new();
            supervisor.add(Waits);
            // The last word holds.
            supervisor.hang_grace(GRACE).hang_grace(None);
            supervisor.on_failure(|_| ());
            supervisor.on_print(|pid| {
                let own = fs::read_link("/proc/thread-self").unwrap();
                tell.send((pid.parse().unwrap(), own)).unwrap();
            });
            supervisor.supervise().map(drop)
        });
        let (agent, own) = told.recv_timeout(PATIENCE).unwrap();
        let own = PathBuf::from("/proc").join(own);
        let told = [PathBuf::from(format!("/proc/{agent}/task")), own];
        Waiting { run, agent, told }
    }

    /// How often anybody of the run has been given a processor.
    fn turns(&self) -> u64 {
        let [agent, supervisor] = &self.told;
        let threads = fs::read_dir(agent).unwrap().flatten();
        let threads = threads.map(|thread| thread.path());
        threads
            .chain([supervisor.clone()])
            .map(|thread| turns_of(&fs::read_to_string(thread.join("status")).unwrap()))
            .sum()
    }

    /// Ends the run, which goes on until then.
    fn end(self) {
        lifecycle::kill(self.agent, Signal::KILL);
        let ended = self.run.join().unwrap();
        let Err(RunError::Failed(report)) = ended else {
            panic!("{ended:?}");
        };
        let killed = matches!(report.cause, Cause::Signal { number: 9, .. });
        assert!(killed, "{report}");
    }
}

fn turns_of(status: &str) -> u64 {
    let lines = status.lines().filter_map(|line| line.split_once(':'));
    let turns = lines.filter(|(what, _)| what.ends_with("ctxt_switches"));
    turns.map(|(_, n)| n.trim().parse::<u64>().unwrap()).sum()
}

#[multitools::test]
fn r17_without_a_grace_nobody_finds_out_that_a_run_hangs() {
    let waiting = Waiting::begin();
    // Others that begin later come to their end meanwhile, one after the other.
    hang(GRACE);
    hang(GRACE);
    waiting.end();
}

#[multitools::test]
fn r17_who_waits_uses_no_processor() {
    let waiting = Waiting::begin();
    // Somebody may be about to go to sleep the first time.
    let quiet = (0..10).any(|_| {
        let before = waiting.turns();
        hang(LONG);
        waiting.turns() == before
    });
    assert!(
        quiet,
        "nobody has anything to do, and somebody does something"
    );
    waiting.end();
}

#[multitools::test]
fn r17_a_prompt_keeps_the_run_from_hanging() {
    let grace = GRACE.as_millis().to_string();
    let mut program = Program::run(PROGRAM, &["ask-while-all-wait", &grace]);
    program.wait_for("your word? ");
    hang(GRACE);
    hang(GRACE);
    program.write("yes\n");
    let finished = program.finish();
    assert!(finished.status.success(), "{finished:?}");
    assert!(finished.out.contains("ann got Ok(\"yes\")"), "{finished:?}");
}
