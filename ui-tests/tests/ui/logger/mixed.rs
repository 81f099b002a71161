use multitools::{AnyMessage, agent, logger};

#[logger(listen_to(AnyMessage))]
struct Logger;
#[agent]
impl Logger {
    #[handle]
    fn log(&mut self, _m: &AnyMessage) {}
}

#[agent(resident, listen_to(AnyMessage))]
struct Agent;
#[logger]
impl Agent {
    fn log(&mut self, _m: &AnyMessage) {}
}
fn main() {}
