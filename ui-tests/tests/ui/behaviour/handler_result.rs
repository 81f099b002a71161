use multitools::{Context, StringMessage, agent, message};

#[message(reply = u64)]
struct Square(u64);
struct NoText;

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn number(&mut self, _m: &StringMessage, _ctx: &mut Context) -> u32 {
        0
    }
    #[handle]
    fn no_reply(&mut self, _m: &Square) {}
}
#[agent(resident)]
struct B;
#[agent]
impl B {
    #[handle]
    fn other_reply(&mut self, _m: &Square) -> Result<String, String> {
        Err(String::new())
    }
    #[handle]
    fn error(&mut self, _m: &StringMessage) -> Result<(), NoText> {
        Err(NoText)
    }
}
fn main() {}
