//! Whom an agent has sent to lately, so that sending again need not look it up.

use crate::catalog::Places;
use crate::id::AgentId;
use crate::message::{Key, MessageEntry};
use crate::router::{Audience, Target};
use crate::transport::Link;
use std::sync::Arc;

/// How many are remembered.
const REMEMBERED: usize = 2048;
/// A bit in the number of what nobody listens to.
const UNHEARD: u32 = 1 << 31;

/// The audiences of an agent's latest targets, as long as the population stays as it is.
#[derive(Default)]
pub(super) struct Audiences {
    /// Counts the changes of the population.
    at: u64,
    entries: Vec<Entry>,
    latest: usize,
    /// The entry that is not found again, for whose target it would not be worth it.
    passing: Option<usize>,
    /// The messages that nobody listens to, and their names.
    unheard: Vec<(Key, &'static str)>,
    /// By the key of a message: who listens to it, an entry or one of those that are unheard.
    listening: Places,
    /// The entries of all other targets.
    elsewhere: Places,
}

struct Entry {
    target: Known,
    message: Key,
    message_type: u32,
    audience: Arc<Audience>,
    one: Option<AgentId>,
    /// Of the one, once it has been sent to.
    link: Option<Link>,
    /// Of several, once all of them have been sent to: of addressees or of listeners, where there are only
    /// these, in their order.
    links: Box<[Link]>,
}

/// A target, as it is remembered.
enum Known {
    Name(String),
    Id(AgentId),
    Type(Key),
    Broadcast,
    Listeners,
    /// Not worth comparing.
    Other,
}

/// An audience that is remembered, until the next call of [`Audiences::find`].
#[derive(Clone, Copy)]
pub(super) struct Found(usize);

/// What is remembered of a target.
pub(super) enum Remembered {
    /// Whom it means.
    Audience(Found),
    /// That nobody listens to the message of this name.
    Unheard(&'static str),
}

impl Audiences {
    /// The audience of the last such message, if that is still so.
    #[inline]
    pub(super) fn find(
        &mut self,
        at: u64,
        target: &Target<'_>,
        message: Key,
    ) -> Option<Remembered> {
        if self.at != at {
            self.forget();
            self.at = at;
            return None;
        }
        let fits = |entry: &Entry| entry.message == message && entry.target.is(target);
        if !self.entries.get(self.latest).is_some_and(fits) {
            let number = match target {
                Target::Listeners => {
                    self.listening
                        .find(message, |number| match number & UNHEARD {
                            0 => self.message_of(number) == Some(message),
                            _ => self
                                .unheard_of(number)
                                .is_some_and(|(key, _)| key == message),
                        })?
                }
                _ => self.elsewhere.find(hash(target, message)?, |number| {
                    self.entries.get(number as usize).is_some_and(fits)
                })?,
            };
            if number & UNHEARD != 0 {
                return self
                    .unheard_of(number)
                    .map(|(_, name)| Remembered::Unheard(name));
            }
            self.latest = number as usize;
        }
        Some(Remembered::Audience(Found(self.latest)))
    }

    fn message_of(&self, number: u32) -> Option<Key> {
        Some(self.entries.get(number as usize)?.message)
    }

    fn unheard_of(&self, number: u32) -> Option<(Key, &'static str)> {
        self.unheard.get((number ^ UNHEARD) as usize).copied()
    }

    /// Forgets all audiences, as if the population had changed.
    pub(super) fn forget(&mut self) {
        self.entries.clear();
        self.passing = None;
        self.unheard.clear();
        self.listening.clear();
        self.elsewhere.clear();
    }

    /// The dense id of the messages that go there.
    #[inline]
    pub(super) fn message_type(&self, found: Found) -> u32 {
        self.entries[found.0].message_type
    }

    /// The one agent of an audience, where it is one and nobody listens.
    #[inline]
    pub(super) fn one(&self, found: Found) -> Option<AgentId> {
        self.entries[found.0].one
    }

    /// The link to that one, once there is one.
    #[inline]
    pub(super) fn link(&self, found: Found) -> Option<Link> {
        self.entries[found.0].link
    }

    /// The links to all of an audience, once they are known.
    #[inline]
    pub(super) fn links(&self, found: Found) -> &[Link] {
        &self.entries[found.0].links
    }

    /// Whether it is one of listeners only.
    #[inline]
    pub(super) fn is_of_listeners(&self, found: Found) -> bool {
        self.entries[found.0].audience.addressees.is_empty()
    }

