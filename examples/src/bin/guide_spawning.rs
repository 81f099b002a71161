//! Spawning: an agent starts others while the run is going on.
//!
//! `ctx.spawn` has the supervisor start an agent, and returns when it is up: the others know it by then,
//! and its mailbox takes messages. The claim that comes back has its id, its typed address and, with
//! `ctx.join`, what its `op` returns.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, Error, Flow, JoinError, Restart, RunError, StringMessage, agent};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(10);

/// Adds up what it was made with and what it is sent.
#[agent(unnamed)]
struct Worker {
    n: u64,
}
#[agent]
impl Worker {
    fn op(&mut self, ctx: &mut Context) -> Result<u64, Error> {
        while ctx.receive(self)? == Flow::Continue {}
        Ok(self.n)
    }

    #[handle]
    fn on_text(&mut self, message: &StringMessage) -> Flow {
        match message.text.parse::<u64>() {
            Ok(number) => {
                self.n += number;
                Flow::Continue
            }
            Err(_) => Flow::Stop,
        }
    }
}

/// Starts workers as it needs them.
#[agent(spawns(Worker))]
struct Foreman;
#[agent]
impl Foreman {
    fn op(&mut self, ctx: &mut Context) -> Result<u64, Error> {
        // Everybody knows it and its mailbox is open, so it can be sent to at once.
        let worker = ctx.spawn(Worker { n: 3 })?;
        worker.addr().send(ctx, &StringMessage::new("4"))?;
        // It waits for more, so there is no result yet: the claim comes back.
        let worker = match ctx.join(worker, Duration::from_millis(1)) {
            Err(JoinError::Timeout { claim, .. }) => claim,
            other => return Ok(other?),
        };
        ctx.send(worker.id(), &StringMessage::new("that is all"))?;
        let first = ctx.join(worker, SOON)?;

        // With what the supervisor's `add` takes as well: a name, and when it is started again.
        let policy = Restart::on_failure().max(5);
        let spare = ctx.prepare(Worker { n: 10 }).named("spare").restart(policy);
        let spare = spare.spawn()?;
        ctx.send("spare", &StringMessage::new("that is all"))?;
        Ok(first + ctx.join(spare, SOON)?)
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    let (sum,) = multitools::run!(Foreman)?;
    println!("{sum}");
    Ok(())
}
