//! A program that may be asked what it consists of. When it runs, it says so.

use multitools::{AnyMessage, Context, LISTENERS, StringMessage, agent, logger, message};

/// A family.
#[message]
pub enum Telemetry {
    /// Something is wrong.
    Alarm(Alarm),
    /// Nothing is.
    Heartbeat,
}

/// Something is wrong.
#[message(extends = Telemetry)]
pub struct Alarm {
    /// What.
    pub text: String,
}

/// For nobody.
#[message]
pub struct Forgotten;

#[agent(name = "Agent one", resident, listen_to(Telemetry))]
#[derive(Default)]
struct AgentOne;
#[agent]
impl AgentOne {
    #[handle]
    fn on_text(&mut self, m: &StringMessage, ctx: &mut Context) {
        ctx.print(&m.text);
    }
    #[handle]
    fn on_telemetry(&mut self, _: &Telemetry) {}
}

#[agent(name = "Agent two", announces(Telemetry))]
#[derive(Default)]
struct AgentTwo;
#[agent]
impl AgentTwo {
    fn op(&mut self, ctx: &mut Context) -> Result<(), multitools::Error> {
        ctx.print("running");
        ctx.send(LISTENERS, &Telemetry::Heartbeat)?;
        Ok(())
    }
}

#[logger(listen_to(AnyMessage))]
#[derive(Default)]
struct Log;
#[logger]
impl Log {
    fn log(&mut self, _: &AnyMessage) {}
}

fn main() -> Result<(), multitools::RunError> {
    multitools::run!()
}
