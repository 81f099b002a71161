use multitools::message;

#[message(name = "a", name = "b", extend = StringMessage, colour = Vec<u8, u8>, reply, name("c"), 5)]
struct A;
#[message(name = "")]
struct B;
#[message(extends = "StringMessage")]
struct C;
#[message(reply = u32 u64)]
struct D;

fn is_still_a_message<M: multitools::Message>(_: M) {}
fn main() {
    is_still_a_message(A);
    is_still_a_message(D);
}
