use multitools::{StringMessage, agent};

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on(&mut self, _m: &StringMessage) {}
}
#[agent]
impl A {
    fn op(&mut self) {}
}
fn main() {}
