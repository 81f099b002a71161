use multitools::{Context, FileMessage, Recipients, StringMessage, agent, message};
use std::time::Duration;

#[message(reply = u64)]
struct Square(u64);

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_file(&mut self, _: &FileMessage) {}
    #[handle]
    fn on_square(&mut self, _: &Square) -> u64 {
        0
    }
}

#[agent(sends(StringMessage), resident)]
struct B;
#[agent]
impl B {
    #[handle]
    fn on_text(&mut self, _: &StringMessage, ctx: &mut Context<Self>) {
        let file = FileMessage::new("notes.txt");
        let a = ctx.addr::<A>();
        let _ = a.send(ctx, &file);
        let _ = Recipients::of(a).send(ctx, &file);
        let _ = a.ask(ctx, &Square(12));
        let _ = ctx.ask("A", &Square(12), Duration::ZERO);
    }
}
fn main() {}
