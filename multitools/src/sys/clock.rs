//! A clock that all processes of this machine share.

use rustix::time::{ClockId, clock_gettime};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Nanoseconds since some moment in the past. It never goes back.
pub(crate) fn now() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}

/// A moment as all processes of this machine count it.
pub(crate) fn to_shared(moment: Instant) -> Duration {
    let (here, there) = simultaneous();
    match moment.checked_duration_since(here) {
        Some(later) => there.saturating_add(later),
        None => there.saturating_sub(here.duration_since(moment)),
    }
}

/// The moment that another process means.
pub(crate) fn of_shared(moment: Duration) -> Instant {
    let (here, there) = simultaneous();
    match moment.checked_sub(there) {
        Some(later) => here.checked_add(later).unwrap_or(here),
        None => here
            .checked_sub(there.saturating_sub(moment))
            .unwrap_or(here),
    }
}

/// How often both clocks are read to find them close to each other: this process may have to wait in between.
const READINGS: usize = 8;

/// The same moment by both clocks.
fn simultaneous() -> (Instant, Duration) {
    static MOMENT: OnceLock<(Instant, Duration)> = OnceLock::new();
    let read = |_| {
        let (before, here, after) = (now(), Instant::now(), now());
        (after.saturating_sub(before), here, before)
    };
    *MOMENT.get_or_init(|| {
        let closest = (0..READINGS).map(read).min();
        let (_, here, there) = closest.unwrap_or_else(|| read(0));
        (here, Duration::from_nanos(there))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_same_for_others() {
        let begun = Instant::now();
        let hour = Duration::from_secs(3600);
        for moment in [begun, begun + hour, begun - Duration::from_millis(1)] {
            assert_eq!(of_shared(to_shared(moment)), moment);
        }
        let clock = Duration::from_nanos(now());
        assert!(to_shared(begun) <= clock && to_shared(begun) + hour > clock);
        assert!(of_shared(Duration::ZERO) <= begun);
    }
}
