use multitools::{agent, process};

#[agent(memory = "512", cpu = "90", files = 3, nice = 20)]
struct A;
#[agent]
impl A {
    fn op(&mut self) {}
}
#[agent(memory = "64MB", cpu = "1500ms", files = "64", nice = -5)]
struct B;
#[agent]
impl B {
    fn op(&mut self) {}
}
#[agent(memory = 512, cpu = "0s", files = 64u32, nise = 5)]
struct C;
#[agent]
impl C {
    fn op(&mut self) {}
}
#[agent]
struct OnTheBlock;
#[agent(memory = "64MiB")]
impl OnTheBlock {
    fn op(&mut self) {}
}
#[process(memory = "0MiB", cpu = "soon")]
fn process() {}

fn is_still_an_agent<A: multitools::Agent>(_: A) {}
fn main() {
    is_still_an_agent(A);
    is_still_an_agent(B);
    is_still_an_agent(C);
}
