use multitools::{Request, message};

#[message(reply = u64)]
struct Ask {
    n: u64,
}
#[message(extends = Ask, reply = String)]
struct Other(Ask);
#[message]
struct Plain;

fn asks<R: Request>(_: R) {}
fn main() {
    asks(Plain);
}
