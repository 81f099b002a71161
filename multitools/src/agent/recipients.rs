//! Addresses by message: several kinds of agents that take the same.
#![expect(
    clippy::needless_maybe_sized,
    reason = "of a `str` only that it is no message is to be said, not its size besides"
)]

use super::{Accepts, Addr, Context, Delivery, MaySend};
use crate::error::SendError;
use crate::id::Ids;
use crate::message::{Is, Message};
use crate::router::{Recipient, Target};
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;

/// The address of every running agent of some types that all take `M`: what an [`Addr`] becomes when
/// only the message matters.
///
/// It names no agent type, so it fits into a field, a `Vec` or an argument, and takes in one type of
/// agent after the other, each checked by the compiler. It sends `M` and its subtypes. Who is running is
/// looked up anew at each send; an agent gets the message once.
///
/// ```
/// use multitools::{agent, message, Context, Error, Recipients};
///
/// #[message]
/// struct Alarm { text: String }
///
/// #[agent(resident)]
/// struct Siren;
/// #[agent]
/// impl Siren {
///     #[handle]
///     fn on_alarm(&mut self, alarm: &Alarm, ctx: &mut Context) { ctx.print(&alarm.text) }
/// }
/// #[agent(resident)]
/// struct Lamp;
/// #[agent]
/// impl Lamp {
///     #[handle]
///     fn on_alarm(&mut self, _alarm: &Alarm) {}
/// }
///
/// #[agent]
/// struct Watch {
///     #[serde(skip)]
///     alarmed: Recipients<Alarm>,
/// }
/// #[agent]
/// impl Watch {
///     fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
///         self.alarmed = Recipients::of(ctx.addr::<Siren>()).and(ctx.addr::<Lamp>());
///         self.alarmed.send(ctx, &Alarm { text: "hot".into() })?;
///         Ok(())
///     }
/// }
/// # fn main() {}
/// ```
///
/// Sets of recipients can be collected into one:
///
/// ```
/// use multitools::{Recipients, StringMessage};
///
/// fn all(groups: Vec<Recipients<StringMessage>>) -> Recipients<StringMessage> {
///     groups.into_iter().collect()
/// }
/// assert!(all(vec![Recipients::default()]).is_empty());
/// ```
pub struct Recipients<M> {
    kinds: Vec<Recipient>,
    message: PhantomData<fn(M)>,
}

impl<M: Message> Recipients<M> {
    /// Every running `A`, or the one spawned `A` that it is the address of.
    #[must_use]
    pub fn of<A: Accepts<M, I>, I>(addr: Addr<A>) -> Self {
        Recipients::default().and(addr)
    }

    /// Those as well.
    #[must_use]
    pub fn and<A: Accepts<M, I>, I>(mut self, addr: Addr<A>) -> Self {
        self.add(addr.kind());
        self
    }

    /// Sends an `M`, or a subtype of it, to all: [`Context::send`], checked by the compiler.
    ///
    /// # Errors
    /// Those of [`Context::send`].
    #[track_caller]
    pub fn send<N: Message + Is<M> + ?Sized, S, I>(
        &self,
        ctx: &mut Context<S>,
        message: &N,
    ) -> Result<Delivery, SendError>
    where
        S: MaySend<N, I>,
    {
        let place = Location::caller();
        ctx.core
            .send(&Target::Types(&self.kinds), message.into(), place)
    }

    /// The ids of those who are running.
    #[must_use]
    pub fn ids<S>(&self, ctx: &Context<S>) -> Ids {
        ctx.core.ids_of(&Target::Types(&self.kinds))
    }
}

impl<M> Recipients<M> {
    /// Whether no type of agent was taken in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    fn add(&mut self, kind: Recipient) {
        if !self.kinds.contains(&kind) {
            self.kinds.push(kind);
        }
    }
}

impl<M> Default for Recipients<M> {
    /// Nobody.
    fn default() -> Self {
        Recipients {
            kinds: Vec::new(),
            message: PhantomData,
        }
    }
}

impl<M> Clone for Recipients<M> {
    fn clone(&self) -> Self {
        Recipients {
            kinds: self.kinds.clone(),
            message: PhantomData,
        }
    }
}

impl<M> fmt::Debug for Recipients<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self.kinds.iter().map(|kind| kind.path);
        f.debug_set().entries(paths).finish()
    }
}

impl<M> Extend<Recipients<M>> for Recipients<M> {
    fn extend<T: IntoIterator<Item = Recipients<M>>>(&mut self, others: T) {
        for kind in others.into_iter().flat_map(|other| other.kinds) {
            self.add(kind);
        }
    }
}

impl<M> FromIterator<Recipients<M>> for Recipients<M> {
    fn from_iter<T: IntoIterator<Item = Recipients<M>>>(others: T) -> Self {
        let mut all = Recipients::default();
        all.extend(others);
        all
    }
}
