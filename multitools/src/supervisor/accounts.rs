//! Who has sent how much to an agent that has ended, against what it had begun: the difference is what
//! was lost with it (rule R4). Pure.

use super::Undelivered;
use crate::id::AgentId;
use crate::protocol::{COUNTED, StatusPage};
use crate::transport::SentAccount;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The accounts of a run.
#[derive(Default)]
pub(super) struct Accounts {
    /// What senders that have ended left behind, by receiver.
    left: HashMap<AgentId, Vec<(AgentId, SentAccount)>>,
    /// Receivers that have ended, and whose accounts are still to come.
    open: BTreeMap<AgentId, Open>,
}

struct Open {
    /// Where the receiver has noted what it had begun.
    page: Option<Arc<StatusPage>>,
    awaited: BTreeSet<AgentId>,
    received: Vec<(AgentId, SentAccount)>,
}

/// All that was sent to an agent that has ended.
pub(super) struct Closed {
    pub(super) receiver: AgentId,
    pub(super) page: Option<Arc<StatusPage>>,
    pub(super) received: Vec<(AgentId, SentAccount)>,
}

impl Accounts {
    /// A receiver has ended: `senders` have been told so and will send their accounts.
    pub(super) fn open(
        &mut self,
        receiver: AgentId,
        page: Option<Arc<StatusPage>>,
        senders: BTreeSet<AgentId>,
    ) -> Option<Closed> {
        let received = self.left.remove(&receiver).unwrap_or_default();
        let open = Open {
            page,
            awaited: senders,
            received,
        };
        self.open.insert(receiver, open);
        self.close_if_complete(receiver)
    }

    /// An incarnation to follow an agent that has ended, which receivers count apart from all those of
    /// which messages may be unread. `page` is that of a receiver.
    pub(super) fn follow<'p>(
        &self,
        former: AgentId,
        page: impl Fn(AgentId) -> Option<&'p StatusPage>,
    ) -> Option<AgentId> {
        let is_unread = |receiver: AgentId, sender: AgentId, total: u64| {
            page(receiver).is_some_and(|page| total > page.begun(sender))
        };
        let mut taken = [false; COUNTED];
        for (receiver, left) in &self.left {
            for (sender, account) in left {
                if sender.slot() == former.slot() && is_unread(*receiver, *sender, account.total) {
                    taken[usize::from(sender.incarnation()) % COUNTED] = true;
                }
            }
        }
        let following = (1..=COUNTED as u16).map(|step| former.incarnation().wrapping_add(step));
        let free = |incarnation: &u16| !taken[usize::from(*incarnation) % COUNTED];
        let incarnation = following.into_iter().find(free)?;
        Some(AgentId::new(former.slot(), incarnation))
    }

    /// Whether something is still to come of what was sent to some who have had the slot of an agent.
    pub(super) fn is_open(&self, receiver: AgentId) -> bool {
        let mut open = self.open.keys();
        open.any(|other| other.slot() == receiver.slot())
    }

    /// A sender's account of what it has sent to a receiver, which has this page while it runs.
    pub(super) fn enter(
        &mut self,
        sender: AgentId,
        account: SentAccount,
        page: Option<&StatusPage>,
    ) -> Option<Closed> {
        let receiver = account.to;
        match self.open.get_mut(&receiver) {
            Some(open) => {
                open.awaited.remove(&sender);
                open.received.push((sender, account));
                self.close_if_complete(receiver)
            }
            None => {
                // Nothing more is to be told of one that has ended.
                let page = page?;
                let left = self.left.entry(receiver).or_default();
                left.push((sender, account));
                left.retain(|(sender, account)| account.total > page.begun(*sender));
                None
            }
        }
    }

    /// How many messages a sender that has ended had sent to a receiver that runs; perhaps nought once all of them
    /// are begun.
    pub(super) fn left_to(&self, receiver: AgentId, sender: AgentId) -> u64 {
        let left = self.left.get(&receiver).into_iter().flatten();
        let of_sender = left.filter(|(from, _)| *from == sender);
        of_sender.map(|(_, account)| account.total).sum()
    }

    /// A sender has ended: nothing more will come from it.
    pub(super) fn sender_ended(&mut self, sender: AgentId) -> Vec<Closed> {
        let open: Vec<AgentId> = self
            .open
            .iter_mut()
            .filter_map(|(receiver, open)| open.awaited.remove(&sender).then_some(*receiver))
            .collect();
        open.into_iter()
            .filter_map(|receiver| self.close_if_complete(receiver))
            .collect()
    }

    /// Nothing more will come from anybody.
    pub(super) fn close_all(&mut self) -> Vec<Closed> {
        std::mem::take(&mut self.open)
            .into_iter()
            .map(|(receiver, open)| Closed {
                receiver,
                page: open.page,
                received: open.received,
            })
            .collect()
    }

    fn close_if_complete(&mut self, receiver: AgentId) -> Option<Closed> {
        if !self.open.get(&receiver)?.awaited.is_empty() {
            return None;
        }
        let Open { page, received, .. } = self.open.remove(&receiver)?;
        Some(Closed {
            receiver,
            page,
            received,
        })
    }
}

