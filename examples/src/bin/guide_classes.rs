//! Structs as processes.
//!
//! An agent is a struct with `#[agent]` on it, and again on its `impl` block. The fields are its
//! arguments: they are sent to the agent's process, which builds the same struct from them and calls
//! `op`. What `op` returns is sent back.
//!
//! Compared with a function, a struct can have methods besides `op`, and keep state.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{RunError, agent};

/// Adds up the squares of some numbers.
#[agent(name = "Sum of squares")]
struct SumOfSquares {
    numbers: Vec<u64>,
    sum: u64,
}

#[agent]
impl SumOfSquares {
    fn op(&mut self) -> u64 {
        for number in std::mem::take(&mut self.numbers) {
            self.add(number * number);
        }
        self.sum
    }
}

/// An `impl` block without the attribute is an ordinary one, as are methods in the one with it.
impl SumOfSquares {
    fn of(numbers: impl IntoIterator<Item = u64>) -> Self {
        SumOfSquares {
            numbers: numbers.into_iter().collect(),
            sum: 0,
        }
    }

    fn add(&mut self, square: u64) {
        self.sum += square;
    }
}

fn main() -> Result<(), RunError> {
    let (low, high) = multitools::run!(SumOfSquares::of(1..=3), SumOfSquares::of(4..=6))?;
    println!("1 + 4 + 9 = {low}");
    println!("16 + 25 + 36 = {high}");
    Ok(())
}
