//! Typed addresses.

use super::{Accepts, Agent, Context, Delivery};
use crate::error::{AskError, SendError};
use crate::id::Ids;
use crate::message::{Message, Request};
use crate::router::Target;
use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

/// The address of every running `A`: what [`Context::addr`] returns. The compiler refuses to send what
/// `A` does not handle.
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
    agent: PhantomData<fn(A)>,
}

impl<A> Clone for Addr<A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<A> Copy for Addr<A> {}

impl<A: Agent> Addr<A> {
    pub(super) fn new() -> Addr<A> {
        Addr { agent: PhantomData }
    }

    fn target(self) -> Target<'static> {
        let entry = A::entry();
        Target::Type(entry.key(), entry.path)
    }

    /// The ids of the running `A`s.
    #[must_use]
    pub fn ids(self, ctx: &Context) -> Ids {
        let audience =
            ctx.directory()
                .audience(ctx.id(), &self.target(), &crate::message::Ancestry::ROOT);
        audience.unwrap_or_default().addressees.into()
    }

    /// Sends a message to every running `A`: [`Context::send`], checked by the compiler.
    ///
    /// # Errors
    /// Those of [`Context::send`].
    #[track_caller]
    pub fn send<M: Message, I>(self, ctx: &mut Context, message: &M) -> Result<Delivery, SendError>
    where
        A: Accepts<M, I>,
    {
        let timeout = ctx.settings.send_timeout;
        ctx.send_within(&self.target(), message, timeout, Location::caller())
    }

    /// Asks the one running `A` and waits for its answer, 5 s at most unless
    /// [`Supervisor::ask_timeout`](crate::Supervisor::ask_timeout) says otherwise: [`Context::ask`],
    /// checked by the compiler.
    ///
    /// # Errors
    /// Those of [`Context::ask`].
    #[track_caller]
    pub fn ask<R: Request, I>(self, ctx: &mut Context, request: &R) -> Result<R::Answer, AskError>
    where
        A: Accepts<R, I>,
    {
        let timeout = ctx.settings.ask_timeout;
        ctx.ask_within(&self.target(), request, timeout, Location::caller())
    }

    /// [`ask`](Self::ask) with a timeout of its own.
    ///
    /// # Errors
    /// Those of [`Context::ask`].
    #[track_caller]
    pub fn ask_timeout<R: Request, I>(
        self,
        ctx: &mut Context,
        request: &R,
        timeout: Duration,
    ) -> Result<R::Answer, AskError>
    where
        A: Accepts<R, I>,
    {
        ctx.ask_within(&self.target(), request, timeout, Location::caller())
    }
}
