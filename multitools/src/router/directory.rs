//! Who runs, under which name, and listens to what.

use super::changes::{Change, Kind, Member};
use super::similar::most_like;
use super::{Recipient, Target};
use crate::id::AgentId;
use crate::message::{Ancestry, Key, MessageEntry};
use std::collections::HashMap;
use std::sync::Arc;

/// The population of a run as one agent knows it.
#[derive(Default)]
pub(crate) struct Directory {
    members: Vec<Option<Member>>,
    /// The names of those who have or had each slot: their messages may be read after their end.
    names: Vec<Names>,
    /// The latest incarnation of each slot that this agent has been told of, whether it runs or not.
    heard_of: Vec<Option<u16>>,
    by_name: HashMap<String, Vec<AgentId>>,
    listening: HashMap<Key, Vec<AgentId>>,
    /// Who listens to a type or to one of its supertypes, by the type's dense id: filled where somebody
    /// asks, and emptied when the answers change.
    listeners: Vec<Option<Box<[AgentId]>>>,
}

/// A message type as a directory needs to know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MessageType<'a> {
    /// Its dense id, if it has one.
    pub(crate) id: Option<u32>,
    pub(crate) ancestry: &'a Ancestry,
}

impl<'a> From<&'a MessageEntry> for MessageType<'a> {
    fn from(entry: &'a MessageEntry) -> Self {
        MessageType {
            id: entry.id(),
            ancestry: &entry.ancestry,
        }
    }
}

impl<'a> From<&'a Ancestry> for MessageType<'a> {
    fn from(ancestry: &'a Ancestry) -> Self {
        MessageType { id: None, ancestry }
    }
}

/// Whom one message goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Audience {
    /// Those it is for.
    pub(crate) addressees: Vec<AgentId>,
    /// Those who listen to it besides (rule R3).
    pub(crate) listeners: Vec<AgentId>,
    /// Those it was for who have ended.
    pub(crate) dead: Vec<AgentId>,
}

impl Audience {
    /// Without the first so many of its addressees, or of its listeners where there are only these.
    pub(crate) fn after(&self, first: usize) -> Audience {
        let without = |group: &[AgentId]| group.get(first..).unwrap_or_default().to_vec();
        let (addressees, listeners) = match self.addressees.is_empty() {
            true => (Vec::new(), without(&self.listeners)),
            false => (without(&self.addressees), self.listeners.clone()),
        };
        Audience {
            addressees,
            listeners,
            dead: self.dead.clone(),
        }
    }
}

/// Why a message goes to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nobody {
    /// The set of addressees is empty.
    NoTarget,
    /// Nobody listens.
    NoListener,
}

impl Directory {
    /// Follows a change.
    pub(crate) fn apply(&mut self, change: Change) {
        let (Change::Joined(Member { id, .. }) | Change::Ended(id, _) | Change::Away { id, .. }) =
            &change;
        self.hear_of(*id);
        match change {
            Change::Joined(member) => self.add(member),
            Change::Ended(id, _)
            | Change::Away {
                id, kept: false, ..
            } => self.remove(id),
            Change::Away { kept: true, .. } => {}
        }
    }

    fn hear_of(&mut self, id: AgentId) {
        if !self.has_yet_to_hear_of(id) {
            return;
        }
        let slot = id.slot() as usize;
        if self.heard_of.len() <= slot {
            self.heard_of.resize(slot + 1, None);
        }
        self.heard_of[slot] = Some(id.incarnation());
    }

    /// Whether this is an agent that is still to be told of: its messages can be quicker than the
    /// supervisor's word of it.
    pub(crate) fn has_yet_to_hear_of(&self, id: AgentId) -> bool {
        let latest = self.heard_of.get(id.slot() as usize).copied().flatten();
        latest.is_none_or(|latest| latest != id.incarnation() && id.is_since(latest))
    }

    fn add(&mut self, member: Member) {
        let slot = member.id.slot() as usize;
        if let Some(former) = self.members.get(slot).cloned().flatten() {
            self.remove(former.id);
        }
        if self.members.len() <= slot {
            self.members.resize_with(slot + 1, || None);
            self.names.resize_with(slot + 1, Names::default);
        }
        self.names[slot].note(&member);
        if let Some(name) = &member.kind.name {
            match self.by_name.get_mut(name) {
                Some(ids) => insert(ids, member.id),
                None => {
                    self.by_name.insert(name.clone(), vec![member.id]);
                }
            }
        }
        if !member.kind.listens.is_empty() {
            self.listeners.clear();
        }
        for key in &member.kind.listens {
            insert(self.listening.entry(*key).or_default(), member.id);
        }
        self.members[slot] = Some(member);
    }

