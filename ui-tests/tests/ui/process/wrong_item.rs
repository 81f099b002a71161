use multitools::process;

#[process]
struct P;
struct A;
impl A {
    #[process]
    fn method(&self) {}
}
#[process(name = "x", unnamed, resident)]
fn keys() {}
fn main() {}
