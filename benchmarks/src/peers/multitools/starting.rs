//! Starting agents.

use super::failed;
use crate::job::{Job, Outcome, Result};
use crate::workloads::Text;
use crate::workloads::commands::{MANY, of_samples};
use multitools::{Context, SUPERVISOR, SendError, Supervisor, agent};
use std::time::Instant;

/// Reports at once.
#[agent(manual)]
struct Reporter;
#[agent]
impl Reporter {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        ctx.send(SUPERVISOR, &Text::of(16)).map(drop)
    }
}

/// From the start of a run of one agent to its message; as often as the job says.
pub fn one_by_one(job: &Job) -> Result<Outcome> {
    samples(job, 1)
}

/// From the start of a run of many agents to the message of the last.
pub fn at_once(job: &Job) -> Result<Outcome> {
    samples(job, MANY)
}

fn samples(job: &Job, agents: usize) -> Result<Outcome> {
    let samples: Result<Vec<f64>> = (0..job.count).map(|_| sample(agents)).collect();
    Ok(of_samples(samples?))
}

fn sample(agents: usize) -> Result<f64> {
    let begun = Instant::now();
    let mut arrivals = Vec::new();
    {
        let mut supervisor = Supervisor::new();
        for _ in 0..agents {
            supervisor.add(Reporter);
        }
        supervisor.on_object(|_| arrivals.push(begun.elapsed().as_secs_f64()));
        supervisor.supervise().map_err(failed)?;
    }
    match arrivals.last() {
        Some(last) if arrivals.len() == agents => Ok(*last),
        _ => Err("not all have reported".into()),
    }
}
