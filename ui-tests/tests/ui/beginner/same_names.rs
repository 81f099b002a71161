use multitools::{FileMessage, StringMessage, agent};

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on(&mut self, _: &FileMessage) {}
    #[handle]
    fn on(&mut self, _: &StringMessage) {}
}
fn main() {}
