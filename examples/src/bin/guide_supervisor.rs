//! The supervisor, which `run!` has been hiding.
//!
//! A `Supervisor` is a list of processes too, but it connects its agents with each other and with
//! itself: it prints for them, asks the user for them, and sees to it that none is left behind. `run!`
//! is its short form. Use the long one when the number of agents is known only when the program runs.
//!
//! A plain command may be added as well. It takes no messages, of which the supervisor warns on the
//! standard error, unless it is told not to.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, RunError, Supervisor, agent};
use std::process::Command;

#[agent]
struct Square {
    number: u64,
}
#[agent]
impl Square {
    fn op(&mut self, ctx: &mut Context) -> u64 {
        let square = self.number * self.number;
        ctx.print(format_args!("{} squared is {square}", self.number));
        square
    }
}

fn hello(word: &str) -> Command {
    let mut command = Command::new("echo");
    command.args(["hello from", word]);
    command
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    // Any number of agents, and their results.
    let mut supervisor = Supervisor::new();
    let squares: Vec<_> = (1..=3)
        .map(|number| supervisor.add(Square { number }).output())
        .collect();
    let mut results = supervisor.supervise()?;
    let mut sum = 0;
    for square in squares {
        sum += results.take(square)?;
    }
    println!("the sum is {sum}");

    // With a command beside an agent: there is a warning.
    Supervisor::new()
        .add(Square { number: 4 })
        .add_command(hello("a command"))
        .supervise()?;

    // Without the warning.
    Supervisor::new()
        .add_command(hello("another"))
        .warn_of_commands(false)
        .supervise()?;
    Ok(())
}
