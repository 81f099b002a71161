use multitools::{Context, StringMessage, agent, message};

#[message]
struct Alarm;
#[agent(sends(StringMessage), announces(Alarm))]
#[derive(Default)]
struct Sensor;
#[agent]
impl Sensor {
    fn op(&mut self, _ctx: &mut Context<Self>) {}
}
#[agent(resident, listen_to(StringMessage))]
struct Display;
#[agent]
impl Display {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
    #[handle]
    fn on_alarm(&mut self, _: &Alarm) {}
}

fn run() -> Result<((), ()), multitools::RunError> {
    multitools::run!(Sensor::default(), Display)
}
fn main() {
    let _ = run();
    let _ = multitools::run!(Sensor; on_print = |_: &str| ());
}
