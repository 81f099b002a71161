use multitools::{StringMessage, agent};

#[agent(resident, listen_to(StringMessage, multitools::FileMessage, StringMessage))]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_string(&mut self, _m: &StringMessage) {}
}
fn main() {}
