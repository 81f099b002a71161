//! An agent that does with messages what one should not, and prints what it is told.

use multitools::{
    AskError, Context, Error, LISTENERS, RunError, SUPERVISOR, StringMessage, agent, message,
};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

#[message]
struct Secretive {
    #[serde(serialize_with = "refuse")]
    secret: u32,
}

fn refuse<S: serde::Serializer>(_: &u32, _: S) -> Result<S::Ok, S::Error> {
    Err(serde::ser::Error::custom("not for others"))
}

#[message(reply = ())]
struct Never;

/// Takes one message and ends.
#[agent(name = "short", manual)]
struct Short;
#[agent]
impl Short {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.next_message(PATIENCE)?;
        Ok(())
    }
}

/// Handles nothing.
#[agent(name = "server", resident, manual)]
struct Server;
#[agent]
impl Server {}

#[agent(name = "main", manual)]
struct Main;
#[agent]
impl Main {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let hello = StringMessage::new("hello");
        let long = StringMessage::new("x".repeat(98));
        let secretive = Secretive { secret: 1 };
        let short = ctx.ids("short")[0];
        for attempt in 0..6 {
            let outcome = match attempt {
                0 => ctx.send("nobody", &hello),
                1 => ctx.send(LISTENERS, &hello),
                2 => self.send_to_the_dead(ctx, short),
                3 => ctx.send("server", &long),
                4 => ctx.send("server", &secretive),
                _ => ctx.send(SUPERVISOR, &hello),
            };
            if let Err(error) = outcome {
                ctx.print(error);
            }
        }
        ctx.send("server", &hello)?;
        Ok(())
    }
}

impl Main {
    /// The other ends with the first message.
    fn send_to_the_dead(
        &self,
        ctx: &mut Context,
        short: multitools::AgentId,
    ) -> Result<multitools::Delivery, multitools::SendError> {
        let outcome = ctx.ask(short, &Never, PATIENCE);
        debug_assert!(matches!(outcome, Err(AskError::Dead { .. })));
        ctx.send(short, &StringMessage::new("late"))
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!(Main, Short, Server; message_limit = 100).map(drop)
}
