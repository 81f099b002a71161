//! How an agent waits: it looks for a moment, and then it sleeps.

use super::doorbell::{self, Sleep};
use super::inbox::Inbox;
use super::outgoing::Outgoing;
use super::patience::Patience;
use crate::sys::futex;
use crate::transport::{Awaited, Wait, Waited};
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

/// How long the messages of a stream gather.
const GATHERING: Duration = Duration::from_micros(2);
/// How often a look is made between two looks at the clock.
const LOOKS: u32 = 32;

/// What an agent knows of its waits.
pub(super) struct Waiting {
    inbox: Arc<Inbox>,
    patience: Patience,
    /// What the inbox's count of room was when the agent last went on because of it.
    room: u64,
    /// How many messages have come since the last wait.
    burst: u32,
}

impl Waiting {
    pub(super) fn new(inbox: Arc<Inbox>) -> Waiting {
        Waiting {
            inbox,
            patience: Patience::new(),
            room: 0,
            burst: 0,
        }
    }

    /// Waits until there is something to see. `peer` is the processor of whoever is expected to act,
    /// plus one, where that is known.
    pub(super) fn wait(&mut self, wait: &Wait<'_>, peer: u64, links: &[Outgoing]) -> Waited {
        let (inbox, seen) = (Arc::clone(&self.inbox), self.room);
        let there = || wait.has_news() || is_there(&inbox, wait.what_for, links, seen);
        let waited = match there() || self.look(wait, peer, &there) {
            true => Waited::News,
            false => self.sleep(wait, &there),
        };
        if wait.what_for == Awaited::Room {
            // Before the agent tries again, so that what comes later counts as news.
            self.room = self.inbox.room().load(SeqCst);
        }
        waited
    }

    /// A message has been taken out since the last wait.
    #[inline]
    pub(super) fn note_message(&mut self) {
        self.burst = self.burst.saturating_add(1);
    }

    fn look(&mut self, wait: &Wait<'_>, peer: u64, there: &impl Fn() -> bool) -> bool {
        let burst = std::mem::take(&mut self.burst);
        let here = self.inbox.note_processor();
        if peer == 0 || peer == here {
            return false;
        }
        let mut budget = self.patience.budget();
        if budget.is_zero() {
            return false;
        }
        let begun = Instant::now();
        if burst > 1 {
            let_gather(begun);
        }
        if let Some(deadline) = wait.deadline {
            budget = budget.min(deadline.saturating_duration_since(begun));
        }
        let found = look_for(begun, budget, there);
        self.patience.learn(found);
        found
    }

    fn sleep(&self, wait: &Wait<'_>, there: &impl Fn() -> bool) -> Waited {
        let what_for = match wait.what_for {
            Awaited::Message => Sleep::ForAnything,
            _ => Sleep::ForAnswers,
        };
        let word = self.inbox.sleep();
        loop {
            if !doorbell::lie_down(word, what_for, there) {
                return Waited::News;
            }
            futex::wait(word, what_for as u32, wait.deadline);
            doorbell::get_up(word);
            if there() {
                return Waited::News;
            }
            if wait.is_late() {
                return Waited::Late;
            }
        }
    }
}

/// Who follows close on the heels of a sender makes both of them wait for each other's caches. So the
/// messages of a stream are let gather for a moment, out of sight of the sender.
fn let_gather(begun: Instant) {
    while begun.elapsed() < GATHERING {
        for _ in 0..LOOKS / 8 {
            std::hint::spin_loop();
        }
    }
}

fn look_for(begun: Instant, budget: Duration, there: &impl Fn() -> bool) -> bool {
    loop {
        for _ in 0..LOOKS {
            if there() {
                return true;
            }
            std::hint::spin_loop();
        }
        if begun.elapsed() >= budget {
            return false;
        }
    }
}

fn is_there(inbox: &Inbox, what_for: Awaited, links: &[Outgoing], room: u64) -> bool {
    match what_for {
        Awaited::Message => inbox.is_anything_pending(),
        Awaited::Answer(link, request) => {
            let link = &links[link.0];
            link.is_answered(request) || link.is_closed()
        }
        Awaited::Room => inbox.room().load(SeqCst) != room,
        Awaited::Nothing => false,
    }
}
