use multitools::agent;

#[agent(resident, listen_to(Strng))]
struct A;
#[agent]
impl A {
    #[handle]
    fn on(&mut self, _m: &multitools::StringMessage) {}
}
fn main() {}
