//! The supervisor's side of a run: starts the agents, tells them of each other, watches, and reports.

mod accounts;
mod builder;
mod burying;
mod claims;
mod companions;
mod console;
mod events;
mod exceeding;
mod finishing;
mod hang;
mod hearing;
mod idling;
mod links;
mod main_loop;
mod member;
mod notice;
mod outbound;
mod report;
mod restart_limit;
mod restarting;
mod results;
mod retrying;
mod run_error;
mod shutdown;
mod spawning;
mod standard_error;
mod startup;
mod suspicion;
mod telling;
mod terminal;
mod watching;
mod wording;

#[cfg(any(test, fuzzing))]
pub(crate) use accounts::audit;
pub use builder::{Added, Supervisor};
pub use claims::{Claim, Collect, KnownRun, Run, Runnable, UncheckedRun, UnknownRun, add_to};
pub use exceeding::Exceeded;
pub use hang::{Hang, Waiting};
pub use notice::Notice;
pub use report::{Cause, Handled, Report, Undelivered};
pub use restart_limit::RestartLimit;
pub use results::Results;
pub use run_error::RunError;
pub use suspicion::Suspicion;
