//! What an agent that is started again is given back: the message that it had in hand, and those that
//! others have failed at (rule R14).

use super::receiving::from_supervisor;
use crate::catalog;
use crate::id::AgentId;
use crate::message::{AnyMessage, Message, PoisonMessage};
use crate::protocol::{SUPERVISOR_ID, StatusPage, Unfinished};
use std::collections::VecDeque;

/// What is to be taken before what is in the mailbox.
#[derive(Default)]
pub(super) struct Retries {
    /// What an earlier incarnation had in hand, until it is begun.
    unfinished: Option<Unfinished>,
    /// Whether it is in hand.
    in_hand: bool,
    given_back: VecDeque<Vec<u8>>,
    /// How many of those have been taken.
    taken: u64,
}

impl Retries {
    pub(super) fn new(unfinished: Option<Unfinished>) -> Retries {
        Retries {
            unfinished,
            ..Retries::default()
        }
    }

    /// A message is about to be begun.
    #[inline]
    pub(super) fn begin(&mut self, sender: AgentId, status: &StatusPage) {
        if let Some(message) = self.unfinished.take()
            // Where its ring is none any more another comes first.
            && message.sender.slot() == sender.slot()
        {
            self.in_hand = true;
            status.begin_again(message.failures);
        }
    }

    /// The message in hand is done.
    #[inline]
    pub(super) fn end(&mut self, status: &StatusPage) {
        if std::mem::take(&mut self.in_hand) {
            status.end_again();
        }
    }

    /// Takes in what the supervisor has given back.
    pub(super) fn take_in(&mut self, given_back: &mut Vec<Vec<u8>>) {
        self.given_back.extend(given_back.drain(..));
    }

    /// Begins the oldest message that was given back.
    #[inline]
    pub(super) fn next_given_back(&mut self, status: &StatusPage) -> Option<AnyMessage> {
        let body = self.given_back.pop_front()?;
        self.taken += 1;
        let message = from_supervisor(poison_type()?, body)?;
        debug_assert_eq!(message.sender(), SUPERVISOR_ID);
        status.begin_given_back((*message.envelope()).into(), self.taken);
        Some(message)
    }
}

fn poison_type() -> Option<u32> {
    catalog::messages().ok()?.id(PoisonMessage::ANCESTRY.key())
}
