//! Sending to several agents at once.
//!
//! A name stands for all who bear it, and a set of ids for all who are in it: each gets a copy. `send`
//! returns as soon as the message is in their mailboxes, and its `Delivery` says how many it reached.
//! A set without anybody in it is an error, `SendError::NoTarget`.

use multitools::{Context, Ids, RunError, SendError, StringMessage, Supervisor, agent};

#[agent(name = "Worker", resident)]
struct Worker {
    number: u32,
}
#[agent]
impl Worker {
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) {
        ctx.print(format_args!("worker {} got {}", self.number, text.text));
    }
}

#[agent(name = "Foreman")]
struct Foreman;
#[agent]
impl Foreman {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        let workers = ctx.ids("Worker");
        let delivery = ctx.send(&workers, &StringMessage::new("bricks"))?;
        ctx.print(format_args!("bricks for {}", delivery.reached));

        // Ids are values: any selection of them is a target.
        let some: Ids = workers.iter().copied().skip(1).collect();
        let delivery = ctx.send(some, &StringMessage::new("mortar"))?;
        ctx.print(format_args!("mortar for {}", delivery.reached));

        match ctx.send("Architect", &StringMessage::new("a question")) {
            Err(error @ SendError::NoTarget { .. }) => ctx.print(error),
            other => drop(other?),
        }
        Ok(())
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    let mut supervisor = Supervisor::new();
    for number in 1..=3 {
        supervisor.add(Worker { number });
    }
    supervisor.add(Foreman).supervise()?;
    Ok(())
}
