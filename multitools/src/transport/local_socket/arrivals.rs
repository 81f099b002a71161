//! What the thread that reads the sockets hands to the agent's own thread: one lock and one condition
//! variable for everything.

use crate::id::AgentId;
use crate::transport::ledger::MESSAGE;
use crate::transport::{Arrival, Awaited, Bell, Turned, Wait, Waited};
use crate::wire::body::Body;
use crate::wire::frame::{Answer, Call};
use crate::wire::head::Envelope;
use crate::wire::parcel::Parcel;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Whether an agent takes more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Appetite {
    /// Go on.
    Hungry,
    /// Stop reading until the agent says that it goes on.
    Full,
}

/// The place where messages and answers arrive.
pub(super) struct Arrivals {
    state: Mutex<State>,
    changed: Condvar,
    turned: Arc<dyn Turned>,
    /// In bytes of message bodies.
    limit: usize,
}

/// What has arrived.
pub(super) enum Arrived {
    Message(Parcel),
    /// What says that everything that was to come before it has.
    Word(Arrival),
}

#[derive(Default)]
struct State {
    queue: VecDeque<Arrived>,
    bytes: usize,
    paused: bool,
    /// Whether the agent will look no more.
    closed: bool,
    /// Counts what ends a wait for room.
    rooms: u64,
    /// How many of those the agent has seen.
    rooms_seen: u64,
    answers: Vec<(u64, Answer)>,
    /// Peers whose link has gone: of each slot the latest.
    gone: Vec<AgentId>,
}

impl Arrivals {
    pub(super) fn new(limit: usize, turned: Arc<dyn Turned>) -> Arrivals {
        Arrivals {
            state: Mutex::default(),
            changed: Condvar::new(),
            turned,
            limit,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.state());
        self.changed.notify_all();
        result
    }

    /// Appends a message that a peer has sent. It is taken in even when that makes the box too full:
    /// it is the reading that stops.
    pub(super) fn deliver(
        &self,
        envelope: Envelope,
        call: Option<Call>,
        body: Vec<u8>,
    ) -> Appetite {
        self.change(|state| {
            if state.closed {
                return Appetite::Hungry;
            }
            state.push(envelope, call, body);
            state.paused = state.bytes >= self.limit;
            if state.paused {
                Appetite::Full
            } else {
                Appetite::Hungry
            }
        })
    }

    /// Appends a message that nobody waits to get rid of, or says that there is no room.
    pub(super) fn deliver_to_self(&self, envelope: Envelope, body: &[u8]) -> bool {
        if self.state().bytes >= self.limit {
            return false;
        }
        self.change(|state| state.push(envelope, None, body.to_vec()));
        true
    }

    /// Everything that was to come before this has come.
    pub(super) fn drained(&self, word: Arrival) {
        self.change(|state| state.queue.push_back(Arrived::Word(word)));
    }

    /// An answer has come.
    pub(super) fn answered(&self, request: u64, answer: Answer) {
        self.change(|state| state.answers.push((request, answer)));
    }

    /// The other end of a link has gone: nothing that was sent on it will be answered any more.
    pub(super) fn peer_gone(&self, peer: AgentId) {
        self.change(|state| {
            let of_slot = |gone: &&mut AgentId| gone.slot() == peer.slot();
            match state.gone.iter_mut().find(of_slot) {
                Some(gone) if peer.is_since(gone.incarnation()) => *gone = peer,
                Some(_) => {}
                None => state.gone.push(peer),
            }
            state.rooms += 1;
        });
    }

    /// There is a link to a peer, which may have been taken to be gone.
    pub(super) fn peer_is_there(&self, peer: AgentId) {
        self.state().gone.retain(|gone| *gone != peer);
    }

    /// Some link that was full, or the way of some reply, may have room again or has gone.
    pub(super) fn room(&self) {
        self.change(|state| state.rooms += 1);
    }

    /// Somebody was turned away.
    pub(super) fn refused(&self, reason: String) {
        self.turned.away(reason);
    }

    /// Whether a peer's link has gone.
    pub(super) fn is_gone(&self, peer: AgentId) -> bool {
        self.state().gone.contains(&peer)
    }

    pub(super) fn gone(&self) -> Vec<AgentId> {
        self.state().gone.clone()
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

    /// The oldest arrival, and whether reading is to go on.
    pub(super) fn take(&self) -> (Option<Arrived>, bool) {
        let mut state = self.state();
        let arrival = state.queue.pop_front();
        if let Some(Arrived::Message(parcel)) = &arrival {
            state.bytes = state.bytes.saturating_sub(weight(&parcel.body));
        }
        let resume = state.paused && state.bytes <= self.limit / 2;
        state.paused &= !resume;
        (arrival, resume)
    }

    /// The answer to a request, if it has come; earlier ones came too late.
    pub(super) fn answer(&self, request: u64) -> Option<Answer> {
        let answers = std::mem::take(&mut self.state().answers);
        answers
            .into_iter()
            .find(|(number, _)| *number == request)
            .map(|(_, answer)| answer)
    }

    /// Waits until there may be something to see. `peer` is who is asked.
    pub(super) fn wait(&self, wait: &Wait<'_>, peer: Option<AgentId>) -> Waited {
        let mut end = None;
        let mut state = self.state();
        let waited = loop {
            if wait.has_news() || state.is_there(wait.what_for, peer) {
                break Waited::News;
            }
            let end = *end.get_or_insert_with(|| wait.end_of_sleep(Instant::now));
            state = match end {
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break Waited::Late;
                    }
                    self.changed
                        .wait_timeout(state, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        };
        if wait.what_for == Awaited::Room {
            // Before the agent tries again, so that what comes later counts as news.
            state.rooms_seen = state.rooms;
        }
        waited
    }
}

impl Bell for Arrivals {
    fn ring(&self) {
        self.change(|_| ());
    }
}

impl State {
    fn push(&mut self, envelope: Envelope, call: Option<Call>, body: Vec<u8>) {
        let body = Body::from(body);
        self.bytes += weight(&body);
        self.queue.push_back(Arrived::Message(Parcel {
            envelope,
            call,
            body,
        }));
    }

    fn is_there(&self, what_for: Awaited, peer: Option<AgentId>) -> bool {
        match what_for {
            Awaited::Message => !self.queue.is_empty(),
            Awaited::Answer(_, request) => {
                self.answers.iter().any(|(number, _)| *number == request)
                    || peer.is_some_and(|peer| self.gone.contains(&peer))
            }
            Awaited::Room => self.rooms != self.rooms_seen,
            Awaited::Nothing => false,
        }
    }
}

/// What a message counts for in a mailbox, in bytes.
fn weight(body: &Body) -> usize {
    body.as_slice().len() + MESSAGE
}
