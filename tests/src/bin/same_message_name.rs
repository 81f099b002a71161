//! Two message types of one stable name, which no compiler run can see.

use multitools::{RunError, agent, message};

#[message(name = "weather")]
struct Report {
    degrees: f32,
}
#[message(name = "weather")]
struct Forecast {
    degrees: f32,
}

#[agent]
#[derive(Default)]
struct Main;
#[agent]
impl Main {
    fn op(&mut self, ctx: &mut multitools::Context) {
        ctx.print(Report { degrees: 1.0 }.degrees + Forecast { degrees: 2.0 }.degrees);
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!()
}
