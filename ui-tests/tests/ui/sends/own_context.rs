use multitools::{Context, StringMessage, agent};

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage, ctx: &mut Context<Self>) {
        let _ = ctx;
    }
}
#[agent]
struct B;
#[agent]
impl B {
    fn op(&mut self, _ctx: &mut Context<Self>) {}
}
fn main() {}
