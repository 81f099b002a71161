use multitools::{Context, StringMessage, agent};

struct Plain;
#[agent(sends(StringMessage))]
struct A;
#[agent]
impl A {
    fn op(&mut self, ctx: &mut Context<Self>) {
        let _ = ctx.send("B", &Plain);
    }
}
#[agent]
struct B;
#[agent]
impl B {
    fn op(&mut self, ctx: &mut Context) {
        let _ = ctx.send("A", &Plain);
    }
}
fn main() {}
