//! `BROADCAST`: a message to everybody.
//!
//! It is a target like any other, and stands for all agents that run, the sender among them. Every
//! agent needs a handler for what is broadcast, or the supervisor reports a message without one.

use multitools::{BROADCAST, Context, Error, RunError, StringMessage, agent};

#[agent(name = "Left", resident)]
#[derive(Default)]
struct Left;
#[agent]
impl Left {
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) {
        ctx.print(format_args!("left heard: {}", text.text));
    }
}

#[agent(name = "Right", resident)]
#[derive(Default)]
struct Right;
#[agent]
impl Right {
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) {
        ctx.print(format_args!("right heard: {}", text.text));
    }
}

#[agent(name = "Crier")]
#[derive(Default)]
struct Crier;
#[agent]
impl Crier {
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) {
        ctx.print(format_args!("the crier heard: {}", text.text));
    }

    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let delivery = ctx.send(BROADCAST, &StringMessage::new("hear ye"))?;
        ctx.print(format_args!("cried to {}", delivery.reached));
        // Its own copy.
        ctx.receive(self)?;
        Ok(())
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!()
}
