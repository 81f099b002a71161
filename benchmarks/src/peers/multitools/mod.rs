//! multitools, through its public API.

mod costs;
mod starting;
mod streaming;
mod talking;

use crate::job::{Job, Outcome, Result, Workload};
use crate::workloads::archiver;
use multitools::RunError;

/// The run that is measured.
pub fn begin(job: &Job) -> Result<Outcome> {
    match job.workload {
        Workload::Small | Workload::Kibibyte => streaming::texts(job),
        Workload::Mebibyte => streaming::chunks(job),
        Workload::FanOut => streaming::fan_out(job),
        Workload::TripOneCore | Workload::TripTwoCores | Workload::TripLoaded => {
            talking::trips(job)
        }
        Workload::Start => starting::one_by_one(job),
        Workload::StartHundred => starting::at_once(job),
        Workload::Idle => costs::idle(job),
        Workload::Thousand => costs::thousand(job),
        Workload::Pair => costs::pair(job),
        Workload::Archiver => archiver::ours(job),
    }
}

/// The same for texts that the receiver borrows.
pub fn begin_borrowed(job: &Job) -> Result<Outcome> {
    streaming::borrowed_texts(job)
}

/// Why a run failed, in one line: the library has told the whole of it already.
fn failed(error: RunError) -> Box<dyn std::error::Error + Send + Sync> {
    error
        .to_string()
        .lines()
        .next()
        .unwrap_or("the run failed")
        .into()
}