    /// The addressees, or the listeners, where there are only these.
    pub(super) fn group(&self, found: Found) -> Option<&[AgentId]> {
        let audience = &self.entries[found.0].audience;
        match (
            &audience.addressees[..],
            &audience.listeners[..],
            &audience.dead[..],
        ) {
            (group, [], []) | ([], group, []) => Some(group),
            _ => None,
        }
    }

    pub(super) fn audience(&self, found: Found) -> Arc<Audience> {
        Arc::clone(&self.entries[found.0].audience)
    }

    /// Remembers an audience, as of the latest call of [`find`](Self::find).
    pub(super) fn remember(
        &mut self,
        target: &Target<'_>,
        leaf: &MessageEntry,
        audience: Audience,
    ) -> Found {
        let one = match (
            &audience.addressees[..],
            &audience.listeners[..],
            &audience.dead[..],
        ) {
            ([one], [], []) => Some(*one),
            _ => None,
        };
        let entry = Entry {
            target: Known::of(target),
            message: leaf.key(),
            message_type: leaf.id().unwrap_or(u32::MAX),
            audience: Arc::new(audience),
            one,
            link: None,
            links: Box::default(),
        };
        self.latest = self.enter(target, entry);
        Found(self.latest)
    }

    fn enter(&mut self, target: &Target<'_>, entry: Entry) -> usize {
        self.make_room();
        let place = self.entries.len();
        let number = u32::try_from(place).unwrap_or(UNHEARD - 1);
        match (target, hash(target, entry.message)) {
            (Target::Listeners, _) => self.listening.enter(entry.message, number),
            (_, Some(hash)) => self.elsewhere.enter(hash, number),
            (_, None) => {
                let passing = *self.passing.get_or_insert(place);
                if passing < place {
                    self.entries[passing] = entry;
                    return passing;
                }
            }
        }
        self.entries.push(entry);
        place
    }

    /// Remembers that nobody listens to a message.
    pub(super) fn remember_unheard(&mut self, leaf: &MessageEntry) {
        self.make_room();
        if let Ok(number) = u32::try_from(self.unheard.len()) {
            self.unheard.push((leaf.key(), leaf.name));
            self.listening.enter(leaf.key(), UNHEARD | number);
        }
    }

    fn make_room(&mut self) {
        if self.entries.len().max(self.unheard.len()) >= REMEMBERED {
            self.forget();
        }
    }

    /// Remembers the link to the one of an audience.
    pub(super) fn remember_link(&mut self, found: Found, link: Link) {
        self.entries[found.0].link = Some(link);
    }

    /// Remembers the links to several.
    pub(super) fn remember_links(&mut self, found: Found, links: Box<[Link]>) {
        self.entries[found.0].links = links;
    }
}

impl Known {
    fn of(target: &Target<'_>) -> Known {
        match target {
            Target::Name(name) => Known::Name((*name).to_owned()),
            Target::Id(id) => Known::Id(*id),
            Target::Type(key, _) => Known::Type(*key),
            Target::Broadcast => Known::Broadcast,
            Target::Listeners => Known::Listeners,
            Target::Ids(_) | Target::OwnedIds(_) | Target::Types(_) | Target::Supervisor => {
                Known::Other
            }
        }
    }

    fn is(&self, target: &Target<'_>) -> bool {
        match (self, target) {
            (Known::Name(known), Target::Name(name)) => known == name,
            (Known::Id(known), Target::Id(id)) => known == id,
            (Known::Type(known), Target::Type(key, _)) => known == key,
            (Known::Broadcast, Target::Broadcast) | (Known::Listeners, Target::Listeners) => true,
            _ => false,
        }
    }
}

/// A hash of a target that is worth comparing and of what is sent there.
#[inline]
fn hash(target: &Target<'_>, message: Key) -> Option<u64> {
    let target = match target {
        Target::Name(name) => hash_of_name(name.as_bytes()),
        Target::Id(id) => u64::from(id.incarnation()) << 32 | u64::from(id.slot()),
        Target::Type(key, _) => *key,
        Target::Broadcast => 1,
        _ => return None,
    };
    Some((message ^ target).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Both ends of a name and its length: names differ there, and the whole may be long.
#[inline]
fn hash_of_name(name: &[u8]) -> u64 {
    let ends = match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => {
            u64::from_le_bytes(*first).rotate_left(29) ^ u64::from_le_bytes(*last)
        }
        _ => name.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
    };
    ends ^ (name.len() as u64) << 56
}

#[cfg(test)]
#[path = "audiences_tests.rs"]
mod tests;
