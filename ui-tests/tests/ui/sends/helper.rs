use multitools::{Context, StringMessage, agent};

#[agent(sends(StringMessage))]
struct A;
#[agent]
impl A {
    fn op(&mut self, ctx: &mut Context<Self>) {
        greet(ctx);
    }
}
fn greet(ctx: &mut Context) {
    let _ = ctx.send("B", &StringMessage::new("hello"));
}
fn main() {}
