//! Names: how agents find each other.
//!
//! An agent is called what `name = ".."` says, or else like its type. Several agents may bear one name:
//! the name then stands for all of them. `unnamed` declares one that bears none, and
//! `Supervisor::add_named` gives an agent another name in this run.
//!
//! Behind a name are ids. `ctx.ids(name)` gives those of the running agents that bear it, `ctx.id()`
//! is the agent's own, and `ctx.name_of(id)` leads back.

use multitools::{Context, RunError, StringMessage, Supervisor, agent};

/// `resident`: it stays until the others have ended, so that it can be found.
#[agent(name = "Worker", resident)]
struct Worker;
#[agent]
impl Worker {
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) {
        let name = ctx.name().unwrap_or("nobody").to_owned();
        ctx.print(format_args!("{name} got {}", text.text));
    }
}

/// Called `Helper`, like its type.
#[agent(resident)]
struct Helper;
#[agent]
impl Helper {}

/// Nobody can look it up, but its type stands for it.
#[agent(unnamed, resident)]
struct Ghost;
#[agent]
impl Ghost {
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) {
        let known = ctx.name().is_some();
        ctx.print(format_args!("Ghost got {}, named: {known}", text.text));
    }
}

#[agent(name = "Roll call")]
struct RollCall;
#[agent]
impl RollCall {
    fn op(&mut self, ctx: &mut Context) -> Result<(), multitools::Error> {
        for name in ["Worker", "Foreman", "Helper", "Ghost"] {
            let ids = ctx.ids(name);
            ctx.print(format_args!("{name}: {}", ids.len()));
        }
        let me = ctx.id();
        let name = ctx.name_of(me).unwrap_or_default();
        ctx.print(format_args!("I am {name}"));

        ctx.send("Foreman", &StringMessage::new("a letter"))?;
        ctx.addr::<Ghost>()
            .send(ctx, &StringMessage::new("a wink"))?;
        Ok(())
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    Supervisor::new()
        .add(Worker)
        .add(Worker)
        .add_named("Foreman", Worker)
        .add(Helper)
        .add(Ghost)
        .add(RollCall)
        .supervise()?;
    Ok(())
}
