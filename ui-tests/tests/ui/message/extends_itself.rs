use multitools::message;

#[message(extends = A)]
struct A(u32);
#[message(extends = multitools::AnyMessage)]
struct B;
fn main() {}