/// The messages of one account that were not begun, by type, oldest first.
pub(super) fn unread(account: &SentAccount, begun: u64) -> Vec<(Option<u32>, u64)> {
    let mut missing = account.total.saturating_sub(begun);
    let mut unread: Vec<(Option<u32>, u64)> = Vec::new();
    for (message_type, count) in account.latest.iter().rev() {
        let taken = missing.min(*count);
        missing -= taken;
        if taken > 0 {
            unread.push((Some(*message_type), taken));
        }
    }
    if missing > 0 {
        unread.push((None, missing));
    }
    unread.reverse();
    unread
}

/// Adds messages to a list, those of one type and sender together.
pub(super) fn add(list: &mut Vec<Undelivered>, sender: &str, message: &str, count: u64) {
    let same = list
        .iter_mut()
        .find(|entry| entry.sender == sender && entry.message == message);
    match same {
        Some(entry) => entry.count = entry.count.saturating_add(count),
        None => list.push(Undelivered {
            sender: sender.to_owned(),
            message: message.to_owned(),
            count,
        }),
    }
}

/// What is made of accounts that a broken agent may have sent: for fuzzing.
#[cfg(any(test, fuzzing))]
pub(crate) fn audit(sent: &[SentAccount]) {
    let (mut accounts, mut lost) = (Accounts::default(), Vec::new());
    let agents = [AgentId::new(0, 0), AgentId::new(1, 0)];
    for account in sent {
        for begun in [0, 1, u64::MAX] {
            for (_, count) in unread(account, begun) {
                add(&mut lost, "an agent", "a message", count);
            }
        }
        accounts.open(account.to, None, agents.into());
        accounts.enter(agents[0], account.clone(), None);
        accounts.sender_ended(agents[1]);
    }
    accounts.close_all();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(slot: u32) -> AgentId {
        AgentId::new(slot, 0)
    }
    fn account(to: u32, total: u64, latest: &[(u32, u64)]) -> SentAccount {
        SentAccount {
            to: id(to),
            total,
            latest: latest.to_vec(),
        }
    }

    #[test]
    fn r4_what_was_not_begun_is_the_tail_of_what_was_sent() {
        let account = account(0, 10, &[(1, 3), (2, 4)]);
        assert_eq!(unread(&account, 10), []);
        assert_eq!(unread(&account, 8), [(Some(2), 2)]);
        assert_eq!(unread(&account, 4), [(Some(1), 2), (Some(2), 4)]);
        assert_eq!(unread(&account, 1), [(None, 2), (Some(1), 3), (Some(2), 4)]);
    }

    #[test]
    fn an_account_is_closed_when_every_sender_has_spoken_or_ended() {
        let (mut accounts, page) = (Accounts::default(), StatusPage::create().unwrap());
        let early = accounts.enter(id(1), account(0, 5, &[]), Some(&page));
        assert!(early.is_none());
        assert!(accounts.open(id(0), None, [id(2), id(3)].into()).is_none());
        assert!(accounts.enter(id(2), account(0, 1, &[]), None).is_none());
        // Also for a later incarnation: what is reported then is to bear its name.
        assert!(accounts.is_open(AgentId::new(0, 1)) && !accounts.is_open(id(2)));
        let closed = accounts.sender_ended(id(3));
        assert!(!accounts.is_open(id(0)));
        assert_eq!(closed.len(), 1);
        assert_eq!(closed[0].receiver, id(0));
        let senders: Vec<_> = closed[0].received.iter().map(|(from, _)| *from).collect();
        assert_eq!(senders, [id(1), id(2)]);
    }

    #[test]
    fn r4_an_incarnation_follows_that_is_counted_apart_from_those_with_unread_messages() {
        let (mut accounts, page) = (Accounts::default(), StatusPage::create().unwrap());
        let sender = |incarnation| AgentId::new(2, incarnation);
        for incarnation in [0, 1, 3] {
            accounts.enter(sender(incarnation), account(0, 5, &[]), Some(&page));
        }
        let after = |accounts: &Accounts, incarnation| {
            let next = accounts.follow(sender(incarnation), |_| Some(&page));
            next.map(AgentId::incarnation)
        };
        assert_eq!(after(&accounts, 3), Some(4));
        assert_eq!(
            after(&accounts, 7),
            Some(10),
            "0 and 1 have unread messages"
        );
        assert_eq!(
            accounts.follow(id(3), |_| Some(&page)),
            Some(AgentId::new(3, 1))
        );
        for incarnation in [2, 4, 5, 6, 7] {
            accounts.enter(sender(incarnation), account(0, 5, &[]), Some(&page));
        }
        assert_eq!(after(&accounts, 7), None);
        // Who has ended reads nothing more.
        assert!(accounts.follow(sender(7), |_| None).is_some());
    }

    #[test]
    fn nothing_is_kept_of_what_has_been_begun_or_can_be_asked_for_no_more() {
        let (mut accounts, page) = (Accounts::default(), StatusPage::create().unwrap());
        accounts.enter(id(1), account(0, 0, &[]), Some(&page));
        accounts.enter(id(2), account(0, 1, &[]), None);
        assert!(accounts.left.values().all(Vec::is_empty));
    }
}
