use multitools::agent;

#[agent]
struct A {
    number: u32,
}
#[agent]
impl A {
    fn op(&mut self) {}
}
fn main() {
    let _ = multitools::run!(A);
}
