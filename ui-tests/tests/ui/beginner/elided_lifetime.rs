use multitools::{agent, message};

#[message]
struct Chunk {
    data: &[u8],
}
#[message]
enum Text {
    Borrowed(Option<&str>),
}
#[agent]
struct A {
    name: &str,
}
#[agent]
impl A {
    fn op(&mut self) {}
}
fn main() {}
