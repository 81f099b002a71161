//! `ctx.print`: lines that are never torn.
//!
//! Agents that write to the standard output themselves may write over each other. `ctx.print` has the
//! supervisor write instead, one whole line after the other, each agent's in order, and all of them
//! before the run is over. It takes whatever can be displayed.
//!
//! `on_print` takes the lines instead: for a log, a progress bar, or a window.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, RunError, agent};

#[agent(name = "Counter")]
struct Counter {
    letter: char,
    to: u32,
}
#[agent]
impl Counter {
    fn op(&mut self, ctx: &mut Context) {
        for n in 1..=self.to {
            ctx.print(format_args!("{}{n}", self.letter));
        }
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    // To the standard output.
    multitools::run!(
        Counter { letter: 'a', to: 3 },
        Counter { letter: 'b', to: 3 }
    )?;

    // To a handler, which may borrow: it is called on this thread, while `run!` waits.
    let mut lines = Vec::new();
    multitools::run!(
        Counter { letter: 'c', to: 2 };
        on_print = |line| {
            println!("CAUGHT {line}");
            lines.push(line.len());
        },
    )?;
    println!("{} lines caught", lines.len());
    Ok(())
}
