use multitools::{agent, message, process};

#[agent(name = Server, unnamed = false, listen_to = [Ripple, Wave], spawns("Helper"))]
struct A;
#[agent]
impl A {
    fn op(&mut self) {}
}
#[agent(resident = true, manual = true, listen_to = Wave, memory = 64MiB, files(64), nice = "low")]
struct B;
#[agent]
impl B {
    #[handle]
    fn on_wave(&mut self, _: &Wave) {}
}
#[agent(name("c"), restart(always), max = 2.5, group = 'c', backoff, within("60s"), cpu = 60)]
struct C;
#[agent]
impl C {
    fn op(&mut self) {}
}
#[message(extends(Wave), reply = "u64", name = one::Message)]
struct D;
#[message]
struct Wave;
#[process(name = 5, crate = "multitools")]
fn process() {}

fn main() {}
