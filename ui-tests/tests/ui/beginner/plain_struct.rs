use multitools::{Context, StringMessage, agent};

struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage, ctx: &mut Context) {
        ctx.print("hello");
    }
}
fn main() {}
