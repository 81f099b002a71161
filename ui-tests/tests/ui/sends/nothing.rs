use multitools::{Context, StringMessage, agent};

#[agent(sends())]
struct A;
#[agent]
impl A {
    fn op(&mut self, ctx: &mut Context<Self>) {
        let _ = ctx.send("A", &StringMessage::new("hello"));
    }
}
fn main() {}
