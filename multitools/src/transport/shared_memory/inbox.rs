//! What an agent sleeps on, and where others leave word for it.

use super::doorbell::{self, Sleep};
use super::layout::{INBOX, Layout, MOST_AGENTS, SLOTS, generation, inbox};
use super::population::Population;
use crate::id::AgentId;
use crate::sys::shared_file::{SharedFile, Window};
use crate::sys::{futex, processor};
use std::io;
use std::ops::Deref;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicU32, AtomicU64};

/// What an inbox says of its agent before it has come up, while it takes messages, afterwards, and when its
/// process is gone.
const UNBORN: u64 = 0;
const OPEN: u64 = 1;
const CLOSED: u64 = 2;
const GONE: u64 = 3;

/// How many rows of senders there are.
const ROWS: usize = MOST_AGENTS as usize / 64;

/// The inbox of one agent, one's own or a peer's.
pub(super) struct Inbox {
    window: Window,
}

/// An inbox to look for its senders in: by its agent, or by the supervisor.
pub(super) struct InboxReader {
    inbox: Inbox,
    /// Of whom the marks may be.
    population: Population,
}

/// A slot that is lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lent {
    /// Some incarnation of this generation.
    pub(super) sender: AgentId,
    pub(super) slot: usize,
}

impl Lent {
    /// Reads a note. What is no note is none.
    fn of(note: u64) -> Option<Lent> {
        let sender = u32::try_from(note >> 32).ok()?.checked_sub(1)?;
        let (generation, slot) = ((note >> 16) as u16, usize::from(note as u16));
        let valid = u64::from(sender) < MOST_AGENTS && slot < SLOTS;
        valid.then(|| Lent {
            sender: AgentId::new(sender, generation),
            slot,
        })
    }
}

/// One sender among those of an inbox.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    row: usize,
    bit: u64,
}

impl Mark {
    pub(super) fn of(sender: AgentId) -> Mark {
        Mark {
            row: sender.slot() as usize / 64 % ROWS,
            bit: 1 << (sender.slot() % 64),
        }
    }
}

impl Inbox {
    pub(super) fn map(file: &SharedFile, layout: &Layout, of: AgentId) -> io::Result<Inbox> {
        let window = file.window(layout.inbox(of), INBOX)?;
        Ok(Inbox { window })
    }

    /// Begins to take messages, also after a former incarnation.
    pub(super) fn open(&self) {
        self.state().store(OPEN, SeqCst);
        doorbell::get_up(self.sleep());
    }

    pub(super) fn close(&self) {
        self.state().store(CLOSED, SeqCst);
    }

    /// Closes the inbox of an agent whose process has ended.
    pub(super) fn bury(&self) {
        self.state().store(GONE, SeqCst);
    }

    pub(super) fn is_open(&self) -> bool {
        match self.state().load(SeqCst) {
            OPEN => true,
            UNBORN | CLOSED | GONE => false,
            state => {
                tracing::warn!(state, "an inbox has been overwritten");
                false
            }
        }
    }

    /// The first incarnation of the agent that has the slot.
    pub(super) fn since(&self) -> u16 {
        self.window.word(inbox::SINCE).load(SeqCst) as u16
    }

    /// Gives the slot to another agent, which has not come up. Whoever reads later what was in the hand of
    /// the former sees this, too.
    pub(super) fn assign(&self, since: u16) {
        self.window.word(inbox::SINCE).store(since.into(), SeqCst);
        self.state().store(UNBORN, SeqCst);
    }

    /// Notes that a sender has a ring, before it looks whether the inbox is open.
    pub(super) fn connect(&self, sender: Mark) {
        let connected = self.window.word(inbox::connected(sender.row));
        connected.fetch_or(sender.bit, SeqCst);
        let rows = self.window.word(inbox::ROWS_IN_USE);
        rows.fetch_max(sender.row as u64 + 1, SeqCst);
    }

    /// A message of this sender is there.
    #[inline]
    pub(super) fn ring(&self, sender: Mark, is_waited_for: bool) {
        let pending = self.window.word(inbox::pending(sender.row));
        if doorbell::ring(pending, sender.bit, self.sleep(), is_waited_for) {
            self.wake();
        }
    }

    /// An answer, or something else that is no message, is there.
    pub(super) fn knock(&self) {
        if doorbell::knock(self.sleep()) {
            self.wake();
        }
    }

    fn wake(&self) {
        futex::wake(self.sleep(), Sleep::Awake as u16);
    }

    /// There may be room in a ring that was full.
    pub(super) fn tell_of_room(&self) {
        if doorbell::tell_of_room(self.room(), self.sleep()) {
            self.wake();
        }
    }

