use multitools::agent;

#[agent(name = "a", name = "b", resdent, listen_too(multitools::StringMessage), colour = "red", resident = "yes")]
struct A;
#[agent]
impl A {
    fn op(&mut self) {}
}
#[agent(name = "b", unnamed)]
struct B;
#[agent]
impl B {
    fn op(&mut self) {}
}
#[agent(name = "", listen_to = StringMessage, manual(true), listen_to(3))]
struct C;
#[agent]
impl C {
    fn op(&mut self) {}
}

fn is_still_an_agent<A: multitools::Agent>(_: A) {}
fn main() {
    is_still_an_agent(A);
    is_still_an_agent(B);
    is_still_an_agent(C);
}
