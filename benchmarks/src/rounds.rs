//! The order of things: every peer does a round of a workload before any does its next, so that what
//! changes on the machine meanwhile changes for all.

use crate::job::{Job, Result, Workload};
use crate::machine::two_cores;
use crate::options::{Effort, Options};
use crate::peers::{PEERS, Peer};
use crate::results::{Results, Series};
use crate::rows::{ROWS, Row};
use crate::side;
use crate::workloads::archiver;
use std::path::Path;
use std::time::{Duration, Instant};

/// After which a quick run does no more rounds than it has to, to end within two minutes.
const QUICK: Duration = Duration::from_secs(75);

/// How often and how long.
struct Plan {
    rounds: usize,
    /// How long a round of what can be repeated at will is to take.
    seconds: f64,
    /// After which a round has failed.
    timeout: Duration,
}

impl Plan {
    fn of(effort: Effort, workload: Workload) -> Plan {
        let once = matches!(workload, Workload::Thousand | Workload::Idle);
        let (rounds, seconds) = match (effort, workload) {
            (Effort::Smoke, _) => (1, 0.0),
            (Effort::Quick, Workload::Archiver) => (3, 0.0),
            (Effort::Quick, _) if once => (1, 0.0),
            (Effort::Quick, _) => (3, 0.08),
            (Effort::Full, Workload::Archiver) => (3, 0.0),
            (Effort::Full, _) if once => (3, 0.0),
            (Effort::Full, _) => (7, 0.35),
        };
        let timeout = match workload {
            Workload::Archiver | Workload::Thousand => 300,
            _ if effort == Effort::Quick => 5,
            _ => 15,
        };
        Plan {
            rounds,
            seconds,
            timeout: Duration::from_secs(timeout),
        }
    }
}

/// One peer at one workload.
struct Contender {
    peer: &'static Peer,
    count: u64,
    series: Vec<Series>,
    /// A round has failed: there will be no other.
    out: bool,
}

/// Measures what is asked for.
pub fn run(options: &Options) -> Result<Results> {
    let begun = Instant::now();
    let mut results = Vec::new();
    for &workload in &options.workloads {
        if workload == Workload::Archiver {
            archiver::build()?;
            if !archiver::has_pigz() {
                eprintln!("archiver: there is no tar and pigz to compare with");
            }
        }
        let plan = Plan::of(options.effort, workload);
        eprintln!("{} ..", workload.name());
        let peers = PEERS.iter().filter(|peer| (peer.takes)(workload));
        let mut contenders: Vec<_> = peers
            .map(|peer| Contender::new(peer, workload, options.effort))
            .collect();
        // The first rounds of what can be repeated at will serve to find how much of it fills a round:
        // the very first is so short that it tells little.
        let finds = workload.scales() && options.effort != Effort::Smoke;
        let warm_up = if finds { 2 } else { 0 };
        for round in 0..plan.rounds + warm_up {
            // On a machine that is too slow for it, the later rounds are what a quick run does without.
            if round > warm_up && options.effort == Effort::Quick && begun.elapsed() > QUICK {
                break;
            }
            // Nobody is always the first.
            let count = contenders.len().max(1);
            contenders.rotate_left(round.min(1) % count);
            for contender in &mut contenders {
                contender.round(workload, options, &plan, round >= warm_up)?;
            }
        }
        results.extend(
            contenders
                .into_iter()
                .flat_map(|contender| contender.series),
        );
    }
    let place = |series: &Series| PEERS.iter().position(|peer| peer.name == series.peer);
    results.sort_by_key(place);
    Ok(Results(results))
}

impl Contender {
    fn new(peer: &'static Peer, workload: Workload, effort: Effort) -> Contender {
        let rows = ROWS.iter().filter(|row| row.workload == workload);
        Contender {
            peer,
            count: first_count(workload, effort),
            series: rows.map(|row| Series::of(row, peer.name)).collect(),
            out: false,
        }
    }

    fn round(
        &mut self,
        workload: Workload,
        options: &Options,
        plan: &Plan,
        counts: bool,
    ) -> Result<()> {
        let job = self.job(workload, options)?;
        let outcome = match self.out {
            true => Err("not tried again".into()),
            false => side::round(&job, plan.timeout),
        };
        match &outcome {
            Ok(outcome) if workload.scales() && plan.seconds > 0.0 => {
                self.adjust(outcome.seconds, plan.seconds);
            }
            Err(error) if !self.out => {
                eprintln!("{}, {}: {error}", workload.name(), self.peer.name);
                self.out = true;
                self.series
                    .iter_mut()
                    .for_each(|it| it.trouble = Some(error.to_string()));
            }
            _ => (),
        }
        if counts {
            for series in &mut self.series {
                let figure = outcome
                    .as_ref()
                    .ok()
                    .and_then(|it| it.figures.get(series.row.figure));
                series.rounds.push(figure.copied().unwrap_or(f64::NAN));
            }
        }
        Ok(())
    }

    fn job(&self, workload: Workload, options: &Options) -> Result<Job> {
        let cores = match options.cores {
            Some(cores) => cores,
            None => two_cores()?,
        };
        let number = options.next_number();
        let input = options
            .input
            .clone()
            .unwrap_or_else(|| some_input(options.effort));
        Ok(Job {
            peer: self.peer.name.to_owned(),
            workload,
            count: self.count,
            cores,
            scratch: format!("mtb{}_{number}_", std::process::id()),
            address: None,
            input: Some(input),
        })
    }

    /// Chooses the count of the next round so that it takes as long as it is to take.
    fn adjust(&mut self, took: f64, wanted: f64) {
        if took < wanted || took > 4.0 * wanted {
            let factor = (1.3 * wanted / took.max(1e-6)).min(1000.0);
            self.count = ((self.count as f64 * factor) as u64).max(10);
        }
    }
}

/// With how much the first round is tried; where rounds are not repeated at will, what all do.
fn first_count(workload: Workload, effort: Effort) -> u64 {
    let small = effort == Effort::Smoke;
    match workload {
        Workload::Mebibyte => 50,
        Workload::Start => {
            if small {
                2
            } else {
                20
            }
        }
        Workload::StartHundred => 1,
        Workload::Idle => match effort {
            // milliseconds
            Effort::Smoke => 500,
            Effort::Quick => 3_000,
            Effort::Full => 10_000,
        },
        Workload::Thousand => {
            if small {
                50
            } else {
                1000
            }
        }
        Workload::Pair => 1000,
        workload if workload.is_trip() => 100,
        _ => 5_000,
    }
}

/// A tree of files that many machines have.
fn some_input(effort: Effort) -> String {
    let candidates: &[&str] = match effort {
        Effort::Full => &["/usr/share"],
        _ => &["/usr/share/perl", "/usr/share/man", "/usr/share"],
    };
    let found = candidates.iter().find(|path| Path::new(path).is_dir());
    (*found.unwrap_or(&concat!(env!("CARGO_MANIFEST_DIR"), "/.."))).to_owned()
}

impl Series {
    fn of(row: &'static Row, peer: &'static str) -> Series {
        Series {
            row,
            peer,
            rounds: Vec::new(),
            trouble: None,
        }
    }
}
