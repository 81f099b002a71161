//! The forms of `run!`.
#![deny(warnings)]
#![forbid(unsafe_code)]
use multitools::{Context, agent, process};

#[process]
fn double(number: u32) -> u32 {
    number * 2
}
#[agent(resident)]
struct Idle;
#[agent]
impl Idle {
    #[handle]
    fn on_any(&mut self, _: &multitools::AnyMessage, _: &mut Context) {}
}

fn main() -> Result<(), multitools::RunError> {
    let (one, two, ()) = multitools::run!(
        double::with(1),
        { let number = 2; double::with(number) },
        Idle,
    )?;
    assert_eq!((one, two), (2, 4));
    let mut ended = false;
    let (four,) = multitools::run!(double::with(2); on_print = |_: &str| (), on_finish = || ended = true)?;
    assert_eq!((four, ended), (4, true));
    Ok(())
}
