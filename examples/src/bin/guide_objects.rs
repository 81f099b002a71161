//! Messages to the supervisor.
//!
//! `SUPERVISOR` is a target like any other. What is sent there goes to the `on_object` handler, which
//! makes it the way to bring messages out of the agents and into `main`. Where there is no handler, the
//! supervisor says so on the standard error, and the run goes on.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, RunError, SUPERVISOR, SendError, agent, message};

/// A message is a struct with `#[message]` on it.
#[message]
struct Progress {
    percent: u8,
}

#[agent(name = "Worker")]
struct Worker;
#[agent]
impl Worker {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        for percent in [50, 100] {
            ctx.send(SUPERVISOR, &Progress { percent })?;
        }
        Ok(())
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    let mut furthest = 0;
    multitools::run!(
        Worker;
        on_object = |message| {
            // Any message has a `Debug`, and is read as its own type or a supertype.
            println!("{message:?}");
            if let Ok(progress) = message.decode::<Progress>() {
                furthest = furthest.max(progress.percent);
            }
        },
    )?;
    println!("got to {furthest} %");

    // Without a handler.
    multitools::run!(Worker)?;
    println!("the run has gone on");
    Ok(())
}
