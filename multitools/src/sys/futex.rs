//! Sleeping until another process changes a word of shared memory.

use super::timer::timespec;
use rustix::thread::futex::{self, Flags, WakeOp, WakeOpCmp};
use std::sync::atomic::AtomicU32;
use std::time::Instant;

/// Sleeps while the word has this value, until [`wake`], the deadline, or for no reason at all.
pub(crate) fn wait(word: &AtomicU32, value: u32, deadline: Option<Instant>) {
    let timeout =
        deadline.map(|deadline| timespec(deadline.saturating_duration_since(Instant::now())));
    // Every way in which it can end is a reason to look again, which is what the caller does.
    let _ = futex::wait(word, Flags::empty(), value, timeout.as_ref());
}

/// Gives the word this value and wakes whoever sleeps on it: both or, where this process is killed on the
/// way, neither.
pub(crate) fn wake(word: &AtomicU32, value: u16) {
    let (set, never) = (WakeOp::Set, WakeOpCmp::Lt);
    let woken = futex::wake_op(word, Flags::empty(), 1, 0, word, set, never, value, 0);
    if let Err(error) = woken {
        tracing::error!(%error, "a sleeping agent cannot be woken");
    }
}
