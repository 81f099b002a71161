//! What was measured, and how it compares.

use crate::peers::OURS;
use crate::rows::{Demand, Row, Target};

/// What one peer has come to in one row, round by round.
pub struct Series {
    pub row: &'static Row,
    pub peer: &'static str,
    /// One for each round; not a number where the round failed.
    pub rounds: Vec<f64>,
    /// Why a round failed.
    pub trouble: Option<String>,
}

impl Series {
    fn known(&self) -> impl Iterator<Item = f64> {
        self.rounds
            .iter()
            .copied()
            .filter(|figure| !figure.is_nan())
    }

    /// The middle one, if there is any.
    pub fn median(&self) -> Option<f64> {
        median(self.known())
    }

    /// The smallest and the largest.
    pub fn range(&self) -> Option<(f64, f64)> {
        let smallest = self.known().min_by(f64::total_cmp)?;
        Some((smallest, self.known().max_by(f64::total_cmp)?))
    }

    /// What the median is of our figure divided by the other's, round by round, since what disturbs a
    /// round disturbs both.
    pub fn ratio(ours: &Series, other: &Series) -> Option<f64> {
        let rounds = ours.rounds.iter().zip(&other.rounds);
        median(
            rounds
                .map(|(ours, other)| ours / other)
                .filter(|ratio| ratio.is_finite()),
        )
    }
}

fn median(figures: impl Iterator<Item = f64>) -> Option<f64> {
    let figures: Vec<f64> = figures.collect();
    (!figures.is_empty()).then(|| multitools_benchmarks::table::median(figures))
}

/// All that was measured.
pub struct Results(pub Vec<Series>);

impl Results {
    pub fn of(&self, row: &str, peer: &str) -> Option<&Series> {
        self.0
            .iter()
            .find(|series| series.row.id == row && series.peer == peer)
    }

    /// What has kept us from a figure.
    pub fn trouble_of_ours(&self) -> Option<&str> {
        let mut ours = self.0.iter().filter(|series| series.peer == OURS);
        ours.find_map(|series| series.trouble.as_deref())
    }

    pub fn in_row(&self, row: &Row) -> impl Iterator<Item = &Series> {
        self.0.iter().filter(move |series| series.row.id == row.id)
    }

    /// Our figure in the terms of a target, and whether that is what was wanted. Nothing where it was not
    /// measured.
    pub fn judge(&self, target: &Target) -> Option<(f64, bool)> {
        let ours = self.of(target.row, OURS)?;
        let ratio = |peer| Series::ratio(ours, self.of(target.row, peer)?);
        Some(match target.demand {
            Demand::TimesAtLeast(least, peer) => ratio(peer).map(|it| (it, it >= least))?,
            Demand::TimesAtMost(most, peer) => ratio(peer).map(|it| (it, it <= most))?,
            Demand::AtMost(most) => ours.median().map(|it| (it, it <= most))?,
        })
    }
}
