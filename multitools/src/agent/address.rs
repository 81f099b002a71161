//! Typed addresses.
#![expect(
    clippy::needless_maybe_sized,
    reason = "of a `str` only that it is no message is to be said, not its size besides"
)]

use super::{Accepts, Agent, Answers, Context, Delivery, MaySend};
use crate::catalog::AgentEntry;
use crate::error::{AskError, SendError};
use crate::id::{AgentId, Ids};
use crate::message::{Message, Request};
use crate::router::{Recipient, Target};
use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

/// The address of every running `A`, which [`Context::addr`] returns, or of the one that was spawned,
/// which [`Spawned::addr`](crate::Spawned::addr) returns. The compiler refuses to send what `A` does not
/// handle.
///
/// ```no_run
/// use multitools::{agent, Context, StringMessage};
///
/// #[agent(resident)]
/// #[derive(Default)]
/// struct Echo;
/// #[agent]
/// impl Echo {
///     #[handle]
///     fn on_text(&mut self, message: &StringMessage, ctx: &mut Context) { ctx.print(&message.text) }
/// }
///
/// fn greet(ctx: &mut Context) -> Result<(), multitools::Error> {
///     ctx.addr::<Echo>().send(ctx, &StringMessage::new("hello"))?;
///     Ok(())
/// }
/// # fn main() {}
/// ```
pub struct Addr<A> {
    entry: &'static AgentEntry,
    only: Option<AgentId>,
    agent: PhantomData<fn(A)>,
}

impl<A> Clone for Addr<A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<A> Copy for Addr<A> {}

impl<A: Agent> Addr<A> {
    pub(super) fn new(only: Option<AgentId>) -> Addr<A> {
        Addr {
            entry: A::entry(),
            only,
            agent: PhantomData,
        }
    }
}

/// That `A` is an agent has been asked where the address was made: once is enough.
impl<A> Addr<A> {
    pub(super) fn kind(self) -> Recipient {
        Recipient {
            agent: self.entry.key,
            path: self.entry.path,
            only: self.only,
        }
    }

    fn target(self) -> Target<'static> {
        match (self.only, self.kind()) {
            (Some(one), _) => Target::Id(one),
            (None, kind) => Target::Type(kind.agent, kind.path),
        }
    }

    /// The ids of the running agents that this is the address of.
    #[must_use]
    pub fn ids<S>(self, ctx: &Context<S>) -> Ids {
        ctx.core.ids_of(&self.target())
    }

    /// Sends a message to all of them: [`Context::send`], checked by the compiler.
    ///
    /// # Errors
    /// Those of [`Context::send`].
    #[track_caller]
    pub fn send<M: Message + ?Sized, S, I, J>(
        self,
        ctx: &mut Context<S>,
        message: &M,
    ) -> Result<Delivery, SendError>
    where
        A: Accepts<M, I>,
        S: MaySend<M, J>,
    {
        let place = Location::caller();
        ctx.core.send(&self.target(), message.into(), place)
    }

    /// Asks the one agent that it is the address of and waits for its answer, 5 s at most unless
    /// [`Supervisor::ask_timeout`](crate::Supervisor::ask_timeout) says otherwise: [`Context::ask`],
    /// checked by the compiler.
    ///
    /// A handler of a supertype that is no request takes the request as a message, but does not answer
    /// it, so asking is refused then:
    ///
    /// ```compile_fail
    /// use multitools::{agent, message, AnyMessage, AskError, Context};
    ///
    /// #[message(reply = u64)]
    /// struct Square(u64);
    ///
    /// #[agent(resident)]
    /// struct Everything;
    /// #[agent]
    /// impl Everything {
    ///     #[handle]
    ///     fn on_any(&mut self, _message: &AnyMessage) {}
    /// }
    ///
    /// fn ask(ctx: &mut Context) -> Result<u64, AskError> {
    ///     ctx.addr::<Everything>().ask(ctx, &Square(12))
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// Those of [`Context::ask`].
    #[track_caller]
    pub fn ask<R: Request + ?Sized, S, I, J>(
        self,
        ctx: &mut Context<S>,
        request: &R,
    ) -> Result<R::Answer, AskError>
    where
        A: Answers<R, I>,
        S: MaySend<R, J>,
    {
        let (timeout, place) = (ctx.core.settings.ask_timeout, Location::caller());
        ctx.core.ask(&self.target(), request, timeout, place)
    }

    /// [`ask`](Self::ask) with a timeout of its own.
    ///
    /// # Errors
    /// Those of [`Context::ask`].
    #[track_caller]
    pub fn ask_timeout<R: Request + ?Sized, S, I, J>(
        self,
        ctx: &mut Context<S>,
        request: &R,
        timeout: Duration,
    ) -> Result<R::Answer, AskError>
    where
        A: Answers<R, I>,
        S: MaySend<R, J>,
    {
        let place = Location::caller();
        ctx.core.ask(&self.target(), request, timeout, place)
    }
}
