//! What multitools costs, measured beside its peers, and two benchmarks of its own.

mod compile;
mod job;
mod machine;
mod meter;
mod options;
mod peers;
mod report;
mod results;
mod rounds;
mod rows;
mod side;
mod workloads;

use job::{Job, Result};
use multitools_benchmarks::table;
use options::Options;
use peers::Peer;
use std::process::{Command, ExitCode};
use workloads::{commands, trips};

const USAGE: &str = "usage: cargo run --release [-- OPTIONS | BENCHMARK]

Without a benchmark, multitools is measured beside its peers:
  --quick              fewer and shorter rounds: two minutes in all
  --smoke              one short round, to see that everything works
  --only WORKLOAD,..   some of 16b 1kib 1mib 1to8 trip1 trip2 triploaded start start100 idle
                       thousand pair archiver
  --json FILE          writes every figure of every round
  --svg FILE           draws the medians
  --cores A,B          the two cores to be used instead of the first two
  --input DIR          what the archiver packs

Benchmarks of other things:
  dispatch   what it costs to find and call the handler of a message, and to find its listeners
  compile    what the macros add to `cargo check`, and each message to the program";

#[multitools::main]
fn main() -> ExitCode {
    let first = std::env::args().nth(1).unwrap_or_default();
    let outcome = match first.as_str() {
        side::SIDE => take_part(),
        "dispatch" => dispatch(),
        "compile" => compile::run().map_err(|error| error.to_string().into()),
        _ => compare(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures and reports.
fn compare() -> Result<()> {
    let Some(options) = Options::parse(lexopt::Parser::from_env())? else {
        println!("{USAGE}");
        return Ok(());
    };
    let results = rounds::run(&options)?;
    report::text::print(&results);
    if let Some(file) = &options.json {
        std::fs::write(file, report::json::write(&results)?)?;
    }
    if let Some(file) = &options.svg {
        std::fs::write(file, report::svg::draw(&results))?;
    }
    // What a peer cannot do is a result; what we cannot is a failure.
    match results.trouble_of_ours() {
        Some(trouble) => Err(format!("multitools: {trouble}").into()),
        None => Ok(()),
    }
}

/// What a process of a round does.
fn take_part() -> Result<()> {
    machine::die_with_parent()?;
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    let what = arguments.first().ok_or("nothing to do")?;
    match what.as_str() {
        commands::BYTE => return commands::write_byte(),
        trips::SPIN => return trips::spin(arguments.get(1).ok_or("no core")?.parse()?),
        _ => (),
    }
    let job: Job = serde_json::from_str(what)?;
    let peer = Peer::named(&job.peer)?;
    match &job.address {
        Some(address) => (peer.join)(&job, address),
        None => side::say(&(peer.begin)(&job)?),
    }
}

/// A program of its own: its thousand types would weigh on what is measured here.
fn dispatch() -> Result<()> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "run",
            "--release",
            "--locked",
            "--quiet",
            "--bin",
            "dispatch",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("dispatch: {status}").into()),
    }
}