    /// Notes that a slot of a sender is lent to this agent. `None` when there is no room for the note.
    pub(super) fn note_lease(&self, sender: AgentId, slot: u64) -> Option<usize> {
        let mut notes = (0..inbox::MOST_LEASES).map(|n| (n, self.window.word(inbox::lease(n))));
        let (note, word) = notes.find(|(_, word)| word.load(Relaxed) == 0)?;
        let generation = generation(sender) as u64;
        let whose = u64::from(sender.slot() + 1) << 32 | generation << 16;
        word.store(whose | slot, SeqCst);
        Some(note)
    }

    pub(super) fn forget_lease(&self, note: usize) {
        self.window.word(inbox::lease(note)).store(0, SeqCst);
    }

    /// The leases of this agent.
    pub(super) fn leases(&self) -> Vec<Lent> {
        let notes = (0..inbox::MOST_LEASES).map(|n| self.window.word(inbox::lease(n)));
        notes
            .filter_map(|word| Lent::of(word.load(SeqCst)))
            .collect()
    }

    /// Takes the notes of all leases away.
    pub(super) fn take_leases(&self) -> Vec<Lent> {
        let notes = (0..inbox::MOST_LEASES).map(|n| self.window.word(inbox::lease(n)));
        notes
            .filter_map(|word| Lent::of(word.swap(0, SeqCst)))
            .collect()
    }

    pub(super) fn sleep(&self) -> &AtomicU32 {
        self.window.half_word(inbox::SLEEP)
    }

    pub(super) fn room(&self) -> &AtomicU64 {
        self.window.word(inbox::ROOM)
    }

    /// The processor that the agent has last been seen on, plus one.
    pub(super) fn processor(&self) -> u64 {
        self.window.word(inbox::PROCESSOR).load(Relaxed)
    }

    /// Says on which processor this agent is; plus one.
    pub(super) fn note_processor(&self) -> u64 {
        let here = u64::from(processor::current()) + 1;
        self.window.word(inbox::PROCESSOR).store(here, Relaxed);
        here
    }

    fn state(&self) -> &AtomicU64 {
        self.window.word(inbox::STATE)
    }
}

impl InboxReader {
    pub(super) fn map(file: &SharedFile, layout: &Layout, of: AgentId) -> io::Result<InboxReader> {
        Ok(InboxReader {
            inbox: Inbox::map(file, layout, of)?,
            population: Population::map(file, layout)?,
        })
    }

    /// How many agents that had the slot of this one have ended for good.
    pub(super) fn ended(&self, agent: AgentId) -> u64 {
        self.population.ended(agent)
    }

    /// Forgets all senders.
    pub(super) fn disconnect_all(&self) {
        for row in 0..self.rows() {
            self.window.word(inbox::connected(row)).store(0, SeqCst);
            self.window.word(inbox::pending(row)).store(0, SeqCst);
        }
    }

    /// Takes the marks of those who have sent something.
    pub(super) fn take_pending(&self, mut sender: impl FnMut(u32)) {
        for row in 0..self.rows() {
            let marks = doorbell::take(self.window.word(inbox::pending(row)));
            each_bit(row, marks & self.of_row(row), &mut sender);
        }
    }

    /// Whether anybody has sent something.
    pub(super) fn is_anything_pending(&self) -> bool {
        (0..self.rows()).any(|row| self.window.word(inbox::pending(row)).load(SeqCst) != 0)
    }

    /// Everybody who has ever sent something.
    pub(super) fn connected(&self) -> Vec<AgentId> {
        let mut senders = Vec::new();
        for row in 0..self.rows() {
            let marks = self.window.word(inbox::connected(row)).load(SeqCst) & self.of_row(row);
            each_bit(row, marks, &mut |slot| senders.push(AgentId::new(slot, 0)));
        }
        senders
    }

    /// Marks everybody who has ever sent something, so that all rings are looked at: marks may have been
    /// lost with a process, of a sender or of an earlier incarnation.
    pub(super) fn mark_all_pending(&self) {
        for row in 0..self.rows() {
            let marks = self.window.word(inbox::connected(row)).load(SeqCst);
            self.window
                .word(inbox::pending(row))
                .fetch_or(marks, SeqCst);
        }
    }

    fn rows(&self) -> usize {
        let rows = self.window.word(inbox::ROWS_IN_USE).load(SeqCst);
        let most = self.population.rows().min(ROWS);
        usize::try_from(rows).map_or(most, |rows| rows.min(most))
    }

    fn of_row(&self, row: usize) -> u64 {
        self.population.of_row(row)
    }
}

impl Deref for InboxReader {
    type Target = Inbox;

    fn deref(&self) -> &Inbox {
        &self.inbox
    }
}

fn each_bit(row: usize, mut marks: u64, slot: &mut impl FnMut(u32)) {
    while marks != 0 {
        slot(row as u32 * 64 + marks.trailing_zeros());
        marks &= marks - 1;
    }
}
