//! Everything an agent can be waiting for, under one lock and one condition variable: no wait is for
//! one thing only (rule R17).

use crate::error::InputError;
use crate::id::AgentId;
use crate::message::AnyMessage;
use crate::transport::Appetite;
use crate::wire::frame::Answer;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The place where messages, answers and news arrive.
pub(super) struct Mailbox {
    state: Mutex<State>,
    changed: Condvar,
    /// In bytes of message bodies.
    limit: usize,
}

/// What has arrived.
#[derive(Default)]
pub(super) struct State {
    queue: VecDeque<AnyMessage>,
    bytes: usize,
    paused: bool,
    /// Whether the agent will look no more.
    closed: bool,
    /// Counts the changes: what [`Mailbox::wait`] waits for.
    news: u64,
    /// Whether the agent is to stop at once.
    pub(super) stopping: bool,
    /// The request that is waited for, and its answer.
    pub(super) asked: Option<u64>,
    pub(super) answer: Option<Answer>,
    /// Peers whose link has gone.
    pub(super) gone: HashSet<AgentId>,
    /// Answers to prompts.
    pub(super) inputs: HashMap<u64, Result<String, InputError>>,
}

impl State {
    /// What to hand to [`Mailbox::wait`] after having looked.
    pub(super) fn news(&self) -> u64 {
        self.news
    }
}

/// How a wait ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wait {
    /// Something has changed: look again.
    News,
    /// The deadline has passed.
    Late,
}

/// A message taken out, and whether the transport should read on.
pub(super) struct Taken {
    pub(super) message: AnyMessage,
    pub(super) resume: bool,
}

impl Mailbox {
    pub(super) fn new(limit: usize) -> Mailbox {
        Mailbox {
            state: Mutex::default(),
            changed: Condvar::new(),
            limit,
        }
    }

    /// A look at what has arrived.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what has arrived and wakes whoever waits.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let result = change(&mut state);
        state.news += 1;
        drop(state);
        self.changed.notify_all();
        result
    }

    /// Waits until something has changed since `seen`, or the deadline.
    pub(super) fn wait(&self, seen: u64, deadline: Option<Instant>) -> Wait {
        let mut state = self.state();
        while state.news == seen {
            state = match deadline {
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Wait::Late;
                    }
                    self.changed
                        .wait_timeout(state, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        }
        Wait::News
    }

    /// Appends a message that a peer has sent. It is taken in even when that makes the box too full:
    /// it is the reading that stops.
    pub(super) fn deliver(&self, message: AnyMessage) -> Appetite {
        self.change(|state| {
            if state.closed {
                return Appetite::Hungry;
            }
            state.push(message);
            state.paused = state.bytes >= self.limit;
            if state.paused {
                Appetite::Full
            } else {
                Appetite::Hungry
            }
        })
    }

    /// Appends a message that nobody waits to get rid of, or says that there is no room.
    pub(super) fn deliver_to_self(&self, message: AnyMessage) -> Result<(), AnyMessage> {
        if self.state().bytes >= self.limit {
            return Err(message);
        }
        self.change(|state| state.push(message));
        Ok(())
    }

    /// Lets go of all that has come and will come: the agent looks no more, and peers that wait for
    /// room are not to wait for it (rule R6). What they sent counts as unread.
    pub(super) fn close(&self) {
        let unread = self.change(|state| {
            state.closed = true;
            state.paused = false;
            state.bytes = 0;
            std::mem::take(&mut state.queue)
        });
        drop(unread);
    }

    /// The oldest message.
    pub(super) fn take(&self) -> Option<Taken> {
        let mut state = self.state();
        let message = state.queue.pop_front()?;
        state.bytes -= weight(&message);
        let resume = state.paused && state.bytes <= self.limit / 2;
        state.paused &= !resume;
        Some(Taken { message, resume })
    }
}

impl State {
    fn push(&mut self, message: AnyMessage) {
        self.bytes += weight(&message);
        self.queue.push_back(message);
    }
}

/// What a message counts for in a mailbox, in bytes.
fn weight(message: &AnyMessage) -> usize {
    message.size() + size_of::<AnyMessage>()
}
