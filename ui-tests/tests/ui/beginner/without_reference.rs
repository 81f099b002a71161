use multitools::{Context, StringMessage, agent};

#[agent]
struct A;
#[agent]
impl A {
    fn op(&mut self, ctx: &mut Context) {
        let _ = ctx.send("B", StringMessage::new("hello"));
        let _ = ctx.send("B", "hello");
    }
}
fn main() {}
