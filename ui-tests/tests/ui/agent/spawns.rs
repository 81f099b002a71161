use multitools::{Context, StringMessage, agent, process};

struct NoAgent;

#[process]
fn work() {}

#[agent(spawns(NoAgent, StringMessage, B, B))]
struct A;
#[agent]
impl A {
    fn op(&mut self, _ctx: &mut Context) {}
}
#[agent(spawns(NoAgent, B))]
struct B;
#[agent]
impl B {
    fn op(&mut self, _ctx: &mut Context) {}
}
fn main() {}
