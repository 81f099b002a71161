//! Leads a new session with the terminal at its standard input, and runs the program that its arguments
//! name in the foreground. Tells how it ended, and stays: what a terminal shows may be lost when the
//! leader of its session ends.
#![allow(clippy::print_stdout, reason = "the test reads it")]

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let program = arguments.next().ok_or(std::io::ErrorKind::InvalidInput)?;
    rustix::process::setsid()?;
    rustix::process::ioctl_tiocsctty(std::io::stdin())?;
    // Ctrl-C is for the program.
    let noticed = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, noticed)?;
    let ended = Command::new(program).args(arguments).status()?;
    println!("--- ended with code {}", ended.code().unwrap_or(-1));
    loop {
        std::thread::park();
    }
}
