//! What is printed of what was measured, and what it ought to be: one table each.

use crate::job::Workload;

/// One figure of a workload.
pub struct Row {
    /// What it is called in targets and in JSON.
    pub id: &'static str,
    pub workload: Workload,
    /// Its name in the [`Outcome`](crate::job::Outcome).
    pub figure: &'static str,
    pub title: &'static str,
    pub unit: &'static str,
    pub more_is_better: bool,
}

const fn row(
    id: &'static str,
    workload: Workload,
    figure: &'static str,
    title: &'static str,
    unit: &'static str,
) -> Row {
    let more_is_better = matches!(unit.as_bytes(), b"messages/s" | b"GiB/s");
    Row {
        id,
        workload,
        figure,
        title,
        unit,
        more_is_better,
    }
}

/// All figures, in the order in which they are printed.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("16b", Workload::Small, "rate", "16 B, one way", "messages/s"),
    row("1kib", Workload::Kibibyte, "rate", "1 KiB, one way", "messages/s"),
    row("1mib", Workload::Mebibyte, "gibibytes", "1 MiB, borrowed by the handler", "GiB/s"),
    row("1to8", Workload::FanOut, "rate", "16 B, one to eight, all deliveries", "messages/s"),
    row("trip1", Workload::TripOneCore, "p50", "round trip, one core", "µs"),
    row("trip2", Workload::TripTwoCores, "p50", "round trip, two cores", "µs"),
    row("loaded-p50", Workload::TripLoaded, "p50", "round trip beside two busy processes, median", "µs"),
    row("loaded-p99", Workload::TripLoaded, "p99", "round trip beside two busy processes, 99 %", "µs"),
    row("start", Workload::Start, "milliseconds", "start to first message", "ms"),
    row("start100", Workload::StartHundred, "milliseconds", "100 starts at once", "ms"),
    row("idle", Workload::Idle, "percent", "100 waiting agents", "% of a core"),
    row("thousand-resident", Workload::Thousand, "resident", "1,000 agents: their supervisor, resident", "MiB"),
    row("thousand-peak", Workload::Thousand, "peak", "1,000 agents: their supervisor, peak", "MiB"),
    row("thousand-share", Workload::Thousand, "proportional", "1,000 agents: their supervisor's share", "MiB"),
    row("thousand-each", Workload::Thousand, "each", "1,000 agents: share of each", "KiB"),
    row("thousand-time", Workload::Thousand, "seconds", "1,000 agents: started, messaged, stopped", "s"),
    row("pair", Workload::Pair, "kibibytes", "what a pair that talks costs", "KiB"),
    row("archiver", Workload::Archiver, "seconds", "packing a tree of files", "s"),
    row("archiver-cpu", Workload::Archiver, "cpu", "packing a tree of files, processor time", "s"),
    row("archiver-size", Workload::Archiver, "mebibytes", "packing a tree of files, the archive", "MiB"),
];

/// What one of our figures ought to be.
pub struct Target {
    pub row: &'static str,
    pub demand: Demand,
}

/// A demand on a figure of ours.
pub enum Demand {
    /// So many times that of the peer, or more.
    TimesAtLeast(f64, &'static str),
    /// So many times that of the peer, or less.
    TimesAtMost(f64, &'static str),
    /// So much, in the unit of the row, or less.
    AtMost(f64),
}

/// All targets.
#[rustfmt::skip]
pub const TARGETS: &[Target] = {
    use Demand::{AtMost, TimesAtLeast, TimesAtMost};
    const fn target(row: &'static str, demand: Demand) -> Target {
        Target { row, demand }
    }
    &[
        target("16b", TimesAtLeast(15.0, "Unix stream")),
        target("16b", TimesAtLeast(3.0, "ZeroMQ")),
        target("16b", TimesAtLeast(5.0, "iceoryx2, polling")),
        target("16b", TimesAtLeast(5.0, "iceoryx2, event")),
        target("16b", TimesAtLeast(1.0, "kameo")),
        target("1kib", TimesAtLeast(10.0, "Unix stream")),
        target("1kib", TimesAtLeast(4.0, "iceoryx2, polling")),
        target("1kib", TimesAtLeast(4.0, "iceoryx2, event")),
        target("1kib", TimesAtLeast(3.0, "interprocess, 64 KiB buffer")),
        target("1mib", TimesAtLeast(6.0, "Unix stream")),
        target("1mib", TimesAtLeast(1.3, "iceoryx2, polling")),
        target("1mib", TimesAtLeast(1.3, "iceoryx2, event")),
        target("1to8", TimesAtLeast(60.0, "Unix stream")),
        target("1to8", TimesAtLeast(2.0, "ZeroMQ")),
        target("trip1", TimesAtMost(0.65, "Unix stream")),
        target("trip2", TimesAtMost(0.02, "Unix stream")),
        target("trip2", TimesAtMost(1.0, "iceoryx2, polling")),
        target("loaded-p99", TimesAtMost(1.0, "Unix stream")),
        target("start", TimesAtMost(1.1, "bare Command")),
        target("start100", TimesAtMost(1.1, "bare Command")),
        target("idle", AtMost(0.5)),
        target("thousand-resident", AtMost(100.0)),
        target("archiver", TimesAtMost(0.95, "tar | pigz -p 2")),
    ]
};
