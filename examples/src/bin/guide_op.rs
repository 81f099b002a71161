//! `op`: what an agent runs.
//!
//! `op` takes `&mut self`, and a `&mut Context` if it wants to print, send or receive. It may return
//! nothing, a value, or a `Result`. A value comes back from `run!` with its type; so does the `Ok` of a
//! `Result`, while an `Err` is a failure of the agent, which ends the run (see `guide_exceptions`).
//! When `op` returns, the agent ends.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, RunError, agent};
use std::num::ParseIntError;

/// Returns nothing.
#[agent]
struct Greet;
#[agent]
impl Greet {
    fn op(&mut self, ctx: &mut Context) {
        ctx.print("hello");
    }
}

/// Returns a value: anything that serde can encode.
#[agent]
struct Divide {
    dividend: u32,
    divisor: u32,
}
#[agent]
impl Divide {
    fn op(&mut self) -> (u32, u32) {
        (self.dividend / self.divisor, self.dividend % self.divisor)
    }
}

/// Returns a `Result`; any error that can be displayed will do.
#[agent]
struct Parse {
    text: String,
}
#[agent]
impl Parse {
    fn op(&mut self) -> Result<i64, ParseIntError> {
        let number: i64 = self.text.trim().parse()?;
        Ok(number)
    }
}

fn main() -> Result<(), RunError> {
    let ((), (quotient, remainder), number) = multitools::run!(
        Greet,
        Divide {
            dividend: 47,
            divisor: 5
        },
        Parse {
            text: " 1234 ".to_owned()
        },
    )?;
    println!("47 / 5 = {quotient}, remainder {remainder}");
    println!("parsed {number}");
    Ok(())
}
