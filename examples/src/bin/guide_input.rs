//! `ctx.input`: asking whoever sits at the terminal.
//!
//! There is one terminal and many agents, so the supervisor asks for them: one question at a time, with
//! the name of the agent in front. `input` waits until there is a line. `input_timeout` gives up in
//! time, and the question is withdrawn. When the input has ended, every question says so.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, InputError, RunError, agent};
use std::time::Duration;

#[agent(name = "Quiz")]
struct Quiz {
    patience: Duration,
}
#[agent]
impl Quiz {
    fn op(&mut self, ctx: &mut Context) -> Result<bool, InputError> {
        let name = match ctx.input("What is your name? ") {
            Err(InputError::EndOfInput) => {
                ctx.print("Nobody is there.");
                return Ok(false);
            }
            answer => answer?,
        };
        ctx.print(format_args!("Be quick, {name}."));
        match ctx.input_timeout("What is 6 times 7? ", self.patience) {
            Ok(answer) => Ok(answer.trim() == "42"),
            Err(InputError::Timeout(_)) => {
                ctx.print("Too late.");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

fn main() -> Result<(), RunError> {
    let (won,) = multitools::run!(Quiz {
        patience: Duration::from_secs(3)
    })?;
    println!("{}", if won { "Right!" } else { "Another time." });
    Ok(())
}
