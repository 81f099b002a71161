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
    #[handle]
    fn on_any(&mut self, _m: &multitools::AnyMessage) {}
    fn op(&mut self) {}
}
fn main() {}
