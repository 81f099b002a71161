use multitools::agent;

#[agent]
struct A;
#[agent]
impl A {
    fn op(&mut self) {}
}
fn main() {
    let a = A;
    let _ = multitools::run!(a, a);
}
