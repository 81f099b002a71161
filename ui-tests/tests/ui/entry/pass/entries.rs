//! `#[multitools::main]` and `#[multitools::test]` keep what stands on and in their functions.
#[multitools::test]
#[ignore = "only compiled"]
fn test() -> Result<(), String> {
    Ok(())
}
mod inner {
    #[multitools::test]
    #[cfg(any())]
    fn gone() {
        does_not_exist()
    }
}
#[multitools::main]
#[allow(clippy::unnecessary_wraps)]
fn main() -> Result<(), std::fmt::Error> {
    #![allow(unused_variables)]
    let unused = 1;
    Ok(())
}
