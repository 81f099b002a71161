use multitools::{agent, message};

struct Answer(u32);

#[message(reply = Answer)]
struct Ask;
#[message(reply = u32)]
struct Count;

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_count(&mut self, _: &Count) -> Answer {
        Answer(1)
    }
}
fn main() {}
