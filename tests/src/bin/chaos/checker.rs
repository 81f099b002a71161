//! Whether the records agree with each other, and with what was reported.
//!
//! A message that its sender knows to be accepted was begun, or is reported as undelivered, or was in the
//! hand of a process that ended; each copy is exactly one of these. What can be known has an edge, and only
//! there the sums may differ:
//!
//! - A sender that is killed between its two records may have sent the message or not, and so may one that
//!   asks in vain.
//! - A receiver that is killed while it has a message in hand is reported with that. Where its last record
//!   is of a message of the same kind and sender, that may be the one, done but not put down.

use super::ledger::{Begun, Fate, Ledger, Pages, Sent, incarnation, label};
use super::records::Kind;
use super::told::{Failure, Lives, Told};
use multitools_tests::over_sockets;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What there was in a run that has kept the rules.
#[derive(Default)]
pub struct Tally {
    pub processes: u64,
    pub spawned: u64,
    pub sends: u64,
    pub accepted: u64,
    pub given_back: u64,
    pub open: u64,
    pub begun: u64,
    pub reported: u64,
    pub in_hand: u64,
    pub failures: u64,
    pub never_up: u64,
}

/// Messages of one kind from one agent, to one or to all.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Stream {
    from: String,
    to: String,
    kind: Kind,
}

/// What there is of a stream on both sides.
#[derive(Default, Debug)]
struct Sum {
    accepted: u64,
    open: u64,
    begun: u64,
    reported: u64,
    in_hand: u64,
    perhaps_in_hand: u64,
}

struct Check<'c> {
    ledger: &'c Ledger,
    sums: BTreeMap<Stream, Sum>,
    /// Agents that were killed before they could say what they had sent.
    killed: HashSet<String>,
    broken: Vec<String>,
    tally: Tally,
}

/// How a run has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    Well,
    /// Everybody was stopped, and what was under way then is told of to nobody.
    Failed,
}

/// Checks what all sides have written down, and what was told meanwhile.
///
/// # Errors
/// The evidence.
pub fn check(ledger: &Ledger, told: &[Told], end: End) -> Result<Tally, String> {
    let mut check = Check {
        ledger,
        sums: BTreeMap::new(),
        killed: HashSet::new(),
        broken: Vec::new(),
        tally: Tally::default(),
    };
    for (key, pages) in &ledger.0 {
        check.enter(key, pages);
    }
    check.follow_each_receiver();
    if end == End::Well {
        told.iter().for_each(|notice| check.hear(notice));
        check.follow_restarts(told);
        check.balance();
    }
    match check.broken.is_empty() {
        true => Ok(check.tally),
        false => Err(check.broken.join("\n")),
    }
}