    fn remove(&mut self, id: AgentId) {
        let current = self.members.get_mut(id.slot() as usize);
        // Of an incarnation that ends before it has come up nobody was told that it runs.
        let is_over = |member: &mut Member| id.is_since(member.id.incarnation());
        let Some(member) = current.and_then(|slot| slot.take_if(is_over)) else {
            return;
        };
        let id = member.id;
        let name = member.kind.name.as_ref();
        if let Some(ids) = name.and_then(|name| self.by_name.get_mut(name)) {
            ids.retain(|other| *other != id);
        }
        if !member.kind.listens.is_empty() {
            self.listeners.clear();
        }
        for key in &member.kind.listens {
            if let Some(ids) = self.listening.get_mut(key) {
                ids.retain(|other| *other != id);
            }
        }
    }

    /// The running agents that bear a name, in the order of slots.
    pub(crate) fn named(&self, name: &str) -> &[AgentId] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The name of a running agent that is much like another name.
    pub(crate) fn name_like(&self, name: &str) -> Option<&str> {
        let borne = self.by_name.iter().filter(|(_, ids)| !ids.is_empty());
        let borne: Vec<&str> = borne.map(|(name, _)| name.as_str()).collect();
        most_like(name, borne.into_iter())
    }

    /// Whether an agent of a name runs or has run.
    pub(crate) fn has_known(&self, name: &str) -> bool {
        let bears_it = |kind: &Kind| kind.name.as_deref() == Some(name);
        let mut holders = self.names.iter().flat_map(Names::holders);
        holders.any(|(_, kind)| bears_it(kind))
    }

    /// The name of an agent that runs or has run.
    pub(crate) fn name_of(&self, id: AgentId) -> Option<&str> {
        self.names.get(id.slot() as usize)?.of(id)
    }

    /// Whether this very incarnation runs.
    pub(crate) fn is_running(&self, id: AgentId) -> bool {
        self.current(id).is_some_and(|member| member.id == id)
    }

    /// Who holds the slot of an id now: an id kept from an earlier incarnation still leads there.
    fn current(&self, id: AgentId) -> Option<&Member> {
        let member = self.members.get(id.slot() as usize)?.as_ref()?;
        id.is_since(member.since).then_some(member)
    }

    fn running(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().flatten()
    }

    /// Whether somebody listens to exactly this type.
    pub(crate) fn has_exact_listeners(&self, key: Key) -> bool {
        self.listening.get(&key).is_some_and(|ids| !ids.is_empty())
    }

    /// Who listens to a type or to one of its supertypes except the sender, in the order of slots.
    fn listeners(&mut self, sender: AgentId, message: MessageType<'_>) -> Vec<AgentId> {
        let Some(place) = message.id.map(|id| id as usize) else {
            return except(sender, &self.find_listeners(message.ancestry));
        };
        if let Some(Some(known)) = self.listeners.get(place) {
            return except(sender, known);
        }
        let found = self.find_listeners(message.ancestry);
        if self.listeners.len() <= place {
            self.listeners.resize_with(place + 1, || None);
        }
        let listeners = except(sender, &found);
        self.listeners[place] = Some(found.into());
        listeners
    }

    fn find_listeners(&self, message: &Ancestry) -> Vec<AgentId> {
        let mut all: Vec<AgentId> = message
            .keys()
            .iter()
            .filter_map(|key| self.listening.get(key))
            .flatten()
            .copied()
            .collect();
        all.sort_unstable_by_key(|id| id.slot());
        all.dedup();
        all
    }

