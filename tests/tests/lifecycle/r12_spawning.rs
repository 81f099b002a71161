//! R12, R14: the failures of agents that are started by others while the run is going on.

use multitools::{
    Cause, Context, Error, Flow, JoinError, Restart, RunError, SpawnError, agent, process, run,
};
use multitools_tests::{Numbered, PATIENCE, serve, take_numbers};
use std::time::Duration;

#[process]
fn nothing() {}

#[process]
fn fails(times: u32) -> Result<u32, String> {
    Err(format!("it fails at {times}"))
}

/// Waits for one that fails.
#[agent(manual)]
struct Unlucky;
#[agent]
impl Unlucky {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let spawned = ctx.spawn(fails::with(3))?;
        let joined = ctx.join(spawned, PATIENCE);
        let Err(JoinError::Failed { reason, .. }) = &joined else {
            ctx.print(format_args!("unexpected: {joined:?}"));
            return Ok(());
        };
        ctx.print(reason);
        Ok(())
    }
}

#[multitools::test]
fn r12_the_failure_of_a_spawned_agent_is_that_of_the_run_and_its_spawner_is_told() {
    let mut lines = Vec::new();
    let ended = run!(Unlucky; on_print = |line| lines.push(line.to_owned()), on_failure = |_| ());
    let Err(RunError::Failed(report)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(report.agent, "fails");
    let text = "it fails at 3".to_owned();
    assert_eq!(
        report.cause,
        Cause::Error {
            text,
            location: None
        }
    );
    assert_eq!(lines, ["agent `fails` failed: it fails at 3"]);
}

/// Fails when it is told to, and goes on in its next incarnation.
#[agent(name = "again", manual)]
struct Again {
    taken: Vec<u32>,
}
#[agent]
impl Again {
    fn op(&mut self, ctx: &mut Context) -> Result<(u16, Vec<u32>), Error> {
        ctx.send("persistent", &Numbered::new(0, 0))?;
        serve(self, ctx)?;
        Ok((ctx.id().incarnation(), std::mem::take(&mut self.taken)))
    }
    #[handle]
    fn on_number(&mut self, m: &Numbered) -> Result<Flow, String> {
        self.taken.push(m.number);
        match m.number {
            2 => Err("it is two".into()),
            9 => Ok(Flow::Stop),
            _ => Ok(Flow::Continue),
        }
    }
}

/// Spawns what is started again, twice in the same slot.
#[agent(name = "persistent", manual)]
struct Persistent;
#[agent]
impl Persistent {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for _ in 0..2 {
            let quick = Duration::from_millis(1);
            let policy = Restart::on_failure().max(1).backoff(quick, quick);
            let again = Again { taken: Vec::new() };
            let spawned = ctx.prepare(again).restart(policy).spawn()?;
            let first = spawned.id().incarnation();
            take_numbers(ctx, 1)?;
            if multitools_tests::over_sockets() {
                // What is unread dies with the process there.
                ctx.send(spawned.id(), &Numbered::new(2, 0))?;
                // By the id that has come with its message: it may be newer than the word of it.
                let next = ctx.next_message(PATIENCE)?.sender();
                ctx.send(next, &Numbered::new(9, 0))?;
                let (last, taken) = ctx.join(spawned, PATIENCE)?;
                assert_eq!((last, taken), (first + 1, vec![9]));
                continue;
            }
            for number in [0, 1, 2, 3, 9] {
                ctx.send(spawned.id(), &Numbered::new(number, 0))?;
            }
            take_numbers(ctx, 1)?;
            let (last, taken) = ctx.join(spawned, PATIENCE)?;
            assert_eq!((last, taken), (first + 1, vec![3, 9]));
        }
        Ok(())
    }
}

#[multitools::test]
fn r14_a_spawned_agent_is_started_again_and_its_result_is_that_of_its_last_incarnation() {
    run!(Persistent; on_notice = |_| ()).unwrap();
}

/// Spawns until it is stopped.
#[agent(manual)]
struct Eager;
#[agent]
impl Eager {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        let mut spawned = 0;
        loop {
            match ctx.spawn(nothing::with()) {
                // The claim is dropped; nobody asks for the result.
                Ok(_) => spawned += 1,
                Err(SpawnError::Stopped) => return Ok(spawned),
                Err(other) => return Err(other.into()),
            }
            if spawned == 5 {
                let _fails = ctx.spawn(fails::with(5))?;
            }
        }
    }
}

#[multitools::test]
fn r12_a_run_is_stopped_while_agents_are_being_spawned() {
    let ended = run!(Eager, Eager; on_failure = |_| ());
    let Err(RunError::Failed(report)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(report.agent, "fails");
}
