//! What is perhaps behind the end of a process, where its signal alone says little (rule R13).

use super::Cause;
use crate::sys::memory_kills::{Kills, Scope};
use serde::Serialize;
use std::fmt;

/// What is perhaps behind a failure, where its [`Cause`] says little. A guess: it names what it is made
/// from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Suspicion {
    /// The kernel has killed it for want of memory. No process is told who has sent it SIGKILL; but the
    /// kernel counts whom it kills for this reason, and has counted up since the process was started.
    KilledForMemory {
        /// How many processes it has killed since then.
        killed: u64,
        /// Whether it has counted those of the supervisor's control group only, which its agents belong to,
        /// or all of the machine, because there is no such group to look at.
        of_group: bool,
    },
    /// It was refused memory: its standard error says so.
    AllocationFailed,
    /// It has overflowed its stack: its standard error says so.
    StackOverflow,
}

impl fmt::Display for Suspicion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Suspicion::KilledForMemory { killed, of_group } => {
                let place = if *of_group {
                    "its control group"
                } else {
                    "the machine"
                };
                write!(
                    f,
                    "killed for want of memory: since it was started, the kernel has killed {killed} processes of {place} for that"
                )
            }
            Suspicion::AllocationFailed => {
                f.write_str("refused memory, as its standard error says")
            }
            Suspicion::StackOverflow => {
                f.write_str("an overflow of its stack, as its standard error says")
            }
        }
    }
}

const SIGABRT: i32 = signal_hook::consts::SIGABRT;
const SIGKILL: i32 = signal_hook::consts::SIGKILL;

/// What is to be suspected of an end with these last lines, after so many kills since the start.
pub(super) fn suspect(
    cause: &Cause,
    stderr: &[String],
    kills: impl FnOnce() -> Kills,
) -> Option<Suspicion> {
    let says = |text: &str| stderr.iter().any(|line| line.contains(text));
    match cause {
        Cause::Signal { number, .. } if *number == SIGKILL => {
            let Kills { count, scope } = kills();
            (count > 0).then_some(Suspicion::KilledForMemory {
                killed: count,
                of_group: scope == Scope::Group,
            })
        }
        // The texts are those of Rust's runtime.
        Cause::Signal { number, .. } if *number == SIGABRT => {
            if says("has overflowed its stack") {
                Some(Suspicion::StackOverflow)
            } else if says("memory allocation of ") {
                Some(Suspicion::AllocationFailed)
            } else {
                None
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(number: i32) -> Cause {
        Cause::Signal {
            number,
            name: "",
            core_dumped: false,
        }
    }

    fn suspected(cause: &Cause, stderr: &str, count: u64) -> Option<Suspicion> {
        let scope = Scope::Machine;
        suspect(cause, &[stderr.to_owned()], || Kills { count, scope })
    }

    #[test]
    fn r13_only_a_kill_is_suspected_of_want_of_memory_and_only_where_the_kernel_has_counted_one() {
        let suspicion = Suspicion::KilledForMemory {
            killed: 2,
            of_group: false,
        };
        assert_eq!(suspected(&signal(9), "", 2), Some(suspicion));
        assert_eq!(suspected(&signal(9), "", 0), None);
        assert_eq!(suspected(&signal(15), "", 2), None);
        assert_eq!(suspected(&Cause::Exit { code: 137 }, "", 2), None);
    }

    #[test]
    fn r13_an_abort_is_suspected_of_what_the_runtime_says() {
        let overflow = "thread 'main' (7) has overflowed its stack";
        let refused = "memory allocation of 70368744177664 bytes failed";
        let abort = signal(6);
        assert_eq!(
            suspected(&abort, overflow, 1),
            Some(Suspicion::StackOverflow)
        );
        assert_eq!(
            suspected(&abort, refused, 0),
            Some(Suspicion::AllocationFailed)
        );
        assert_eq!(suspected(&abort, "abort", 1), None);
        assert_eq!(suspected(&signal(11), overflow, 0), None);
    }
}
