use multitools::{StringMessage, agent, process};

#[agent("One", listen_to(StringMessage, "Two"))]
struct One;
#[agent]
impl One {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}
#[process("work")]
fn work() {}
fn main() {}
