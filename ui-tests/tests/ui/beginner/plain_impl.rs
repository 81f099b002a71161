use multitools::{StringMessage, agent};

#[agent(resident, listen_to(StringMessage))]
struct A;
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}
fn main() {}
