//! `on_finish`: when all is over.
//!
//! The handler is called once, when every agent has ended and everything they printed has been written,
//! whether the run has succeeded or not: the place to put things away.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, RunError, agent};

#[agent(name = "Worker")]
struct Worker {
    fail: bool,
}
#[agent]
impl Worker {
    fn op(&mut self, ctx: &mut Context) -> Result<(), String> {
        ctx.print("at work");
        if self.fail {
            return Err("out of bricks".to_owned());
        }
        Ok(())
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    multitools::run!(
        Worker { fail: false };
        on_finish = || println!("finished"),
    )?;

    let failed = multitools::run!(
        Worker { fail: true };
        on_failure = |report| println!("{}", report.headline()),
        on_finish = || println!("finished all the same"),
    );
    println!("failed: {}", failed.is_err());
    Ok(())
}
