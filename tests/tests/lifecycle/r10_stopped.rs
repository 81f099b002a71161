//! R10: an agent that does not read what the supervisor tells it, for a while.

use multitools::{Context, Error, RunError, Supervisor, agent, message};
use multitools_tests::PATIENCE;
use rustix::process::{Pid, Signal, kill_process};

#[message]
struct Process(u32);
#[message]
struct Done;

fn long_name(n: usize) -> String {
    format!("{n}-{}", "x".repeat(60_000))
}
const MANY: usize = 40;

/// Is stopped while very much is said to it.
#[agent(manual)]
struct Stopped;
#[agent]
impl Stopped {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        ctx.send("spawns", &Process(std::process::id()))?;
        ctx.wait_for("last", PATIENCE)?;
        let known = (0..MANY)
            .filter(|n| !ctx.ids(&long_name(*n)).is_empty())
            .count();
        ctx.send("spawns", &Done)?;
        Ok(known)
    }
}

#[agent(manual)]
struct Idle;
#[agent]
impl Idle {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.next_message(PATIENCE)?;
        Ok(())
    }
}

#[agent(name = "spawns", manual)]
struct Spawns;
#[agent]
impl Spawns {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let Process(process) = ctx.next_message(PATIENCE)?.decode::<Process>()?;
        let process = Pid::from_raw(process as i32).unwrap();
        kill_process(process, Signal::STOP).unwrap();
        let mut ids = Vec::new();
        for n in 0..MANY {
            ids.push(ctx.prepare(Idle).named(long_name(n)).spawn()?.id());
        }
        ids.push(ctx.prepare(Idle).named("last").spawn()?.id());
        kill_process(process, Signal::CONT).unwrap();
        ctx.next_message(PATIENCE)?;
        for id in ids {
            ctx.send(id, &Done)?;
        }
        Ok(())
    }
}

#[multitools::test]
fn r10_who_is_stopped_hears_all_that_was_said_meanwhile() -> Result<(), RunError> {
    for _ in 0..3 {
        let mut supervisor = Supervisor::new();
        supervisor.add(Spawns);
        let known = supervisor.add(Stopped).output();
        assert_eq!(supervisor.supervise()?.take(known)?, MANY);
    }
    Ok(())
}
