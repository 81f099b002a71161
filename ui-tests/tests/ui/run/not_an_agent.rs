use multitools::{StringMessage, agent};

struct Plain;

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}

fn main() {
    let _ = multitools::run!(A, Plain);
}
