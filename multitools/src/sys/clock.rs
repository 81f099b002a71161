//! A clock that all processes of this machine share.

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds since some moment in the past. It never goes back.
pub(crate) fn now() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}
