//! What other threads of the agent have to tell its own: the supervisor's words.

use crate::error::InputError;
use crate::id::AgentId;
use crate::protocol::SpawnFailure;
use crate::transport::Bell;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The supervisor's words, counted so that a wait can end with each: one for each word, which the
/// supervisor counts as well (rule R17).
pub(super) struct News {
    state: Mutex<State>,
    count: AtomicU64,
    /// `None` in a process of a `ProcessList`, which waits for nothing.
    bell: Option<Arc<dyn Bell>>,
}

/// What the supervisor has said.
#[derive(Default)]
pub(super) struct State {
    /// Whether the agent is to stop at once.
    pub(super) stopping: bool,
    /// How often it was told to do what is queued and to say so.
    pub(super) rounds: u64,
    /// Whether it is to leave when it has done what is queued.
    pub(super) leaving: bool,
    /// Requests that will not be answered.
    pub(super) unanswered: BTreeSet<u64>,
    /// Messages that their receivers have failed at too often, encoded.
    pub(super) given_back: Vec<Vec<u8>>,
    /// What came of spawning.
    pub(super) spawned: HashMap<u64, Result<AgentId, SpawnFailure>>,
    /// The spawned agents whose results somebody has a claim to, with those that have come.
    pub(super) ends: HashMap<AgentId, Option<Result<Vec<u8>, String>>>,
    /// How often it was told what was held back.
    pub(super) catch_ups: u64,
    /// Answers to prompts.
    pub(super) inputs: HashMap<u64, Result<String, InputError>>,
}

/// How many requests may be known as unanswered: of these the latest are asked for.
const MOST_UNANSWERED: usize = 64;

impl State {
    /// Notes that nobody will answer a request. Perhaps nobody waits for it any more.
    pub(super) fn leave_unanswered(&mut self, request: u64) {
        self.unanswered.insert(request);
        if self.unanswered.len() > MOST_UNANSWERED {
            self.unanswered.pop_first();
        }
    }
}

impl News {
    pub(super) fn new(bell: Option<Arc<dyn Bell>>) -> News {
        News {
            state: Mutex::default(),
            count: AtomicU64::new(0),
            bell,
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there have been. A wait that is given this number ends with the next.
    #[inline]
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    /// The counter itself, for a wait.
    pub(super) fn counter(&self) -> &AtomicU64 {
        &self.count
    }

    /// Notes something and ends the agent's wait.
    pub(super) fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.count_one();
        self.ring();
    }

    /// Counts a word that has been noted elsewhere, by who holds on to that until it is counted, and ends the
    /// agent's wait by a [`ring`](Self::ring) afterwards.
    pub(super) fn count_one(&self) {
        self.count.fetch_add(1, Ordering::SeqCst);
    }

    /// Has the agent look at the count, if it waits.
    pub(super) fn ring(&self) {
        if let Some(bell) = &self.bell {
            bell.ring();
        }
    }
}
