use multitools::agent;

#[agent]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
    fn op(&mut self, _ctx: &mut Context) {}
}
fn main() {}
