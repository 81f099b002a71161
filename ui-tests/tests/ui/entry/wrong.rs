#[multitools::test]
struct NotAFunction;
#[multitools::test]
async fn waits() {}
#[multitools::main]
fn not_main() {}
#[multitools::main(threads = 4)]
async fn main() {}
