//! Who is started by an agent of the run listens, too; agents may start their like, and each other.
use multitools::{Context, Error, LISTENERS, agent, message};
use std::time::Duration;

#[message]
struct Alarm;

#[agent(announces(Alarm), spawns(Siren, Sensor))]
struct Sensor;
#[agent]
impl Sensor {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let siren = ctx.spawn(Siren)?;
        ctx.send(LISTENERS, &Alarm)?;
        Ok(ctx.join(siren, Duration::from_secs(10))?)
    }
}
#[agent(listen_to(Alarm), spawns(Sensor))]
struct Siren;
#[agent]
impl Siren {
    #[handle]
    fn on_alarm(&mut self, _: &Alarm) {}
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.receive(self).map(drop)
    }
}

fn main() {
    multitools::run!(Sensor).unwrap();
}
