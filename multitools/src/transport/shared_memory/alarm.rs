//! How a long sleep ends in time without a timer of its own.
//!
//! To set a timer for each sleep and to take it back costs as much as half of the switch to another
//! process, and nearly all sleeps end long before. So there is one timer, which stays set: as a rule for
//! some earlier sleep. When it goes off, another thread of the agent wakes the sleeper, who sets it anew
//! for what is left.
//!
//! The sleeper says that it will sleep, then looks whether the timer is set. The other thread says that
//! it is not set any more, then looks whether anybody sleeps. Both are sequentially consistent, so one
//! of them sees the other: nobody sleeps whom no timer wakes.

use super::inbox::InboxReader;
use super::word::Word;
use crate::sys::timer::{Due, Watch};
use std::io;
use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// What the time is that the timer is set to when it is not.
const NEVER: u64 = u64::MAX;

/// A sleep that is shorter has a timer of its own: it would have to set this one as often.
const SHORTEST: Duration = Duration::from_millis(20);

/// The timer for the sleeps of one agent.
pub(crate) struct Alarm {
    watch: Watch,
    inbox: Arc<InboxReader>,
    begun: Instant,
    /// In nanoseconds since this has begun.
    set_to: AtomicU64,
}

/// When a sleep ends, as the timer has it.
#[derive(Clone, Copy)]
pub(super) struct EndOfSleep(u64);

impl Alarm {
    pub(super) fn new(inbox: Arc<InboxReader>, socket: BorrowedFd<'_>) -> io::Result<Alarm> {
        Ok(Alarm {
            watch: Watch::new(socket)?,
            inbox,
            begun: Instant::now(),
            set_to: AtomicU64::new(NEVER),
        })
    }

    /// Sees to it that a sleep ends which begins now. `None` where it is too short for that.
    pub(super) fn set(&self, end: Instant) -> Option<EndOfSleep> {
        let mark = self.since_begun(end);
        if !is_set(&self.set_to, mark) {
            let time = end.saturating_duration_since(Instant::now());
            if time < SHORTEST {
                return None;
            }
            // In this order: what goes off at once takes the mark away again.
            mark_set(&self.set_to, mark);
            if self.watch.timer().set(time).is_err() {
                unset(&self.set_to);
                return None;
            }
        }
        Some(EndOfSleep(mark))
    }

    /// Whether the timer is set to go off by then.
    pub(super) fn wakes_by(&self, end: EndOfSleep) -> bool {
        is_set(&self.set_to, end.0)
    }

    fn since_begun(&self, end: Instant) -> u64 {
        let time = end.saturating_duration_since(self.begun).as_nanos();
        u64::try_from(time).map_or(NEVER - 1, |time| time.min(NEVER - 1))
    }

    /// For the other thread: waits until there is something to read from its socket, and meanwhile wakes the
    /// sleeper whenever it is time.
    pub(crate) fn attend_until_readable(&self) -> io::Result<()> {
        loop {
            let Due { timer, other } = self.watch.wait()?;
            if timer && self.watch.timer().has_gone_off() {
                unset(&self.set_to);
                self.inbox.knock();
            }
            if other {
                return Ok(());
            }
        }
    }
}

pub(super) fn mark_set(set_to: &impl Word, end: u64) {
    set_to.store(end, SeqCst);
}

pub(super) fn is_set(set_to: &impl Word, end: u64) -> bool {
    set_to.load(SeqCst) <= end
}

/// The timer has gone off. Whoever sleeps is to be woken after this.
pub(super) fn unset(set_to: &impl Word) {
    set_to.store(NEVER, SeqCst);
    set_to.fence();
}

#[cfg(test)]
#[path = "alarm_tests.rs"]
mod tests;
