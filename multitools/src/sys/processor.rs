//! Which processor this is.

use rustix::thread::sched_getcpu;

/// The number of the processor that this thread runs on at the moment.
pub(crate) fn current() -> u32 {
    u32::try_from(sched_getcpu()).unwrap_or(u32::MAX)
}
