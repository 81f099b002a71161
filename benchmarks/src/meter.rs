//! The clock of a stream, which its receiver keeps, and that of trips.

use crate::job::{Outcome, Result, Span};
use hdrhistogram::Histogram;
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// Nanoseconds of a clock that all processes share.
pub fn now() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Counts the messages that a receiver handles. They are numbered from 0: the first starts the clock, the
/// last stops it, and one that is missing is noticed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Meter {
    next: u64,
    last: u64,
    span: Span,
}

impl Meter {
    /// For one message that starts the clock, and `count` that are counted.
    pub fn new(count: u64) -> Meter {
        Meter {
            next: 0,
            last: count,
            span: Span::default(),
        }
    }

    /// Notes a message.
    ///
    /// # Errors
    /// When it is not the one that is due.
    #[inline]
    pub fn on_message(&mut self, number: u64) -> Result<(), String> {
        if number != self.next {
            return Err(format!("got message {number} instead of {}", self.next));
        }
        if number == 0 {
            self.span.begin = now();
        }
        if number == self.last {
            self.span.end = now();
            self.span.count = self.last;
        }
        self.next += 1;
        Ok(())
    }

    /// What was measured, once the last message has come.
    pub fn span(&self) -> Option<Span> {
        (self.next > self.last).then_some(self.span)
    }
}

/// Times trips, each of which begins where the last ended.
pub struct Trips {
    histogram: Histogram<u64>,
    begun: Instant,
    last: Instant,
}

impl Trips {
    /// Starts the clock of the first.
    pub fn begin() -> Result<Trips> {
        let histogram = Histogram::new_with_bounds(1, 60_000_000_000, 3)?;
        let begun = Instant::now();
        Ok(Trips {
            histogram,
            begun,
            last: begun,
        })
    }

    /// One is back.
    #[inline]
    pub fn done(&mut self) {
        let now = Instant::now();
        let nanoseconds = now.duration_since(self.last).as_nanos() as u64;
        self.histogram.saturating_record(nanoseconds);
        self.last = now;
    }

    /// What was measured, in microseconds.
    pub fn outcome(&self) -> Outcome {
        let seconds = self.last.duration_since(self.begun).as_secs_f64();
        let at = |quantile| self.histogram.value_at_quantile(quantile) as f64 / 1e3;
        Outcome::new(seconds, [("p50", at(0.5)), ("p99", at(0.99))])
    }
}
