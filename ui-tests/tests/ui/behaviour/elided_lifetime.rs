use multitools::{agent, message};

#[message]
struct Chunk<'a> {
    data: &'a [u8],
}
#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on(&mut self, _m: &Chunk) {}
}
fn main() {}
