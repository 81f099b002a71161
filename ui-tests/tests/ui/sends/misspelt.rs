use multitools::{Context, StringMessage, agent};

#[agent(send(StringMessage), anounces = StringMessage, sends = StringMessage)]
struct A;
#[agent]
impl A {
    fn op(&mut self, _ctx: &mut Context<Self>) {}
}
fn main() {}
