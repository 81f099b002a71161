use multitools::{Context, StringMessage, agent, message};

#[message(extends = StringMessage)]
struct Notice(StringMessage);

#[agent(sends(StringMessage, StringMessage), announces(Notice, Notice))]
struct A;
#[agent(sends(StringMessage, Notice), announces(Notice, StringMessage))]
struct B;
#[agent]
impl A {
    fn op(&mut self, _ctx: &mut Context<Self>) {}
}
#[agent]
impl B {
    fn op(&mut self, _ctx: &mut Context<Self>) {}
}
fn main() {}
