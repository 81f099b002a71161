//! Loggers: agents that only listen.
//!
//! A logger is a resident that listens to some kinds of messages and does one thing with them, in its
//! method `log`. Loggers leave last, so they miss nothing that the other agents say.
//!
//! `DebugLogger` is one that comes with the library: it prints every message and who sent it.

use multitools::{Context, DebugLogger, Error, LISTENERS, RunError, agent, logger, message};

#[message]
struct Step {
    done: u32,
    of: u32,
}

/// Shows how far the work has got.
#[logger(name = "Progress", listen_to(Step))]
struct Progress {
    latest: u32,
}
#[logger]
impl Progress {
    fn log(&mut self, step: &Step, ctx: &mut Context) {
        let percent = step.done * 100 / step.of;
        ctx.print(format_args!("from {} % to {percent} %", self.latest));
        self.latest = percent;
    }
}

#[agent(name = "Worker")]
struct Worker {
    steps: u32,
}
#[agent]
impl Worker {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for done in 1..=self.steps {
            let of = self.steps;
            ctx.send(LISTENERS, &Step { done, of })?;
        }
        Ok(())
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!(Worker { steps: 4 }, Progress { latest: 0 }, DebugLogger)?;
    Ok(())
}
