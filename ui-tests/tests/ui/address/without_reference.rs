use multitools::{Context, StringMessage, agent};

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}

fn send(ctx: &mut Context) {
    let _ = ctx.addr::<A>().send(ctx, StringMessage::new("hello"));
}
fn main() {}
