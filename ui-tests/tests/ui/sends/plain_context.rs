use multitools::{Context, StringMessage, agent};

#[agent(sends(StringMessage))]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage, ctx: &mut Context) {
        let _ = ctx;
    }
    fn op(&mut self, _ctx: &mut multitools::Context) {}
}
fn main() {}
