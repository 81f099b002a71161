use multitools::{Context, StringMessage, agent};

struct Plain;
#[agent(sends(StringMessage, Plain))]
struct A;
#[agent]
impl A {
    fn op(&mut self, _ctx: &mut Context<Self>) {}
}
fn main() {}
