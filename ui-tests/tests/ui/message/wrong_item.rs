use multitools::message;

#[message]
fn function() {}
#[message]
union Union {
    a: u32,
}
#[message]
impl u8 {}
#[message]
mod module {}
#[message]
struct Generic<T> {
    t: T,
}
#[message]
enum Counted<'a, const N: usize> {
    A(&'a str, [u8; N]),
}
fn main() {}
