use multitools::message;

#[derive(Clone, Debug)]
#[message]
struct M {
    n: u32,
}
fn main() {}
