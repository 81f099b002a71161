use multitools::{Context, StringMessage, agent};

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}

fn ask(ctx: &mut Context) {
    let _ = ctx.addr::<A>().ask(ctx, &StringMessage::new("what?"));
}
fn main() {}
