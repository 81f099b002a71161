use multitools::{Context, StringMessage, agent};

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage, ctx: Context) {}
    #[handle]
    fn on_any(&mut self, ctx: &mut Context, _: &multitools::AnyMessage) {}
    fn op(&mut self, ctx: &Context) {}
}
fn main() {}
