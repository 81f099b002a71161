//! Agents under faults: kills, stops, floods, slow readers, messages of all sizes and kinds, restarts, and
//! agents that are spawned and leave messages unread. Every side writes down what it does, and when a run
//! is over the records have to agree with each other and with what was reported.
//!
//! `cargo run --release -p multitools-tests --bin chaos -- --seconds 60 --seed 1 [--transport socket]`
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here fails the suite, and agents fail in every way"
)]

mod acts;
mod checker;
mod faults;
mod figures;
mod ledger;
mod population;
mod records;
mod round;
mod told;

use clap::{Parser, ValueEnum};
use figures::Figures;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// What the program is asked for.
#[derive(Parser)]
struct Options {
    /// For how long new runs begin.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// What all choices follow from; the order of events is that of the machine.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The first run, to begin with one that has failed before.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How messages travel.
    #[arg(long, value_enum, default_value_t = Transport::Memory)]
    transport: Transport,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Transport {
    Memory,
    Socket,
}

const TRANSPORT: &str = "MULTITOOLS_TRANSPORT";

#[multitools::main]
fn main() -> ExitCode {
    let options = Options::parse();
    if options.transport == Transport::Socket && !multitools_tests::over_sockets() {
        return over_sockets();
    }
    let begin = Instant::now();
    let mut figures = Figures::default();
    let mut run = options.from;
    loop {
        match round::play(options.seed, run) {
            Ok(played) => figures.add(&played),
            Err(evidence) => {
                println!(
                    "seed {}, run {run} has broken a rule:\n{evidence}",
                    options.seed
                );
                return ExitCode::FAILURE;
            }
        }
        run += 1;
        if begin.elapsed() >= Duration::from_secs(options.seconds) {
            break;
        }
    }
    println!("{figures}losses: none\nseed: {}", options.seed);
    ExitCode::SUCCESS
}

/// The same in a process whose agents talk over sockets.
fn over_sockets() -> ExitCode {
    let mut again = Command::new(std::env::current_exe().unwrap());
    let status = again.args(std::env::args_os().skip(1));
    let status = status.env(TRANSPORT, "socket").status().unwrap();
    if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
