//! What this agent has sent to each peer over links that do not remember it, so that what a peer leaves
//! unread can be named (rule R4).

use super::Arrival;
use crate::id::AgentId;
use crate::wire::head::{HEAD, LONGEST_HEAD};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// What a message counts for besides its body.
pub(super) const MESSAGE: usize = size_of::<Arrival>();

/// How much can be under way between two sockets besides what is in the mailbox: their buffers, and a
/// chunk that is being read.
const SOCKET_BUFFERS: usize = 1 << 20;

/// The most that one message counts for: one that is larger than all the room there is can be unread in
/// the mailbox, and another on the way.
const HEAVIEST: usize = 64 << 10;

/// What a message counts for, from the length of its frame: no more than in the mailbox.
pub(super) fn weight(frame: usize) -> usize {
    MESSAGE + frame.saturating_sub(LONGEST_HEAD).min(HEAVIEST)
}

/// How much of that can be unread at a peer.
pub(super) fn horizon(mailbox: usize) -> usize {
    let messages_under_way = SOCKET_BUFFERS / HEAD;
    mailbox
        .saturating_add(SOCKET_BUFFERS + messages_under_way * MESSAGE)
        .saturating_add(3 * (HEAVIEST + MESSAGE))
}

/// What one agent has sent to another: how many messages, and the types of the latest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SentAccount {
    pub(crate) to: AgentId,
    pub(crate) total: u64,
    /// Runs of one type, oldest first: at least all that can be unread.
    pub(crate) latest: Vec<(u32, u64)>,
}

/// The accounts of all peers, shared with the thread that answers the supervisor.
pub(crate) struct Ledger {
    /// `None` once all have been closed.
    accounts: Mutex<Option<HashMap<AgentId, Account>>>,
    /// How much can be unread at a peer at most: older messages need not be remembered.
    horizon: u64,
}

#[derive(Default)]
struct Account {
    total: u64,
    bytes: u64,
    latest: VecDeque<Run>,
}

/// Messages of one type in a row.
struct Run {
    message_type: u32,
    count: u64,
    bytes: u64,
}

impl Ledger {
    pub(super) fn new(horizon: usize) -> Ledger {
        Ledger {
            accounts: Mutex::new(Some(HashMap::new())),
            horizon: horizon as u64,
        }
    }

    /// Sends a message and enters it if it was accepted. Both happen before the account can be closed,
    /// so that no accepted message is missing from it. `send` must not block.
    pub(super) fn record<E>(
        &self,
        to: AgentId,
        message_type: u32,
        bytes: usize,
        send: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        send()?;
        if let Some(accounts) = &mut *accounts {
            let account = accounts.entry(to).or_default();
            account.add(message_type, bytes as u64, self.horizon);
        }
        Ok(())
    }

    /// Closes the account of one peer and tells of it. Not where all have been closed: then it is among
    /// those, and an empty one that comes before them would be taken for it. All are closed only when this
    /// one has been told: the process ends then.
    pub(crate) fn close(&self, to: AgentId, tell: impl FnOnce(SentAccount)) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(accounts) = &mut *accounts {
            let account = accounts.remove(&to);
            tell(account.unwrap_or_default().statement(to));
        }
    }

    /// How many messages were sent to each peer that has not ended.
    pub(crate) fn totals(&self) -> Vec<(AgentId, u64)> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = accounts.iter().flatten();
        accounts.map(|(to, account)| (*to, account.total)).collect()
    }

    /// All accounts, closed for good.
    pub(crate) fn close_all(&self) -> Vec<SentAccount> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = accounts.take().unwrap_or_default();
        accounts
            .into_iter()
            .map(|(to, account)| account.statement(to))
            .collect()
    }
}

impl Account {
    fn add(&mut self, message_type: u32, bytes: u64, horizon: u64) {
        self.total += 1;
        self.bytes += bytes;
        match self.latest.back_mut() {
            // A run ends when it alone reaches beyond the horizon, so that its tail can be dropped.
            Some(run) if run.message_type == message_type && run.bytes < horizon => {
                run.count += 1;
                run.bytes += bytes;
            }
            _ => self.latest.push_back(Run {
                message_type,
                count: 1,
                bytes,
            }),
        }
        while let Some(oldest) = self.latest.front() {
            if self.bytes - oldest.bytes < horizon {
                return;
            }
            self.bytes -= oldest.bytes;
            self.latest.pop_front();
        }
    }

    fn statement(self, to: AgentId) -> SentAccount {
        SentAccount {
            to,
            total: self.total,
            latest: self
                .latest
                .into_iter()
                .map(|run| (run.message_type, run.count))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(ledger: &Ledger, to: AgentId) -> Option<SentAccount> {
        let mut told = None;
        ledger.close(to, |account| told = Some(account));
        told
    }

    #[test]
    fn r4_all_accounts_are_closed_only_when_the_one_before_has_been_told() {
        let ledger = Ledger::new(100);
        let mut told = false;
        ledger.close(AgentId::new(1, 0), |_| {
            told = true;
            assert!(ledger.accounts.try_lock().is_err());
        });
        assert!(told);
    }

    #[test]
    fn r4_an_account_that_has_been_closed_with_all_is_not_given_again_as_an_empty_one() {
        let ledger = Ledger::new(100);
        let (one, two) = (AgentId::new(1, 0), AgentId::new(2, 0));
        ledger.record(one, 7, 10, || Ok::<_, ()>(())).unwrap();
        assert_eq!(close(&ledger, two).map(|account| account.total), Some(0));
        let all = ledger.close_all();
        assert_eq!((all.len(), all[0].to, all[0].total), (1, one, 1));
        assert_eq!(close(&ledger, one), None);
        assert_eq!(ledger.close_all(), []);
    }

    proptest! {
        #[test]
        fn the_latest_messages_within_the_horizon_are_remembered_and_no_more_than_needed(
            sent in prop::collection::vec((0u32..3, 1usize..50), 0..300)
        ) {
            const HORIZON: usize = 400;
            let ledger = Ledger::new(HORIZON);
            let peer = AgentId::new(1, 0);
            for (message_type, bytes) in &sent {
                ledger.record(peer, *message_type, *bytes, || Ok::<_, ()>(())).unwrap();
            }
            let account = close(&ledger, peer).unwrap();
            prop_assert_eq!(account.total, sent.len() as u64);
            let types: Vec<u32> = account.latest.iter()
                .flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count as usize))
                .collect();
            let tail = &sent[sent.len() - types.len()..];
            prop_assert!(tail.iter().map(|(kind, _)| *kind).eq(types.iter().copied()));
            let mut bytes = 0;
            let needed = sent.iter().rev().take_while(|(_, size)| { bytes += size; bytes <= HORIZON }).count();
            prop_assert!(types.len() >= needed);
            prop_assert!(account.latest.len() <= HORIZON + 2);
        }
    }
}
