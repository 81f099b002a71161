//! Ids: sending to agents by name.
//!
//! All names of a run are known to every agent before the first of them starts, so `ctx.ids` answers at
//! once and never misses one. `ctx.wait_for` is for agents that may come later: it waits until there is
//! somebody of that name, or until its time is up.
//!
//! `ctx.send` takes what stands for agents: an id, a set of ids, or just the name.

use multitools::{Context, RunError, StringMessage, WaitError, agent};
use std::time::Duration;

#[agent(name = "Agent one")]
#[derive(Default)]
struct AgentOne;
#[agent]
impl AgentOne {
    fn op(&mut self, ctx: &mut Context) -> Result<(), multitools::Error> {
        for _ in 0..3 {
            let message = ctx.next_message(None)?;
            let from = ctx.name_of(message.sender()).unwrap_or_default();
            let text = message.decode::<StringMessage>()?.text;
            ctx.print(format_args!("{from}: {text}"));
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
        let ids = ctx.ids("Agent one");
        ctx.send(&ids, &StringMessage::new("to the set of ids"))?;
        if let Some(id) = ids.first() {
            ctx.send(*id, &StringMessage::new("to one id"))?;
        }
        ctx.send("Agent one", &StringMessage::new("to the name"))?;

        // An unknown name has no ids; waiting for it ends with the timeout.
        let nobody = ctx.ids("Agent three");
        ctx.print(format_args!("Agent three: {} ids", nobody.len()));
        match ctx.wait_for("Agent three", Duration::from_millis(50)) {
            Err(WaitError::Timeout { .. }) => ctx.print("Agent three has not come"),
            other => drop(other?),
        }
        Ok(())
    }
}

/// Without arguments, `run!` starts every agent of the program that has a `Default`.
fn main() -> Result<(), RunError> {
    multitools::run!()
}
