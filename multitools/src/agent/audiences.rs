//! Whom an agent has sent to lately, so that sending again need not look it up.

use crate::id::AgentId;
use crate::message::{Key, MessageEntry};
use crate::router::{Audience, Target};
use crate::transport::Link;
use std::sync::Arc;

/// How many are remembered.
const REMEMBERED: usize = 16;

/// The audiences of an agent's latest targets, as long as the population stays as it is.
#[derive(Default)]
pub(super) struct Audiences {
    /// Counts the changes of the population.
    at: u64,
    entries: Vec<Entry>,
    latest: usize,
}

struct Entry {
    target: Known,
    message_type: u32,
    audience: Arc<Audience>,
    one: Option<AgentId>,
    /// Of the one, once it has been sent to.
    link: Option<Link>,
}

/// A target that is worth remembering.
enum Known {
    Name(String),
    Id(AgentId),
    Type(Key),
    Broadcast,
    Listeners,
}

/// Whom a message goes to.
#[derive(Clone)]
pub(super) enum Whom {
    /// Exactly one agent, and nobody listens; with the link to it, once there is one.
    One(AgentId, Option<Link>),
    /// More, or fewer.
    All(Arc<Audience>),
}

impl Audiences {
    /// Whom a message went to the last time, if that is still so.
    #[inline]
    pub(super) fn find(
        &mut self,
        at: u64,
        target: &Target<'_>,
        leaf: &MessageEntry,
    ) -> Option<Whom> {
        if self.at != at {
            self.entries.clear();
            self.at = at;
            return None;
        }
        let message_type = leaf.id.get()?;
        let fits = |entry: &Entry| entry.message_type == message_type && entry.target.is(target);
        if !self.entries.get(self.latest).is_some_and(fits) {
            self.latest = self.entries.iter().position(fits)?;
        }
        let entry = &self.entries[self.latest];
        Some(match entry.one {
            Some(one) => Whom::One(one, entry.link),
            None => Whom::All(Arc::clone(&entry.audience)),
        })
    }

    /// Remembers whom a message goes to, as of the latest call of [`find`](Self::find).
    pub(super) fn remember(
        &mut self,
        target: &Target<'_>,
        leaf: &MessageEntry,
        audience: Audience,
    ) -> Whom {
        let one = match (
            &audience.addressees[..],
            &audience.listeners[..],
            &audience.dead[..],
        ) {
            ([one], [], []) => Some(*one),
            _ => None,
        };
        let audience = Arc::new(audience);
        if let (Some(target), Some(message_type)) = (Known::of(target), leaf.id.get()) {
            if self.entries.len() == REMEMBERED {
                self.entries.clear();
            }
            self.latest = self.entries.len();
            self.entries.push(Entry {
                target,
                message_type,
                audience: Arc::clone(&audience),
                one,
                link: None,
            });
        }
        one.map_or(Whom::All(audience), |one| Whom::One(one, None))
    }

    /// Remembers the link to the one agent that was found last.
    pub(super) fn remember_link(&mut self, to: AgentId, link: Link) {
        if let Some(entry) = self.entries.get_mut(self.latest)
            && entry.one == Some(to)
        {
            entry.link = Some(link);
        }
    }
}

impl Known {
    fn of(target: &Target<'_>) -> Option<Known> {
        Some(match target {
            Target::Name(name) => Known::Name((*name).to_owned()),
            Target::Id(id) => Known::Id(*id),
            Target::Type(key, _) => Known::Type(*key),
            Target::Broadcast => Known::Broadcast,
            Target::Listeners => Known::Listeners,
            Target::Ids(_) | Target::OwnedIds(_) | Target::Types(_) | Target::Supervisor => {
                return None;
            }
        })
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
