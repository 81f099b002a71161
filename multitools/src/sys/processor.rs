//! Which processors there are, and which one this is.

use rustix::thread::{sched_getaffinity, sched_getcpu};

/// The number of the processor that this thread runs on at the moment.
pub(crate) fn current() -> u32 {
    u32::try_from(sched_getcpu()).unwrap_or(u32::MAX)
}

/// How many processors this thread may run on.
pub(crate) fn allowed() -> u32 {
    sched_getaffinity(None).map_or(1, |set| set.count())
}
