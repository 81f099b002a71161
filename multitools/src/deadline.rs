//! When a wait is over.

use std::time::{Duration, Instant};

/// Longer than anything waits for, and still within every clock.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// A timeout that is within every clock: as good as for ever where it is to be that long.
pub(crate) fn bounded(timeout: Duration) -> Duration {
    timeout.min(LONGEST)
}

/// The moment when `timeout` has passed since `begin`: as good as never where the timeout says so.
pub(crate) fn since(begin: Instant, timeout: Duration) -> Instant {
    begin + bounded(timeout)
}

/// The moment when `timeout` has passed.
pub(crate) fn after(timeout: Duration) -> Instant {
    since(Instant::now(), timeout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_timeout_has_an_end() {
        let now = Instant::now();
        assert!(since(now, Duration::MAX) > now);
        assert_eq!(
            since(now, Duration::from_secs(1)),
            now + Duration::from_secs(1)
        );
    }
}
