//! Agents that fail, each in another way.

use multitools::{Context, Error, RunError, agent, run};
use multitools_tests::lifecycle::pid_line;
use rustix::process::{Signal, getpid, kill_process};

/// `fail <how>`: one agent that fails and others that would rather go on.
pub(crate) fn fail(arguments: &[String]) -> Result<(), RunError> {
    let how = || arguments.first().cloned().unwrap_or_default();
    run!(Fails { how: how() }, Talks, Drops, Talks; on_finish = || println!("all are gone"))
        .map(drop)
}

#[agent(name = "Fails", manual)]
struct Fails {
    how: String,
}

#[agent]
impl Fails {
    #[allow(clippy::panic, reason = "it is made to panic")]
    fn op(&mut self, ctx: &mut Context) -> Result<u32, String> {
        ctx.print(pid_line("fails"));
        // A failure while the others still start would stop them before they can misbehave.
        for _ in 0..3 {
            ctx.next_message(None).map_err(|error| error.to_string())?;
        }
        match self.how.as_str() {
            "panic" => panic!("the roof is on fire"),
            "error" => Err("out of luck".to_owned()),
            "abort" => std::process::abort(),
            other => {
                if let Some(code) = other.strip_prefix("exit-") {
                    std::process::exit(code.parse().unwrap_or(-1))
                }
                let number = other.strip_prefix("signal-");
                let number = number.and_then(|number| number.parse().ok());
                let signal = number.and_then(Signal::from_named_raw);
                let signal = signal.ok_or("no such signal")?;
                // The runtime's own handler for SIGSEGV takes the first one.
                loop {
                    kill_process(getpid(), signal).map_err(|error| error.to_string())?;
                }
            }
        }
    }
}

/// Panics when it is stopped.
#[agent(name = "Talks", manual)]
struct Talks;

#[agent]
impl Talks {
    #[allow(clippy::unwrap_used, reason = "it is made to panic")]
    fn op(&mut self, ctx: &mut Context) {
        let _ = ctx.send("Fails", &multitools::EmptyMessage);
        ctx.next_message(None).unwrap();
    }
}

/// Returns the error when it is stopped.
#[agent(name = "Drops", manual)]
struct Drops;

#[agent]
impl Drops {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let _ = ctx.send("Fails", &multitools::EmptyMessage);
        ctx.next_message(None)?;
        Ok(())
    }
}
