use multitools::{Context, FileMessage, Recipients, StringMessage, agent};

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}

#[agent(resident)]
struct B;
#[agent]
impl B {
    #[handle]
    fn on_file(&mut self, _: &FileMessage) {}
}
fn all(ctx: &Context) -> Recipients<StringMessage> {
    Recipients::of(ctx.addr::<A>()).and(ctx.addr::<B>())
}
fn main() {}
