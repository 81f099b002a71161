//! What an agent leaves for its supervisor to see, whatever its end: a page of shared memory.
//!
//! A process that is killed cannot say what it was doing. It writes it down before each message
//! instead, with a few stores. The supervisor reads the page once the process has ended; of one
//! that lives, only where it waits (rule R17).
//!
//! | word | content |
//! | --- | --- |
//! | 0 | 1 while a message is being handled |
//! | 1 | its type, and the sender's number for where it was sent |
//! | 2 to 4 | its sender, its place in the memory it came through, its number if it is a request |
//! | 5 | of the message that an earlier incarnation had in hand: 1 + how often it was begun before, once it is begun again, and the highest number when it is done |
//! | 6 | how many messages that were given back have been begun |
//! | 7 | the number of a long wait for a message while it lasts; otherwise nought |
//! | 8 | 1 while it waits for a message and for nothing else |
//! | 9 | the supervisor's: 1 while something is held back from who waits so |
//! | 16 + 8 n + m | how many messages have been begun of the agent in slot n: of its latest incarnation of those with the remainder m by eight, whose number is in the highest two bytes |

use super::SUPERVISOR_ID;
use crate::id::AgentId;
use crate::sys::shared_words::SharedWords;
use crate::wire::head::Envelope;
use serde::{Deserialize, Serialize};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::Ordering;

const BUSY: usize = 0;
const TYPE_AND_SITE: usize = 1;
const SENDER: usize = 2;
const PLACE: usize = 3;
const REQUEST: usize = 4;
const AGAIN: usize = 5;
const GIVEN_BACK: usize = 6;
const IDLE: usize = 7;
const RESTING: usize = 8;
const HELD_BACK: usize = 9;
const BEGUN: usize = 16;

/// What [`AGAIN`] says of a message that is done.
const DONE: u64 = u64::MAX;
/// So many incarnations of a sender are counted at once: messages of an earlier one may be read after those
/// of a later, over another socket.
pub(crate) const COUNTED: usize = 8;
const COUNT: u64 = u64::MAX >> 16;

fn counter(sender: AgentId) -> usize {
    BEGUN + COUNTED * sender.slot() as usize + usize::from(sender.incarnation()) % COUNTED
}

/// How many agents a run may have.
pub(crate) const MOST_AGENTS: usize = 1 << 16;

/// A message in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Handling {
    pub(crate) message_type: u32,
    pub(crate) sender: AgentId,
    pub(crate) site: u32,
}

/// How far a message is that an earlier incarnation had in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// It is not begun again yet, if there is one.
    Waiting,
    /// It is begun again, after so many times.
    Begun(u32),
    /// It is done.
    Done,
}

impl From<Envelope> for Handling {
    fn from(envelope: Envelope) -> Handling {
        Handling {
            message_type: envelope.message_type(),
            sender: envelope.sender,
            site: envelope.site(),
        }
    }
}

/// The page of one agent.
pub(crate) struct StatusPage {
    words: SharedWords,
}

impl StatusPage {
    pub(crate) fn create() -> io::Result<StatusPage> {
        let words = SharedWords::create("multitools-status", BEGUN + COUNTED * MOST_AGENTS)?;
        Ok(StatusPage { words })
    }

    pub(crate) fn map(descriptor: OwnedFd) -> io::Result<StatusPage> {
        let words = SharedWords::map(descriptor)?;
        Ok(StatusPage { words })
    }

    /// A message is begun.
    #[inline]
    pub(crate) fn begin(&self, message: Handling, place: u64, request: u64) {
        self.store(
            TYPE_AND_SITE,
            u64::from(message.site) << 32 | u64::from(message.message_type),
        );
        self.store(SENDER, message.sender.to_bits());
        self.store(PLACE, place);
        self.store(REQUEST, request);
        self.store(BUSY, 1);
        if let Some(begun) = self.words.word(counter(message.sender)) {
            // The agent alone counts.
            let (counted, next) = (begun.load(Ordering::Relaxed), message.sender.incarnation());
            if (counted >> 48) as u16 == next {
                begun.store(counted + 1, Ordering::Release);
            } else if message.sender.is_since((counted >> 48) as u16) {
                begun.store(u64::from(next) << 48 | 1, Ordering::Release);
            }
        }
    }

    /// The next message is the one that was begun so often before.
    pub(crate) fn begin_again(&self, before: u32) {
        self.store(AGAIN, 1 + u64::from(before));
    }

    /// The message that was begun again is done, before it [ends](Self::end).
    pub(crate) fn end_again(&self) {
        self.store(AGAIN, DONE);
    }

    /// How far the message is that an earlier incarnation had in hand.
    pub(crate) fn again(&self) -> Again {
        match self.load(AGAIN) {
            0 => Again::Waiting,
            DONE => Again::Done,
            more => Again::Begun(u32::try_from(more - 1).unwrap_or(u32::MAX)),
        }
    }

    /// The message that was given back as the so manieth is begun. It is known by this number from the
    /// moment that it is in hand.
    pub(crate) fn begin_given_back(&self, message: Handling, number: u64) {
        self.begin(message, number, 0);
        self.store(GIVEN_BACK, number);
    }

    /// How many messages that were given back have been begun.
    pub(crate) fn given_back(&self) -> u64 {
        let in_hand = self
            .handling()
            .filter(|message| message.sender == SUPERVISOR_ID);
        let in_hand = in_hand.map_or(0, |_| self.place());
        self.load(GIVEN_BACK).max(in_hand)
    }

    /// The message is done.
    #[inline]
    pub(crate) fn end(&self) {
        self.store(BUSY, 0);
    }

