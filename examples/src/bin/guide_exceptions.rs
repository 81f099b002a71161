//! Failures: a panic, an error, and what becomes of them.
//!
//! An agent fails when it panics, when its `op` or a handler returns an `Err`, or when its process is
//! killed. The supervisor reports the failure once, on the standard error, with the message that was
//! being handled and where it was sent from. It stops the other agents, and the run returns
//! `RunError::Failed` with the same report. A `main` that returns the error exits with status 1.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Cause, Context, RecvError, RunError, SendError, StringMessage, agent};

/// Has a bug.
#[agent(name = "Archive")]
struct Archive {
    shelves: Vec<String>,
}
#[agent]
impl Archive {
    fn op(&mut self) -> String {
        self.shelves[3].clone()
    }
}

/// Refuses what is no number.
#[agent(name = "Parser", resident)]
struct Parser;
#[agent]
impl Parser {
    #[handle]
    fn on_text(&mut self, text: &StringMessage) -> Result<(), std::num::ParseIntError> {
        text.text.parse::<i64>().map(drop)
    }
}

#[agent(name = "Sender")]
struct Sender;
#[agent]
impl Sender {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        ctx.send("Parser", &StringMessage::new("42"))?;
        ctx.send("Parser", &StringMessage::new("forty-three"))?;
        Ok(())
    }
}

/// Would wait for ever, but is stopped, quietly, when another has failed.
#[agent(name = "Bystander")]
struct Bystander;
#[agent]
impl Bystander {
    fn op(&mut self, ctx: &mut Context) -> Result<(), RecvError> {
        ctx.next_message(None).map(drop)
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    // The failure as a value. `on_failure` takes the report, so nothing is printed.
    let archive = Archive {
        shelves: vec!["maps".to_owned()],
    };
    let failed = multitools::run!(
        archive, Bystander;
        on_failure = |report| println!("REPORT {}", report.agent),
    );
    if let Err(RunError::Failed(report)) = failed
        && let Cause::Panic { text, .. } = &report.cause
    {
        println!("{} panicked: {text}", report.agent);
    }

    // The failure as it comes: reported, and returned from `main`.
    multitools::run!(Parser, Sender, Bystander)?;
    println!("not reached");
    Ok(())
}