impl Check<'_> {
    fn sum(&mut self, from: &str, to: &str, kind: Kind) -> &mut Sum {
        let one = matches!(kind, Kind::Direct | Kind::Ask);
        let stream = Stream {
            from: from.to_owned(),
            to: if one { to.to_owned() } else { "*".to_owned() },
            kind,
        };
        self.sums.entry(stream).or_default()
    }

    /// What an incarnation has sent.
    fn enter(&mut self, key: &str, pages: &Pages) {
        self.tally.processes += 1;
        self.tally.spawned += u64::from(label(key).contains('-'));
        let wrong = pages.wrong.iter().map(|what| format!("{key}: {what}"));
        self.broken.extend(wrong);
        for sent in pages.sent.values() {
            self.tally.sends += 1;
            let Sent { kind, to, fate } = sent;
            match fate {
                Fate::Accepted(copies, _) => {
                    self.tally.accepted += copies;
                    self.sum(label(key), to, *kind).accepted += copies;
                }
                Fate::GivenBack => self.tally.given_back += 1,
                Fate::Open => {
                    self.tally.open += 1;
                    self.sum(label(key), to, *kind).open += 1;
                }
            }
        }
    }

    /// What each agent has begun, one incarnation after the other: in order, once, and only what was sent.
    fn follow_each_receiver(&mut self) {
        let ledger = self.ledger;
        let mut receivers: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
        for key in ledger.0.keys() {
            receivers
                .entry(label(key))
                .or_default()
                .insert(incarnation(key));
        }
        for (receiver, incarnations) in receivers {
            let mut latest: HashMap<String, (u16, u64)> = HashMap::new();
            for number in incarnations {
                for begun in &ledger.0[&format!("{receiver}@{number}")].begun {
                    self.follow(receiver, begun, &mut latest);
                }
            }
        }
    }

    fn follow(&mut self, receiver: &str, begun: &Begun, latest: &mut HashMap<String, (u16, u64)>) {
        let Begun { kind, key, n, .. } = begun;
        self.tally.begun += 1;
        self.sum(label(key), receiver, *kind).begun += 1;
        // Two incarnations use two sockets, and one ring.
        let stream = if over_sockets() { key } else { label(key) };
        let now = (incarnation(key), *n);
        let before = latest.insert(stream.to_owned(), now);
        if before.is_some_and(|before| before >= now) {
            self.broken.push(format!(
                "order: {receiver} has begun {n} of {key} after {before:?}"
            ));
        }
        let sent = self.ledger.0.get(key).and_then(|pages| pages.sent.get(n));
        let what = match sent {
            None => "was never sent",
            Some(sent) if sent.kind != *kind => "is of another kind",
            Some(sent) => match &sent.fate {
                Fate::GivenBack => "was given back",
                Fate::Accepted(_, missed) if missed.iter().any(|one| one == receiver) => {
                    "was said to have missed it"
                }
                Fate::Accepted(..) | Fate::Open => return,
            },
        };
        self.broken
            .push(format!("{receiver} has begun {n} of {key}, which {what}"));
    }

    fn hear(&mut self, told: &Told) {
        match told {
            Told::Undelivered { agent, messages } => {
                for lost in messages {
                    self.report(agent, &lost.sender, &lost.message, lost.count);
                }
            }
            Told::Restarting {
                agent,
                failure: Some(failure),
            } => self.bury(agent, failure),
            Told::GivenUp { .. } | Told::NotSpawned => self.tally.never_up += 1,
            Told::Restarting { failure: None, .. } | Told::Restarted { .. } | Told::Missed => {}
            Told::Other(notice) => self.broken.push(format!("unexpected: {notice}")),
        }
    }

    /// Each restart that is told of succeeds, or comes to nothing and is followed by another.
    fn follow_restarts(&mut self, told: &[Told]) {
        let mut lives = Lives::default();
        let wrong = told.iter().filter_map(|notice| lives.follow(notice).err());
        self.broken.extend(wrong);
        self.broken.extend(lives.left());
    }

    fn report(&mut self, agent: &str, sender: &str, message: &str, count: u64) {
        let sender = self.name(sender);
        match Kind::of(message) {
            Some(kind) => {
                self.tally.reported += count;
                self.sum(&sender, agent, kind).reported += count;
            }
            None => self.broken.push(format!(
                "{count} x `{message}` from {sender} to {agent} are reported"
            )),
        }
    }

    /// A sender is told of by its id where its slot has been given to several others since.
    fn name(&self, sender: &str) -> String {
        let is_it = |(_, pages): &(&String, &Pages)| pages.id == sender;
        let known = self.ledger.0.iter().find(is_it);
        known.map_or(sender, |(key, _)| label(key)).to_owned()
    }

    /// An incarnation has ended otherwise than by itself.
    fn bury(&mut self, agent: &str, failure: &Failure) {
        self.tally.failures += 1;
        if failure.killed {
            self.killed.insert(agent.to_owned());
        }
        for lost in &failure.undelivered {
            self.report(agent, &lost.sender, &lost.message, lost.count);
        }
        let key = format!("{agent}@{}", failure.incarnation);
        let last = self.ledger.0.get(&key).and_then(|pages| pages.begun.last());
        let Some(handled) = &failure.handling else {
            if let Some(open) = last.filter(|last| !last.done) {
                let Begun { key: sender, n, .. } = open;
                self.broken.push(format!(
                    "{key} had {n} of {sender} in hand, and it is not reported"
                ));
            }
            return;
        };
        let (message, sender) = handled;
        let (Some(kind), sender) = (Kind::of(message), self.name(sender)) else {
            self.broken.push(format!("{key} had {handled:?} in hand"));
            return;
        };
        let is_it = last.is_some_and(|last| last.kind == kind && label(&last.key) == sender);
        match last {
            Some(last) if !last.done && is_it => {}
            Some(last) if !last.done => {
                self.broken.push(format!(
                    "{key} had {last:?} in hand, reported is {handled:?}"
                ));
            }
            _ if is_it => self.sum(&sender, agent, kind).perhaps_in_hand += 1,
            _ => {
                self.tally.in_hand += 1;
                self.sum(&sender, agent, kind).in_hand += 1;
            }
        }
    }

    fn balance(&mut self) {
        let labels: HashSet<&str> = self.ledger.0.keys().map(|key| label(key)).collect();
        let population = labels.len() as u64;
        for (stream, sum) in &self.sums {
            let copies = if stream.to == "*" { population } else { 1 };
            let known = sum.begun + sum.reported + sum.in_hand;
            let most = sum.accepted + sum.open * copies;
            if known > most {
                self.broken.push(format!("too much of {stream:?}: {sum:?}"));
            }
            // What a killed sender had in its own buffers, and its account, are gone with it.
            let is_excused = over_sockets() && self.killed.contains(&stream.from);
            if known + sum.perhaps_in_hand < sum.accepted && !is_excused {
                self.broken.push(format!("lost of {stream:?}: {sum:?}"));
            }
        }
    }
}

#[cfg(test)]
#[path = "checker_tests.rs"]
mod tests;
