use multitools::{Context, agent};

#[agent(sends())]
struct A;
#[agent]
impl A {
    fn op(&mut self, _ctx: &mut Context<B>) {}
}
#[agent(sends())]
struct B;
#[agent]
impl B {
    fn op(&mut self, _ctx: &mut Context<Self>) {}
}
fn main() {}
