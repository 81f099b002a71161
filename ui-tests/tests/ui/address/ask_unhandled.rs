use multitools::{Context, StringMessage, agent, message};

#[message(reply = u64)]
struct Square(u64);

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}

fn ask(ctx: &mut Context) {
    let _ = ctx.addr::<A>().ask(ctx, &Square(12));
}
fn main() {}
