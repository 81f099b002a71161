//! Which limit an agent has come up against.

use super::member::Member;
use super::report::Cause;
use rustix::process::Signal;
use serde::Serialize;
use std::fmt;

/// A limit that an agent has come up against (see [`Limits`](crate::Limits)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Exceeded {
    /// It was denied memory, and ended by that.
    Memory {
        /// The limit, in bytes.
        bytes: u64,
    },
    /// It kept a processor busy for too long, and was ended.
    Cpu {
        /// The limit, in seconds.
        seconds: u64,
    },
    /// It had too many descriptors open, as its error says.
    Files {
        /// The limit.
        count: u64,
    },
}

impl Member {
    /// The limit that it has come up against, where that is certain.
    pub(super) fn exceeded(&self, cause: &Cause) -> Option<Exceeded> {
        let limits = &self.limits;
        match cause {
            Cause::Signal { number, .. } if *number == Signal::XCPU.as_raw() => {
                limits.cpu.map(|seconds| Exceeded::Cpu { seconds })
            }
            Cause::Signal { number, .. } if *number == Signal::ABORT.as_raw() => {
                let denied = self.agent.as_ref()?.stderr.tells_of_denial;
                let bytes = limits.memory.filter(|_| denied)?;
                Some(Exceeded::Memory { bytes })
            }
            Cause::Error { text, .. } | Cause::Panic { text, .. } => {
                // As `std::io::Error` writes EMFILE, which no other process can be the reason of.
                let denied = text.contains("(os error 24)");
                let count = limits.files.filter(|_| denied)?;
                Some(Exceeded::Files { count })
            }
            _ => None,
        }
    }
}

/// Whether that a process was denied memory is the last it has said, after this line too: where it is asked
/// to, the standard library adds a backtrace.
pub(super) fn tells_of_denial(line: &str, before: bool) -> bool {
    let belongs = ["stack backtrace:", "skipping backtrace", "note: ", " "];
    is_denial(line) || before && belongs.iter().any(|begin| line.starts_with(begin))
}

/// Whether a line is what the standard library says before it aborts for want of memory.
fn is_denial(line: &str) -> bool {
    let bytes = line
        .strip_prefix("memory allocation of ")
        .and_then(|rest| rest.strip_suffix(" bytes failed"));
    bytes.is_some_and(|bytes| bytes.parse::<u64>().is_ok())
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exceeded::Memory { bytes } => write!(f, "memory = {}", memory(*bytes)),
            Exceeded::Cpu { seconds } => write!(f, "cpu = {seconds}s"),
            Exceeded::Files { count } => write!(f, "files = {count}"),
        }
    }
}

/// As it is declared: in the largest unit of which it is a whole number.
fn memory(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let whole = units
        .iter()
        .find(|(shift, _)| bytes.trailing_zeros() >= *shift && bytes > 0);
    whole.map_or_else(
        || format!("{bytes} bytes"),
        |(shift, unit)| format!("{}{unit}", bytes >> shift),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_standard_library_says_is_a_denial_of_memory() {
        assert!(is_denial("memory allocation of 1048576 bytes failed"));
        assert!(!is_denial("a memory allocation of 1048576 bytes failed"));
        assert!(!is_denial("memory allocation of all bytes failed"));
    }

    #[test]
    fn a_denial_is_the_last_word_but_for_its_backtrace() {
        let told = |lines: &[&str]| {
            lines
                .iter()
                .fold(false, |told, line| tells_of_denial(line, told))
        };
        let denial = "memory allocation of 9 bytes failed";
        assert!(told(&[
            denial,
            "stack backtrace:",
            "   0: main",
            "             at main.rs:1:1"
        ]));
        assert!(!told(&[denial, "going on without it"]));
    }

    #[test]
    fn limits_are_told_as_they_are_declared() {
        let told = |bytes| Exceeded::Memory { bytes }.to_string();
        assert_eq!(told(512 << 20), "memory = 512MiB");
        assert_eq!(told(3 << 29), "memory = 1536MiB");
        assert_eq!(told(1000), "memory = 1000 bytes");
    }
}
