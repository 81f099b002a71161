use multitools::{StringMessage, message};

#[message(extends = StringMessage)]
struct A {
    seq: u32,
    base: StringMessage,
}
#[message(extends = StringMessage)]
enum B {
    Text(StringMessage),
}
fn main() {}
