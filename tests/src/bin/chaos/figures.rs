//! What has happened in all runs together.

use super::checker::Tally;
use super::faults::Faults;
use std::fmt;

/// One run that has kept the rules.
pub struct Played {
    pub faults: Faults,
    pub tally: Tally,
    /// Whether it was to fail.
    pub doomed: bool,
}

/// The sum of all.
#[derive(Default)]
pub struct Figures {
    runs: u64,
    doomed: u64,
    faults: Faults,
    tally: Tally,
}

impl Figures {
    pub fn add(&mut self, played: &Played) {
        self.runs += 1;
        self.doomed += u64::from(played.doomed);
        self.faults.kills += played.faults.kills;
        self.faults.stops += played.faults.stops;
        let (sum, one) = (&mut self.tally, &played.tally);
        sum.processes += one.processes;
        sum.spawned += one.spawned;
        sum.sends += one.sends;
        sum.accepted += one.accepted;
        sum.given_back += one.given_back;
        sum.open += one.open;
        sum.begun += one.begun;
        sum.reported += one.reported;
        sum.in_hand += one.in_hand;
        sum.failures += one.failures;
        sum.never_up += one.never_up;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tally, faults) = (&self.tally, &self.faults);
        for (what, count) in [
            ("runs", self.runs),
            ("that were to fail", self.doomed),
            ("processes", tally.processes),
            ("of agents that were spawned", tally.spawned),
            ("killed from outside", faults.kills),
            ("stopped for a while", faults.stops),
            ("failed and started again", tally.failures),
            ("ended before they came up", tally.never_up),
            ("messages", tally.sends),
            ("copies accepted", tally.accepted),
            ("messages given back", tally.given_back),
            ("open at their sender's end", tally.open),
            ("copies begun", tally.begun),
            ("copies reported as undelivered", tally.reported),
            ("reported as in hand", tally.in_hand),
        ] {
            writeln!(f, "{count:>10} {what}")?;
        }
        Ok(())
    }
}
