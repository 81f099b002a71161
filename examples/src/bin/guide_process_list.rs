//! Processes that are started and waited for together.
//!
//! A `ProcessList` holds functions, agents and plain commands alike. It starts them, joins them and
//! gives back their results, and that is all it does: its processes have no supervisor, so they cannot
//! send each other messages.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{ProcessError, ProcessList, agent, process};
use std::process::{Command, Stdio};
use std::time::Duration;

#[process]
fn square(number: u64) -> u64 {
    number * number
}

#[agent]
struct Shout {
    text: String,
}
#[agent]
impl Shout {
    fn op(&mut self) -> String {
        self.text.to_uppercase()
    }
}

/// Several kinds in one list, started and joined at once.
fn mixed() -> Result<(), ProcessError> {
    let mut list = ProcessList::new();
    let one = list.add(square::with(1234));
    let two = list.add(square::with(678));
    let text = list.add(Shout {
        text: "hello".to_owned(),
    });
    list.add_command(Command::new("true"));
    list.start()?;
    list.join()?;
    println!(
        "{} {} {}",
        list.take(one)?,
        list.take(two)?,
        list.take(text)?
    );
    Ok(())
}

/// A command that ends only when it is told to.
fn endless() -> Result<(), ProcessError> {
    let mut list = ProcessList::new();
    let mut cat = Command::new("cat");
    // Nobody writes to this pipe, so `cat` waits.
    cat.stdin(Stdio::piped());
    list.add_command(cat);
    println!("before the start, alive: {}", list.is_alive());
    list.start()?;
    match list.join_timeout(Duration::from_millis(50)) {
        Err(ProcessError::Timeout { process, .. }) => println!("{process} goes on"),
        other => other?,
    }
    println!("meanwhile, alive: {}", list.is_alive());
    list.terminate();
    // A process that a signal has ended has failed.
    match list.join() {
        Err(ProcessError::Failed { process, reason }) => println!("{process} {reason}"),
        other => other?,
    }
    println!("afterwards, alive: {}", list.is_alive());
    Ok(())
}

/// `run!` says for itself where a child turns off; without it, `#[multitools::main]` does.
#[multitools::main]
fn main() -> Result<(), ProcessError> {
    mixed()?;
    endless()
}
