use multitools::{StringMessage, agent};

#[agent]
struct A;
#[agent]
impl A {
    fn op(&mut self) {
        let _ = ctx.send("B", &StringMessage::new("hello"));
    }
}
fn main() {}
