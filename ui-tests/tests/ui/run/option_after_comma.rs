use multitools::process;

#[process]
fn one() -> i32 {
    1
}
fn main() -> Result<(), multitools::RunError> {
    let (first,) = multitools::run!(one::with(), on_print = |_: &multitools::PrintMessage| ())?;
    let _ = first + 1;
    multitools::run!(one::with(), timeout = 5).map(drop)
}
