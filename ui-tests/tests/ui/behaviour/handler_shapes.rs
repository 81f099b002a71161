use multitools::{Context, StringMessage, agent};

#[agent(resident, listen_to(StringMessage))]
struct A;
#[agent]
impl A {
    #[handle]
    fn by_value(&mut self, _m: StringMessage) {}
    #[handle]
    fn by_mut(&mut self, _m: &mut StringMessage) {}
    #[handle]
    fn no_message(&mut self) {}
    #[handle]
    fn no_self(_m: &StringMessage) {}
    #[handle]
    fn consumes(self, _m: &StringMessage) {}
    #[handle]
    fn third(&mut self, _m: &StringMessage, _n: u32) {}
    #[handle]
    fn fourth(&mut self, _m: &StringMessage, _ctx: &mut Context, _n: u32) {}
    #[handle]
    fn generic<T>(&mut self, _m: &T) {}
    #[handel]
    fn typo(&mut self, _m: &StringMessage) {}
    #[handle(now)]
    fn arguments(&mut self, _m: &StringMessage) {}
    #[handle]
    async fn waits(&mut self, _m: &StringMessage) {}
    #[handle]
    unsafe fn dares(&mut self, _m: &StringMessage) {}
}
fn main() {}
