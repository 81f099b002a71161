use multitools::{StringMessage, agent};

#[agent(resident, listen_to(StringMessage))]
struct A;
#[agent]
impl A {
    fn on_text(&mut self, _: &StringMessage) {}
}
fn main() {}
