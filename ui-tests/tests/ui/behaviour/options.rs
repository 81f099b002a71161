use multitools::{StringMessage, agent};

#[agent(resident)]
struct A;
#[agent(name = "x", resident)]
impl A {
    #[handle]
    fn on(&mut self, _m: &StringMessage) {}
}
fn main() {}
