//! Functions as processes.
//!
//! `#[process]` makes a function one that can run in a process of its own. It stays an ordinary
//! function: `multiply(2, 3)` calls it here. `multiply::with(2, 3)` is the call as a value, to be made
//! elsewhere: `run!` starts a process for each that it is given, and waits until all have ended.
//!
//! There are two ways to get a number out of a process:
//!
//! - a `Value` is a number in memory that processes share: the parent makes it and passes it along;
//! - what the function returns comes back from `run!`, with its type.
//!
//! `#[multitools::main]` stands on a `main` that does anything before `run!`. Every process of the
//! program begins at `main`, and this is where the children turn off to their own work.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Value, process};
use std::error::Error;

/// Leaves its result in shared memory.
#[process]
fn multiply_into(result: Value<i64>, one: i64, two: i64) {
    result.set(one * two);
}

/// Returns its result.
#[process]
fn multiply(one: i64, two: i64) -> i64 {
    one * two
}

/// Counts in a number that others count in as well: no step is lost.
#[process]
fn count(total: Value<u32>, steps: u32) {
    for _ in 0..steps {
        total.update(|total| total + 1);
    }
}

#[multitools::main]
fn main() -> Result<(), Box<dyn Error>> {
    println!("called here: {}", multiply(2, 3));

    let result = Value::new(0)?;
    let ((), product) = multitools::run!(
        multiply_into::with(result, 1234, 5678),
        multiply::with(1234, 5678),
    )?;
    println!("in shared memory: {}", result.get());
    println!("returned: {product}");

    let total = Value::new(0)?;
    multitools::run!(
        count::with(total, 1000),
        count::with(total, 1000),
        count::with(total, 1000),
    )?;
    println!("counted by three: {}", total.get());
    Ok(())
}
