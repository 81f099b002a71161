//! Starting processes without a library: `std::process::Command`, and a child that writes one byte.

use crate::job::{Job, Outcome, Result, Workload};
use crate::side::{SIDE, Side, this_executable};
use multitools_benchmarks::table::median;
use std::io::Write;
use std::time::Instant;

/// The argument of such a child.
pub const BYTE: &str = "byte";

/// How many are started at once.
pub const MANY: usize = 100;

/// The child's part.
pub fn write_byte() -> Result<()> {
    let mut out = std::io::stdout();
    out.write_all(&[1])?;
    Ok(out.flush()?)
}

/// Starts one after the other, or many at once, and waits for their first bytes.
pub fn begin(job: &Job) -> Result<Outcome> {
    let at_once = match job.workload {
        Workload::StartHundred => MANY,
        _ => 1,
    };
    let mut samples = Vec::new();
    for _ in 0..job.count {
        let begun = Instant::now();
        let sides: Result<Vec<Side>> = (0..at_once).map(|_| start()).collect();
        let mut sides = sides?;
        sides.iter_mut().try_for_each(Side::first_byte)?;
        samples.push(begun.elapsed().as_secs_f64());
    }
    Ok(of_samples(samples))
}

fn start() -> Result<Side> {
    let mut command = this_executable()?;
    command.args([SIDE, BYTE]);
    Side::of(command)
}

/// The outcome of some starts, each in seconds.
pub fn of_samples(samples: Vec<f64>) -> Outcome {
    let sum = samples.iter().sum();
    Outcome::new(sum, [("milliseconds", median(samples) * 1e3)])
}
