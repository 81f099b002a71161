//! How an agent waits: it looks for a moment, and then it sleeps.

use super::alarm::Alarm;
use super::doorbell::{self, Sleep};
use super::inbox::InboxReader;
use super::outgoing::Outgoing;
use super::patience::Patience;
use crate::deadline;
use crate::sys::futex;
use crate::transport::{Awaited, Wait, Waited};
use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

/// How long the messages of a stream gather.
const GATHERING: Duration = Duration::from_micros(2);
/// How many messages between two waits make a stream, if nothing was sent meanwhile.
const STREAM: u32 = 16;
/// How many short sleeps in a row make one as well.
const RESTLESS: u32 = 4;
/// How long an agent naps: the most that a message which nobody waits for is late, but for what the
/// system's timers add. A sleep that is shorter is a short one.
const NAP: Duration = Duration::from_micros(100);
/// How often a look is made between two looks at the clock.
const LOOKS: u32 = 32;

/// What an agent knows of its waits.
pub(super) struct Waiting {
    inbox: Arc<InboxReader>,
    patience: Patience,
    /// What ends a long sleep, where somebody attends to it.
    alarm: Option<Arc<Alarm>>,
    /// What the inbox's count of room was when the agent last went on because of it.
    room: u64,
    /// How many messages have come since the last wait.
    burst: u32,
    /// Whether something was sent since the last wait.
    has_posted: bool,
    /// How many sleeps in a row were short, with nothing sent in between.
    restless: u32,
}

impl Waiting {
    pub(super) fn new(inbox: Arc<InboxReader>) -> Waiting {
        Waiting {
            inbox,
            patience: Patience::new(),
            alarm: None,
            room: 0,
            burst: 0,
            has_posted: false,
            restless: 0,
        }
    }

    /// The timer for long sleeps, which the thread that reads from the socket attends to from now on.
    pub(super) fn alarm(&mut self, socket: BorrowedFd<'_>) -> Option<Arc<Alarm>> {
        match Alarm::new(Arc::clone(&self.inbox), socket) {
            Ok(alarm) => self.alarm = Some(Arc::new(alarm)),
            Err(error) => tracing::debug!(%error, "each sleep sets a timer"),
        }
        self.alarm.clone()
    }

    /// Waits until there is something to see. `peer` is the processor of whoever is expected to act,
    /// plus one, where that is known.
    pub(super) fn wait(&mut self, wait: &Wait<'_>, peer: u64, links: &[Outgoing]) -> Waited {
        let (inbox, seen) = (Arc::clone(&self.inbox), self.room);
        let there = || wait.has_news() || is_there(&inbox, wait.what_for, links, seen);
        // Who sends takes part in a conversation, whose other side may wait for it.
        let listens = wait.what_for == Awaited::Message && !std::mem::take(&mut self.has_posted);
        if !listens {
            self.restless = 0;
        }
        let burst = std::mem::take(&mut self.burst);
        let in_stream = listens && (burst >= STREAM || self.restless >= RESTLESS);
        let found = there() || {
            let here = self.inbox.note_processor();
            match in_stream {
                true => self.nap(wait, &there),
                false => peer != 0 && peer != here && self.look(wait, burst, &there),
            }
        };
        let waited = match found {
            true => Waited::News,
            false => self.sleep(wait, listens, &there),
        };
        if wait.what_for == Awaited::Room {
            // Before the agent tries again, so that what comes later counts as news.
            self.room = self.inbox.room().load(SeqCst);
        }
        waited
    }

    /// A message has been taken out since the last wait, or a request, whose answer is on its way. What is lent
    /// is large, and better read while the caches have it: it makes no stream.
    #[inline]
    pub(super) fn note_message(&mut self, request: bool, lent: bool) {
        self.has_posted |= request;
        self.burst = match lent {
            true => 0,
            false => self.burst.saturating_add(1),
        };
    }

    /// Looks for a moment whether there is something to see.
    fn look(&mut self, wait: &Wait<'_>, burst: u32, there: &impl Fn() -> bool) -> bool {
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

    /// This agent has sent something since the last wait.
    #[inline]
    pub(super) fn note_post(&mut self) {
        self.has_posted = true;
    }

    /// In a stream: sleeps for a moment out of which messages do not wake it, so that they gather while others
    /// have the processor. Whether there is something to see.
    fn nap(&mut self, wait: &Wait<'_>, there: &impl Fn() -> bool) -> bool {
        let word = self.inbox.sleep();
        if doorbell::lie_down(word, Sleep::Nap, there) {
            let end = deadline::after(NAP);
            let end = wait.deadline.map_or(end, |deadline| deadline.min(end));
            futex::wait(word, Sleep::Nap as u32, Some(end));
            doorbell::get_up(word);
        }
        let found = there();
        if !found {
            self.restless = 0;
        }
        found
    }

    fn sleep(&mut self, wait: &Wait<'_>, listens: bool, there: &impl Fn() -> bool) -> Waited {
        // In a conversation nobody naps, so nobody looks at the clock.
        let begun = listens.then(Instant::now);
        let end = wait.end_of_sleep(|| begun.unwrap_or_else(Instant::now));
        let waited = self.sleep_until(wait, end, there);
        if let Some(begun) = begun {
            self.restless = match begun.elapsed() < NAP {
                true => self.restless.saturating_add(1),
                false => 0,
            };
        }
        waited
    }

    fn sleep_until(
        &self,
        wait: &Wait<'_>,
        end: Option<Instant>,
        there: &impl Fn() -> bool,
    ) -> Waited {
        let what_for = match wait.what_for {
            Awaited::Message => Sleep::ForAnything,
            _ => Sleep::ForAnswers,
        };
        let word = self.inbox.sleep();
        loop {
            let alarm = end.and_then(|end| {
                let alarm = self.alarm.as_deref()?;
                Some((alarm, alarm.set(end)?))
            });
            let is_unset = || alarm.is_some_and(|(alarm, end)| !alarm.wakes_by(end));
            if doorbell::lie_down(word, what_for, || there() || is_unset()) {
                let timeout = end.filter(|_| alarm.is_none());
                futex::wait(word, what_for as u32, timeout);
                doorbell::get_up(word);
            }
            if there() {
                return Waited::News;
            }
            if end.is_some_and(|end| Instant::now() >= end) {
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

fn is_there(inbox: &InboxReader, what_for: Awaited, links: &[Outgoing], room: u64) -> bool {
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
