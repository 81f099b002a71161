use multitools::process;

#[process]
fn one() -> i32 {
    1
}
fn main() {
    let (_number,): (String,) = multitools::run!(one::with()).unwrap_or_default();
}
