use multitools::process;

#[process]
fn one() -> i32 {
    1
}
fn main() {
    let _ = multitools::run!(one::with(); on_prnt = |_: &str| ());
}
