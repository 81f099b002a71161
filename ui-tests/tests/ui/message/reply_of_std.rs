use multitools::{agent, message};
use std::time::Instant;

#[message(reply = Instant)]
struct Ask;

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_ask(&mut self, _: &Ask) -> Instant {
        Instant::now()
    }
}
fn main() {}
