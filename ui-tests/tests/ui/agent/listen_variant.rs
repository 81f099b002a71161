use multitools::{agent, message};

#[message]
enum Telemetry {
    Reading(f64),
    Off,
}
#[agent(resident, listen_to(Telemetry::Off))]
struct A;
#[agent]
impl A {
    #[handle]
    fn on(&mut self, _m: &Telemetry) {}
}
fn main() {}
