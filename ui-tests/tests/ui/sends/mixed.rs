use multitools::{Context, StringMessage, agent};

#[agent(sends(StringMessage))]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage, _: &mut Context) {}
    fn op(&mut self, _: &mut Context<Self>) {}
}
fn main() {}
