//! `ctx.next_message`: taking messages by hand.
//!
//! Messages wait in the agent's mailbox until it asks for them. `next_message(None)` waits for as long
//! as it takes; with a timeout it gives up in time, with `RecvError::Timeout`. An agent that waits for a
//! message nobody sends keeps the whole program waiting, so have a timeout where that may happen.
//!
//! What comes is an `AnyMessage`: `is` asks for its type, `decode` reads it.

use multitools::{Context, FileMessage, RecvError, RunError, StringMessage, agent};
use std::time::Duration;

#[agent(name = "Agent one")]
#[derive(Default)]
struct AgentOne;
#[agent]
impl AgentOne {
    fn op(&mut self, ctx: &mut Context) -> Result<(), multitools::Error> {
        for _ in 0..2 {
            let message = ctx.next_message(None)?;
            if message.is::<StringMessage>() {
                let text = message.decode::<StringMessage>()?.text;
                ctx.print(format_args!("a text: {text}"));
            } else {
                ctx.print(format_args!("something else: {message:?}"));
            }
        }
        match ctx.next_message(Duration::from_millis(50)) {
            Ok(message) => ctx.print(format_args!("one more: {message:?}")),
            Err(RecvError::Timeout(_)) => ctx.print("nothing more"),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

#[agent(name = "Agent two")]
#[derive(Default)]
struct AgentTwo;
#[agent]
impl AgentTwo {
    fn op(&mut self, ctx: &mut Context) -> Result<(), multitools::Error> {
        ctx.send("Agent one", &StringMessage::new("Agent two signing in"))?;
        ctx.send("Agent one", &FileMessage::new("notes.txt"))?;
        Ok(())
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!()
}
