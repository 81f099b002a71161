//! What multitools costs, measured: one command for each benchmark.

mod compile;
mod dispatch;
mod table;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo run --release -- BENCHMARK

  dispatch   what it costs to find and call the handler of a message, and to find its listeners
  compile    what the macros add to `cargo check`, and each message to the program";

#[multitools::main]
fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let outcome = match name.as_str() {
        "dispatch" => dispatch::run(),
        "compile" => compile::run(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}
