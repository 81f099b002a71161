use multitools::{PrintMessage, StringMessage, agent};

#[agent(resident, listen_to(PrintMessage, StringMessage))]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_string(&mut self, _m: &StringMessage) {}
}
fn main() {}
