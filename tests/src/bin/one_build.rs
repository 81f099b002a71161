//! A program whose agents are run by another build of it, as happens where an executable is a launcher
//! and what it launches has been replaced meanwhile.

use multitools::{Context, RunError, agent, message};
use std::os::unix::process::CommandExt;
use std::process::Command;

#[message(name = "builds.Word")]
struct Word {
    number: u32,
}

#[agent]
#[derive(Default)]
struct Speaker;
#[agent]
impl Speaker {
    fn op(&mut self, ctx: &mut Context) {
        ctx.print(format_args!("{:?}", Word { number: 1 }));
    }
}

fn main() -> Result<(), RunError> {
    let is_agent = std::env::var_os("MULTITOOLS_PARENT").is_some();
    if let (true, Some(other)) = (is_agent, std::env::var_os("OTHER_BUILD")) {
        let error = Command::new(other).env_remove("OTHER_BUILD").exec();
        return Err(std::io::Error::from(error.kind()).into());
    }
    multitools::run!()
}
