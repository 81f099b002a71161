//! What one process of a round is told to do, and what comes back.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::error::Error;

/// What goes wrong is told, not handled.
pub type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Workload {
    /// Typed messages with a text of 16 bytes, as many as go through.
    Small,
    /// The same with 1 KiB.
    Kibibyte,
    /// 1 MiB of bytes, which the handler borrows.
    Mebibyte,
    /// Small messages from one sender to eight receivers.
    FanOut,
    /// One small message there and one back, both processes on one core.
    TripOneCore,
    /// The same, each on a core of its own.
    TripTwoCores,
    /// The same beside two processes that compute.
    TripLoaded,
    /// From the start of a process to its first message.
    Start,
    /// The same with 100 started at once.
    StartHundred,
    /// What 100 waiting agents cost.
    Idle,
    /// A run of 1,000 agents.
    Thousand,
    /// What two agents that talk cost.
    Pair,
    /// Packing and compressing a tree of files.
    Archiver,
}

impl Workload {
    /// All, in the order in which they are measured and printed.
    pub const ALL: [Workload; 13] = [
        Workload::Small,
        Workload::Kibibyte,
        Workload::Mebibyte,
        Workload::FanOut,
        Workload::TripOneCore,
        Workload::TripTwoCores,
        Workload::TripLoaded,
        Workload::Start,
        Workload::StartHundred,
        Workload::Idle,
        Workload::Thousand,
        Workload::Pair,
        Workload::Archiver,
    ];

    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Workload::Small => "16b",
            Workload::Kibibyte => "1kib",
            Workload::Mebibyte => "1mib",
            Workload::FanOut => "1to8",
            Workload::TripOneCore => "trip1",
            Workload::TripTwoCores => "trip2",
            Workload::TripLoaded => "triploaded",
            Workload::Start => "start",
            Workload::StartHundred => "start100",
            Workload::Idle => "idle",
            Workload::Thousand => "thousand",
            Workload::Pair => "pair",
            Workload::Archiver => "archiver",
        }
    }

    /// Whether it is a stream of messages from a sender to whoever receives.
    pub fn is_stream(self) -> bool {
        use Workload::{FanOut, Kibibyte, Mebibyte, Small};
        matches!(self, Small | Kibibyte | Mebibyte | FanOut)
    }

    /// Whether it is messages there and back.
    pub fn is_trip(self) -> bool {
        use Workload::{TripLoaded, TripOneCore, TripTwoCores};
        matches!(self, TripOneCore | TripTwoCores | TripLoaded)
    }

    /// Whether a longer round is had by a larger count.
    pub fn scales(self) -> bool {
        self.is_stream() || self.is_trip()
    }

    /// How many receive.
    pub fn receivers(self) -> usize {
        match self {
            Workload::FanOut => 8,
            _ => 1,
        }
    }

    /// How long a message's text or data is.
    pub fn bytes(self) -> usize {
        match self {
            Workload::Kibibyte => 1 << 10,
            Workload::Mebibyte => 1 << 20,
            _ => 16,
        }
    }
}

/// What one process of a round is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// Whose transport is measured.
    pub peer: String,
    pub workload: Workload,
    /// How many messages, trips or samples.
    pub count: u64,
    /// The core of the side that begins, and that of the other.
    pub cores: [usize; 2],
    /// A word that no other round bears, to name sockets and the like by.
    pub scratch: String,
    /// Where the other side is; the side that begins has none.
    pub address: Option<String>,
    /// What is packed, where something is.
    pub input: Option<String>,
}

impl Job {
    /// The core of the side that begins the round, where placement is prescribed.
    pub fn near_core(&self) -> Option<usize> {
        (self.workload != Workload::FanOut).then_some(self.cores[0])
    }

    /// The core of the other side.
    pub fn far_core(&self) -> Option<usize> {
        match self.workload {
            Workload::FanOut => None,
            Workload::TripOneCore => Some(self.cores[0]),
            _ => Some(self.cores[1]),
        }
    }

    /// How many trips go first and are not counted.
    pub fn warm_up(&self) -> u64 {
        (self.count / 10).clamp(1, 1000)
    }
}

/// Of the messages that one receiver got: how many, and from when to when.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Span {
    pub count: u64,
    /// Of the clock that all processes share, in nanoseconds.
    pub begin: u64,
    pub end: u64,
}

/// What a round has measured.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// How long it took, to choose the count of the next round by.
    pub seconds: f64,
    /// The figures by their names.
    pub figures: BTreeMap<String, f64>,
}

impl Outcome {
    pub fn new<const N: usize>(seconds: f64, figures: [(&str, f64); N]) -> Outcome {
        let figures = figures.map(|(name, value)| (name.to_owned(), value));
        Outcome {
            seconds,
            figures: BTreeMap::from(figures),
        }
    }

    /// Of all receivers together, from the first message that one got to the last.
    pub fn of_stream(workload: Workload, spans: &[Span]) -> Outcome {
        let begin = spans.iter().map(|span| span.begin).min().unwrap_or(0);
        let end = spans.iter().map(|span| span.end).max().unwrap_or(0);
        let count: u64 = spans.iter().map(|span| span.count).sum();
        let seconds = end.saturating_sub(begin) as f64 / 1e9;
        let rate = count as f64 / seconds;
        let gibibytes = rate * workload.bytes() as f64 / f64::from(1 << 30);
        Outcome::new(seconds, [("rate", rate), ("gibibytes", gibibytes)])
    }
}
