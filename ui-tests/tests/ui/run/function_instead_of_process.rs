use multitools::process;

#[process]
fn product(left: i32, right: i32) -> i32 {
    left * right
}
fn main() {
    let _ = multitools::run!(product(6, 7));
    let _ = multitools::run!(product);
}
