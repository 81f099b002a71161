//! What an agent has in its hands: everything it can do is a method of its context.

use super::Agent;
use super::address::Addr;
use super::core::Core;
use super::scope::Anything;
use crate::error::{InputError, WaitError};
use crate::id::{AgentId, Ids};
use std::fmt::Display;
use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

/// An agent's hands: how it sends, receives, asks and prints.
///
/// Every agent is given its own, in `op` and in each handler. It stays in the agent's process and on
/// its thread.
///
/// ```no_run
/// use multitools::{agent, Context, Flow, StringMessage};
///
/// #[agent(name = "Echo")]
/// struct Echo;
/// #[agent]
/// impl Echo {
///     #[handle]
///     fn on_text(&mut self, message: &StringMessage, ctx: &mut Context) {
///         ctx.print(&message.text);
///     }
///     fn op(&mut self, ctx: &mut Context) -> Result<(), multitools::Error> {
///         while ctx.receive(self)? == Flow::Continue {}
///         Ok(())
///     }
/// }
/// # fn main() {}
/// ```
///
/// # Agents that declare what they send
///
/// The handlers and the `op` of an agent with `sends(..)` take a `&mut Context<Self>`, through which the
/// compiler lets pass only what is declared. `Context` alone is `Context<Anything>`.
///
/// ```
/// use multitools::{agent, Context, SendError, StringMessage};
///
/// #[agent(sends(StringMessage))]
/// struct Greeter;
/// #[agent]
/// impl Greeter {
///     fn op(&mut self, ctx: &mut Context<Self>) -> Result<(), SendError> {
///         ctx.send("Echo", &StringMessage::new("hello"))?;
///         Ok(())
///     }
/// }
/// # fn main() {}
/// ```
pub struct Context<S = Anything> {
    pub(super) core: Core,
    scope: PhantomData<fn(S)>,
    /// What the compiler names to whoever takes it to another thread.
    place: PhantomData<dyn StaysOnTheThreadOfItsAgent>,
}

trait StaysOnTheThreadOfItsAgent {}

impl Context {
    /// The context of a process that has no supervisor.
    #[cfg(test)]
    pub(crate) fn detached() -> Context {
        Context::new(Core::detached())
    }

    pub(super) fn new(core: Core) -> Context {
        Context {
            core,
            scope: PhantomData,
            place: PhantomData,
        }
    }
}

impl<S> Context<S> {
    /// The same for an agent that declares otherwise what it sends.
    pub(super) fn scoped<T>(self) -> Context<T> {
        Context {
            core: self.core,
            scope: PhantomData,
            place: PhantomData,
        }
    }

    /// This agent's own id.
    #[must_use]
    pub fn id(&self) -> AgentId {
        self.core.id
    }

    /// The name this agent bears in the run, if it bears one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.core.name.as_deref()
    }

    /// The running agents that bear a name: none, one or several (rule R10).
    ///
    /// The answer is always at hand, since the supervisor tells every agent of each change; nothing is
    /// waited for. All agents that a run begins with are known before the first of them runs.
    #[must_use]
    pub fn ids(&self, name: &str) -> Ids {
        self.core.ids(name)
    }

    /// The name that another agent bears, or has borne if it has ended: a message may be read after the
    /// end of its sender.
    #[must_use]
    pub fn name_of(&self, id: AgentId) -> Option<String> {
        self.core.name_of(id)
    }

    /// The running agents that bear a name, once there is one: for agents that are started later.
    ///
    /// Blocks until there is one, the timeout, or the end of the run.
    ///
    /// # Errors
    /// [`WaitError::Timeout`] and [`WaitError::Stopped`].
    #[track_caller]
    pub fn wait_for(&mut self, name: &str, timeout: Duration) -> Result<Ids, WaitError> {
        let found = self.core.wait_for(name, timeout);
        self.core.noting(found, Location::caller())
    }

    /// The address of every running `A`, to which the compiler lets only what `A` handles be sent.
    #[must_use]
    pub fn addr<A: Agent>(&self) -> Addr<A> {
        Addr::new(None)
    }

    /// Prints a line, or several, through the supervisor (rule R18): never torn, never mixed with those
    /// of other agents, and in order with the agent's other prints.
    ///
    /// The supervisor writes it to its standard output, or gives it to the `on_print` handler. In a
    /// process of a `ProcessList` it goes to the standard output directly.
    pub fn print(&mut self, text: impl Display) {
        self.core.print(text.to_string());
    }

    /// Asks the user for a line, through the supervisor (rule R18). Prompts queue there; one is shown
    /// at a time, with the agent's name.
    ///
    /// Blocks until there is a line, the input has ended, or the run is stopped. Messages queue
    /// meanwhile.
    ///
    /// # Errors
    /// [`InputError::EndOfInput`] and [`InputError::Stopped`].
    #[track_caller]
    pub fn input(&mut self, prompt: impl Display) -> Result<String, InputError> {
        let line = self.core.prompt(prompt.to_string(), None);
        self.core.noting(line, Location::caller())
    }

    /// [`input`](Self::input) that waits no longer than `timeout`. The prompt is withdrawn then.
    ///
    /// # Errors
    /// [`InputError::Timeout`] besides those of [`input`](Self::input).
    #[track_caller]
    pub fn input_timeout(
        &mut self,
        prompt: impl Display,
        timeout: Duration,
    ) -> Result<String, InputError> {
        let line = self.core.prompt(prompt.to_string(), Some(timeout));
        self.core.noting(line, Location::caller())
    }
}
