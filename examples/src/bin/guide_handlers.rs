//! Handlers: a method for each kind of message.
//!
//! A method with `#[handle]` on it takes the messages of one type. `ctx.receive(self)` waits for the
//! next message, gives it to its handler, and says whether to go on: an `op` loops on it.
//! `receive_timeout` waits no longer than it is told to. An agent whose `op` would do nothing but that
//! leaves it out, and is declared `resident`.
//!
//! A handler returns nothing, a `Flow`, or a `Result` of either. `Flow::Stop` ends the loop.

use multitools::{AnyMessage, Context, EmptyMessage, Error, Flow, RecvError, RunError};
use multitools::{StringMessage, agent, message};
use std::time::Duration;

#[message]
struct Number {
    value: u64,
}

/// Handles three messages and ends, whatever they are.
#[agent(name = "First three")]
#[derive(Default)]
struct FirstThree;
#[agent]
impl FirstThree {
    /// `AnyMessage` is the supertype of all: this handler takes what no other does.
    #[handle]
    fn on_any(&mut self, message: &AnyMessage, ctx: &mut Context) {
        ctx.print(format_args!("first three: {message:?}"));
    }

    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for _ in 0..3 {
            ctx.receive(self)?;
        }
        Ok(())
    }
}

/// Adds up numbers until an `EmptyMessage` tells it to stop.
#[agent(name = "Sum")]
#[derive(Default)]
struct Sum {
    sum: u64,
}
#[agent]
impl Sum {
    #[handle]
    fn on_number(&mut self, number: &Number) {
        self.sum += number.value;
    }

    #[handle]
    fn on_end(&mut self, _: &EmptyMessage) -> Flow {
        Flow::Stop
    }

    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        while ctx.receive(self)? == Flow::Continue {}
        ctx.print(format_args!("the sum is {}", self.sum));
        match ctx.receive_timeout(self, Duration::from_millis(50)) {
            Err(Error::Receive(RecvError::Timeout(_))) => ctx.print("nothing comes after the end"),
            other => drop(other?),
        }
        Ok(())
    }
}

/// Has no `op`: it handles messages until the others have ended.
#[agent(name = "Echo", resident)]
#[derive(Default)]
struct Echo;
#[agent]
impl Echo {
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) {
        ctx.print(format_args!("echo: {}", text.text));
    }
}

#[agent]
#[derive(Default)]
struct Sender;
#[agent]
impl Sender {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for value in 1..=3 {
            ctx.send("First three", &Number { value })?;
            ctx.send("Sum", &Number { value })?;
        }
        ctx.send("Sum", &EmptyMessage)?;
        // By its type instead of its name: the compiler knows what `Echo` handles.
        let echo = ctx.addr::<Echo>();
        echo.send(ctx, &StringMessage::new("hello"))?;
        Ok(())
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!()
}
