use multitools::{agent, message};

#[message(reply = u64)]
struct Square(u32);

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_square(&mut self, square: &Square) -> u32 {
        square.0 * square.0
    }
}
#[agent(resident)]
struct B;
#[agent]
impl B {
    #[handle]
    fn on_square(&mut self, _: &Square) {}
}
fn main() {}
