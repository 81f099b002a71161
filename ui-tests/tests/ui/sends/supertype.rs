use multitools::{Context, StringMessage, agent, message};

#[message(extends = StringMessage)]
struct Notice(StringMessage);

#[agent(sends(Notice))]
struct A;
#[agent]
impl A {
    fn op(&mut self, ctx: &mut Context<Self>) {
        let _ = ctx.send("A", &StringMessage::new("wider than declared"));
    }
}
fn main() {}
