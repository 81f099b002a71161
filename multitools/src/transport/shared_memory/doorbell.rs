//! Who is told of what, and when a sleeping agent is woken. No I/O: the callers sleep and wake.
//!
//! # Protocol
//!
//! A sender makes its message visible, then marks itself pending at the receiver unless it is already,
//! then looks whether the receiver sleeps. A receiver says that it will sleep, then looks whether
//! anything is there; and it takes a mark away before it looks at what the mark stands for. All of these
//! are sequentially consistent, so of the two that do one thing and then look at the other's, at least
//! one sees it: no message is missed, and who is awake is not woken.
//!
//! Who wakes a sleeper marks it awake first, so that a burst of messages makes one system call.

use super::word::Word;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

/// What an agent sleeps for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub(super) enum Sleep {
    /// It does not sleep.
    Awake = 0,
    /// Anything wakes it.
    ForAnything = 1,
    /// Messages do not wake it.
    ForAnswers = 2,
}

/// Marks a sender pending, whose message is visible by now. Whether the receiver is to be woken.
#[inline]
pub(super) fn ring(pending: &impl Word, sender: u64, sleep: &impl Word<u32>) -> bool {
    if pending.load(SeqCst) & sender == 0 {
        pending.fetch_or(sender, SeqCst);
    }
    sleep.load(SeqCst) == Sleep::ForAnything as u32 && rouse(sleep)
}

/// After something else than a message has been made visible: whether its receiver is to be woken.
pub(super) fn knock(sleep: &impl Word<u32>) -> bool {
    sleep.load(SeqCst) != Sleep::Awake as u32 && rouse(sleep)
}

fn rouse(sleep: &impl Word<u32>) -> bool {
    sleep.swap(Sleep::Awake as u32, SeqCst) != Sleep::Awake as u32
}

/// Takes the marks of a row of senders away, whose rings are to be looked at then.
pub(super) fn take(pending: &impl Word) -> u64 {
    match pending.load(Relaxed) {
        0 => 0,
        _ => pending.swap(0, SeqCst),
    }
}

/// Says that this agent will sleep. Whether it may: not when something is there to see.
pub(super) fn lie_down(
    sleep: &impl Word<u32>,
    what_for: Sleep,
    anything: impl FnOnce() -> bool,
) -> bool {
    sleep.store(what_for as u32, SeqCst);
    if anything() {
        get_up(sleep);
        return false;
    }
    true
}

/// Says that this agent is awake.
pub(super) fn get_up(sleep: &impl Word<u32>) {
    sleep.store(Sleep::Awake as u32, SeqCst);
}
