use multitools::{StringMessage, agent};

#[agent(resident)]
struct A {
    seen: u32,
}
#[agent]
impl A {
    #[handle]
    fn on_text(&self, _: &StringMessage) {
        self.seen += 1;
    }
}
fn main() {}
