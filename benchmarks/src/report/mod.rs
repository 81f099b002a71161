//! The results for people, for programs, and as a picture.

pub mod json;
pub mod svg;
pub mod text;

use crate::peers::Peer;

/// A figure with as many digits as say something, and its unit.
fn figure(value: f64, unit: &str) -> String {
    match unit {
        "messages/s" if value >= 1e6 => format!("{} M/s", digits(value / 1e6)),
        "messages/s" => format!("{} k/s", digits(value / 1e3)),
        _ => format!("{} {unit}", digits(value)),
    }
}

/// From the smallest to the largest.
fn range((low, high): (f64, f64), unit: &str) -> String {
    match unit {
        "messages/s" => format!("{} - {}", figure(low, unit), figure(high, unit)),
        _ => format!("{} - {}", digits(low), figure(high, unit)),
    }
}

/// Three digits that count.
fn digits(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.1 => format!("{value:.2}"),
        size if size >= 0.01 => format!("{value:.3}"),
        _ => format!("{value:.4}"),
    }
}

/// A peer as it is called in a report: with its version, and with what sets it apart.
fn called(name: &str) -> String {
    let Ok(peer) = Peer::named(name) else {
        return name.to_owned();
    };
    let version = match peer.package.zip(peer.version()) {
        Some((package, version)) if name.starts_with(package) => format!(" ({version})"),
        Some((package, version)) => format!(" ({package} {version})"),
        None => String::new(),
    };
    let place = if peer.one_process {
        ", threads of one process"
    } else {
        ""
    };
    format!("{name}{version}{place}")
}
