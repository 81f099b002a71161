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
    message: Key,
    message_type: u32,
    audience: Arc<Audience>,
    one: Option<AgentId>,
    /// Of the one, once it has been sent to.
    link: Option<Link>,
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

impl Audiences {
    /// The audience of the last such message, if that is still so.
    #[inline]
    pub(super) fn find(&mut self, at: u64, target: &Target<'_>, message: Key) -> Option<Found> {
        if self.at != at {
            self.entries.clear();
            self.at = at;
            return None;
        }
        let fits = |entry: &Entry| entry.message == message && entry.target.is(target);
        if !self.entries.get(self.latest).is_some_and(fits) {
            self.latest = self.entries.iter().position(fits)?;
        }
        Some(Found(self.latest))
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
        if self.entries.len() == REMEMBERED {
            self.entries.clear();
        }
        self.latest = self.entries.len();
        self.entries.push(Entry {
            target: Known::of(target),
            message: leaf.key(),
            message_type: leaf.id().unwrap_or(u32::MAX),
            audience: Arc::new(audience),
            one,
            link: None,
        });
        Found(self.latest)
    }

    /// Remembers the link to the one of an audience.
    pub(super) fn remember_link(&mut self, found: Found, link: Link) {
        self.entries[found.0].link = Some(link);
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
