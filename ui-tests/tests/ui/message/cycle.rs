use multitools::message;

#[message(extends = B)]
struct A {
    base: B,
}
#[message(extends = A)]
struct B {
    base: A,
}
fn main() {}
