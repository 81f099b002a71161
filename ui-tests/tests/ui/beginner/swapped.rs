use multitools::{Context, FileMessage, StringMessage, agent};

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_text(&mut self, _ctx: &mut Context, _text: &StringMessage) {}
    #[handle]
    fn on_file(&mut self, _ctx: &Context, _file: FileMessage) {}
    #[handle]
    fn on_any(&mut self, _ctx: &mut Context) {}
}
fn main() {}