    /// A long wait begins, which has a number; nought when it is over.
    pub(crate) fn idle(&self, number: u64) {
        self.store(IDLE, number);
    }

    /// Whether this wait lasts.
    pub(crate) fn is_idle(&self, number: u64) -> bool {
        self.load(IDLE) == number
    }

    /// From now on the agent waits for a message and for nothing else.
    pub(crate) fn lie_down(&self) {
        self.store(RESTING, 1);
    }

    /// The agent no longer does. Whether something was held back from it.
    pub(crate) fn get_up(&self) -> bool {
        // Either the supervisor sees that it is up, or it sees what is held back: so says their order.
        self.store_in_order(RESTING, 0);
        self.load_in_order(HELD_BACK) == 1
    }

    /// Holds something back from the agent, if it has no use for it before it gets up.
    pub(crate) fn hold_back(&self) -> bool {
        self.store_in_order(HELD_BACK, 1);
        self.load_in_order(RESTING) == 1
    }

    /// Nothing is held back from the agent any more.
    pub(crate) fn let_go(&self) {
        self.store(HELD_BACK, 0);
    }

    fn store_in_order(&self, index: usize, value: u64) {
        if let Some(word) = self.words.word(index) {
            word.store(value, Ordering::SeqCst);
        }
    }

    fn load_in_order(&self, index: usize) -> u64 {
        let word = self.words.word(index);
        word.map_or(0, |word| word.load(Ordering::SeqCst))
    }

    /// The latest message that was begun.
    pub(crate) fn latest(&self) -> Option<Handling> {
        let latest = self.message();
        (self.begun(latest.sender) > 0).then_some(latest)
    }

    /// The message in hand.
    pub(crate) fn handling(&self) -> Option<Handling> {
        (self.load(BUSY) == 1).then(|| self.message())
    }

    fn message(&self) -> Handling {
        Handling {
            message_type: self.load(TYPE_AND_SITE) as u32,
            sender: AgentId::from_bits(self.load(SENDER)),
            site: (self.load(TYPE_AND_SITE) >> 32) as u32,
        }
    }

    /// Where the message in hand was, in the memory that it came through.
    pub(crate) fn place(&self) -> u64 {
        self.load(PLACE)
    }

    /// The number of the message in hand, if it is a request; otherwise nought.
    pub(crate) fn request(&self) -> u64 {
        self.load(REQUEST)
    }

    /// How many messages of this incarnation of an agent have been begun: taken to be all where a much
    /// later one has been counted.
    pub(crate) fn begun(&self, sender: AgentId) -> u64 {
        let counted = self.load(counter(sender));
        let latest = (counted >> 48) as u16;
        match latest == sender.incarnation() {
            true => counted & COUNT,
            false if sender.is_since(latest) => 0,
            false => u64::MAX,
        }
    }

    #[inline]
    fn store(&self, index: usize, value: u64) {
        if let Some(word) = self.words.word(index) {
            word.store(value, Ordering::Release);
        }
    }

    fn load(&self, index: usize) -> u64 {
        self.words
            .word(index)
            .map_or(0, |word| word.load(Ordering::Acquire))
    }
}

impl AsFd for StatusPage {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.words.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_side_sees_what_is_in_hand_and_what_was_begun() {
        let agent = StatusPage::create().unwrap();
        let supervisor = StatusPage::map(agent.as_fd().try_clone_to_owned().unwrap()).unwrap();
        let message = Handling {
            message_type: 5,
            sender: AgentId::new(2, 1),
            site: 9,
        };
        assert_eq!(supervisor.handling(), None);
        agent.begin(message, 40, 7);
        assert_eq!(supervisor.handling(), Some(message));
        assert_eq!((supervisor.place(), supervisor.request()), (40, 7));
        agent.end();
        agent.begin(message, 0, 0);
        assert_eq!(supervisor.begun(message.sender), 2);
        agent.end();
        let given_back = Handling {
            sender: SUPERVISOR_ID,
            ..message
        };
        agent.begin_given_back(given_back, 1);
        assert_eq!(supervisor.given_back(), 1);
        agent.end();
        agent.begin(given_back, 2, 0);
        assert_eq!(supervisor.given_back(), 2, "it is in hand and not counted");
        assert_eq!(supervisor.begun(AgentId::new(3, 0)), 0);
    }

    #[test]
    fn r10_something_is_held_back_from_who_rests_and_found_by_who_gets_up() {
        let agent = StatusPage::create().unwrap();
        let supervisor = StatusPage::map(agent.as_fd().try_clone_to_owned().unwrap()).unwrap();
        assert!(!supervisor.hold_back(), "it is up");
        supervisor.let_go();
        agent.lie_down();
        assert!(!agent.get_up());
        agent.lie_down();
        assert!(supervisor.hold_back());
        assert!(agent.get_up());
        assert!(!supervisor.hold_back());
    }

    #[test]
    fn r4_the_messages_of_each_incarnation_of_a_sender_are_counted_by_themselves() {
        let page = StatusPage::create().unwrap();
        let begin = |incarnation| {
            let sender = AgentId::new(2, incarnation);
            let (message_type, site) = (5, 9);
            let message = Handling {
                message_type,
                sender,
                site,
            };
            page.begin(message, 0, 0);
        };
        let begun = |incarnation| page.begun(AgentId::new(2, incarnation));
        [0, 0, 1, 0, 1].into_iter().for_each(begin);
        assert_eq!((begun(0), begun(1), begun(2)), (3, 2, 0));
        [8, 0].into_iter().for_each(begin);
        assert_eq!((begun(0), begun(8), begun(16)), (u64::MAX, 1, 0));
    }
}
