//! Leads a new session with the terminal at its standard input, and becomes the program that its
//! arguments name.

use std::os::unix::process::CommandExt;
use std::process::Command;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let program = arguments.next().ok_or(std::io::ErrorKind::InvalidInput)?;
    rustix::process::setsid()?;
    rustix::process::ioctl_tiocsctty(std::io::stdin())?;
    Err(Command::new(program).args(arguments).exec())
}
