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
//! A sleeper is marked awake by who wakes it, so that a burst of messages makes one system call. Both are
//! one step of the system's: who is killed or stopped on the way has done neither, and the next one does.
//!
//! An agent that is woken again and again naps before it sleeps: it wakes by itself after a moment, so that
//! its senders need not.
//!
//! A sender that finds a ring full asks to be told of room, and then looks for it once more before it
//! waits. A receiver makes room, and then looks whether it was asked.

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
    /// Requests wake it, and what is no message; for messages it wakes by itself in a moment.
    Nap = 3,
}

/// Marks a sender pending, whose message is visible by now. Whether the receiver is to be woken; a nap is
/// disturbed only where somebody waits for what comes of the message.
#[inline]
pub(super) fn ring(
    pending: &impl Word,
    sender: u64,
    sleep: &impl Word<u32>,
    is_waited_for: bool,
) -> bool {
    if pending.load(SeqCst) & sender == 0 {
        pending.fetch_or(sender, SeqCst);
    }
    let sleep = sleep.load(SeqCst);
    sleep == Sleep::ForAnything as u32 || is_waited_for && sleep == Sleep::Nap as u32
}

/// After something else than a message has been made visible: whether its receiver is to be woken.
pub(super) fn knock(sleep: &impl Word<u32>) -> bool {
    sleep.load(SeqCst) != Sleep::Awake as u32
}

/// Asks to be told of room. Whoever has asked looks for room once more before it waits.
pub(super) fn ask_for_room(waiting: &impl Word) {
    waiting.store(1, SeqCst);
    waiting.fence();
}

/// After there has come to be more room: whether its sender is to be told.
pub(super) fn offer_room(waiting: &impl Word) -> bool {
    waiting.fence();
    waiting.load(SeqCst) != 0 && waiting.swap(0, SeqCst) != 0
}

/// Tells a sender of room. Whether it is to be woken.
pub(super) fn tell_of_room(told: &impl Word, sleep: &impl Word<u32>) -> bool {
    told.fetch_add(1, SeqCst);
    knock(sleep)
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
    sleep.fence();
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