    /// Whom a message of `sender` goes to.
    ///
    /// # Errors
    /// When that is nobody at all.
    pub(crate) fn audience<'m>(
        &mut self,
        sender: AgentId,
        target: &Target<'_>,
        message: impl Into<MessageType<'m>>,
    ) -> Result<Audience, Nobody> {
        let message = message.into();
        if let Target::Supervisor = target {
            return Ok(Audience {
                listeners: self.exact_listeners(sender, message.ancestry),
                ..Audience::default()
            });
        }
        let mut listeners = self.listeners(sender, message);
        let mut audience = Audience::default();
        match target {
            Target::Listeners if listeners.is_empty() => return Err(Nobody::NoListener),
            Target::Listeners => {
                audience.addressees = listeners;
                return Ok(audience);
            }
            Target::Supervisor => {}
            Target::Name(name) => audience.addressees = self.named(name).to_vec(),
            Target::Id(id) => self.resolve(&[*id], &mut audience),
            Target::Ids(ids) => self.resolve(ids, &mut audience),
            Target::OwnedIds(ids) => self.resolve(ids, &mut audience),
            Target::Broadcast => {
                audience.addressees = self.running().map(|member| member.id).collect();
            }
            Target::Type(agent, _) => {
                let bearers = self.running().filter(|member| member.kind.agent == *agent);
                audience.addressees = bearers.map(|member| member.id).collect();
            }
            Target::Types(agents) => {
                let known = |member: &&Member| agents.iter().any(|one| member.is_meant_by(one));
                let bearers = self.running().filter(known);
                audience.addressees = bearers.map(|member| member.id).collect();
            }
        }
        if audience.addressees.is_empty() && audience.dead.is_empty() {
            return Err(Nobody::NoTarget);
        }
        listeners.retain(|id| !audience.addressees.contains(id));
        audience.listeners = listeners;
        Ok(audience)
    }

    /// Traffic with the supervisor is overheard only by who names that very type (rule R3).
    fn exact_listeners(&self, sender: AgentId, message: &Ancestry) -> Vec<AgentId> {
        let mut ids = self
            .listening
            .get(&message.key())
            .cloned()
            .unwrap_or_default();
        ids.retain(|id| *id != sender);
        ids
    }

    /// Whoever is still to be told of is taken to run, and the link to it says whether it does.
    fn resolve(&self, ids: &[AgentId], audience: &mut Audience) {
        for id in ids {
            match self.current(*id) {
                _ if self.has_yet_to_hear_of(*id) => insert(&mut audience.addressees, *id),
                None if audience.dead.contains(id) => {}
                None => audience.dead.push(*id),
                Some(member) => insert(&mut audience.addressees, member.id),
            }
        }
    }
}

impl Member {
    fn is_meant_by(&self, recipient: &Recipient) -> bool {
        let is_it = |id: AgentId| id.slot() == self.id.slot() && id.is_since(self.since);
        self.kind.agent == recipient.agent && recipient.only.is_none_or(is_it)
    }
}

/// How many of those who had a slot before are remembered.
const REMEMBERED: usize = 3;

/// The names of those who have or had one slot, and since when.
#[derive(Default)]
struct Names {
    latest: Option<(u16, Arc<Kind>)>,
    /// The oldest first.
    former: Vec<(u16, Arc<Kind>)>,
}

impl Names {
    fn note(&mut self, member: &Member) {
        if self
            .latest
            .as_ref()
            .is_some_and(|(since, _)| *since == member.since)
        {
            return;
        }
        let latest = (member.since, Arc::clone(&member.kind));
        self.former.extend(self.latest.replace(latest));
        if self.former.len() > REMEMBERED {
            self.former.remove(0);
        }
    }

    /// The latest first.
    fn holders(&self) -> impl Iterator<Item = &(u16, Arc<Kind>)> {
        self.latest.iter().chain(self.former.iter().rev())
    }

    fn of(&self, id: AgentId) -> Option<&str> {
        let (_, kind) = self.holders().find(|(since, _)| id.is_since(*since))?;
        kind.name.as_deref()
    }
}

fn except(sender: AgentId, ids: &[AgentId]) -> Vec<AgentId> {
    ids.iter().copied().filter(|id| *id != sender).collect()
}

/// Keeps a list sorted and without doubles. Of two ids of one slot the later one stays: it leads to whoever has
/// the slot, and only one can.
fn insert(ids: &mut Vec<AgentId>, id: AgentId) {
    match ids.binary_search_by_key(&id.slot(), |other| other.slot()) {
        Ok(place) if id.is_since(ids[place].incarnation()) => ids[place] = id,
        Ok(_) => {}
        Err(place) => ids.insert(place, id),
    }
}

#[cfg(test)]
#[path = "directory_tests.rs"]
mod tests;
