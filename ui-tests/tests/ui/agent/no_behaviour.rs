use multitools::{StringMessage, agent};

#[agent(name = "Agent one", listen_to(StringMessage))]
struct A;
fn main() {}
