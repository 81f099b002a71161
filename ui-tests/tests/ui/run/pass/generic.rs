//! `run!` where the types of agents are parameters, and where what they announce is heard.
#![deny(warnings)]
use multitools::{Agent, AnyMessage, Behaviour, Context, LISTENERS, RunError, agent, logger, message};

#[message]
struct Alarm;
#[message(extends = Family)]
struct Member(Family);
#[message]
struct Family;

#[agent(announces(Alarm, Family))]
#[derive(Clone)]
struct Sensor;
#[agent]
impl Sensor {
    fn op(&mut self, ctx: &mut Context) -> bool {
        ctx.send(LISTENERS, &Alarm).is_ok()
    }
}
#[agent(resident, listen_to(Alarm, Member))]
struct Display;
#[agent]
impl Display {
    #[handle]
    fn on_alarm(&mut self, _: &Alarm) {}
    #[handle]
    fn on_member(&mut self, _: &Member) {}
}
#[logger(listen_to(AnyMessage))]
struct Log;
#[logger]
impl Log {
    fn log(&mut self, _: &AnyMessage) {}
}

fn alone<A: Agent + Behaviour>(agent: A) -> Result<A::Output, RunError> {
    multitools::run!(agent).map(|(output,)| output)
}
fn beside<A: Agent + Behaviour>(agent: A) -> Result<(A::Output, ()), RunError> {
    multitools::run!(agent, Display)
}
fn unrelated<T>(_: T) -> Result<(bool, ()), RunError> {
    multitools::run!(Sensor, Log)
}

fn main() {
    let closure = || multitools::run!(Sensor, Display,);
    assert!(closure().is_ok_and(|(sent, ())| sent));
    assert!(alone(Sensor).is_ok_and(|sent| !sent));
    assert!(beside(Sensor).is_ok_and(|(sent, ())| sent));
    assert!(unrelated(1).is_ok_and(|(sent, ())| sent));
}
