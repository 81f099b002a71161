//! Spawns an agent whose process ends before it is one, while the file exists that is named by the first
//! argument, and the same again when it does not.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, Error, RunError, agent, process};
use std::path::PathBuf;
use std::time::Duration;

#[process]
fn multiply(one: u32, two: u32) -> u32 {
    one * two
}

#[agent]
struct Spawner {
    closed: PathBuf,
}
#[agent]
impl Spawner {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let failed = |error: std::io::Error| Error::Handler(error.to_string());
        std::fs::write(&self.closed, "").map_err(failed)?;
        match ctx.spawn(multiply::with(6, 7)) {
            Ok(spawned) => ctx.print(format_args!("{spawned:?} came up")),
            Err(error) => ctx.print(error),
        }
        std::fs::remove_file(&self.closed).map_err(failed)?;
        let spawned = ctx.spawn(multiply::with(6, 7))?;
        let product = ctx.join(spawned, Duration::from_secs(30))?;
        ctx.print(format_args!("and then {product}"));
        Ok(())
    }
}

fn main() -> Result<(), RunError> {
    let closed = PathBuf::from(std::env::args_os().nth(1).unwrap_or_default());
    if closed.exists() {
        std::process::exit(3);
    }
    multitools::run!(Spawner { closed }).map(drop)
}
