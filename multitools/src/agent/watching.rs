//! Watching others: monitors, which tell of an end, and links, which share it (rule R15).

use super::Context;
use super::core::Core;
use super::receiving::word_of_supervisor;
use super::watches::{Monitor, Set, Watches};
use crate::id::AgentId;
use crate::message::{AnyMessage, Down};
use crate::protocol::{Linked, ToSupervisor};
use crate::transport::{Connection, Transport};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

impl<S> Context<S> {
    /// Watches an agent: when it has ended, exactly one [`Down`] comes for this call, after every message
    /// that the agent had sent to this one (rule R15). At once where it has ended by now.
    ///
    /// An id leads to whoever holds its slot (rule R10), and that is who is watched: the incarnation that
    /// runs, or the next one while the agent is away to be started again. Its end is told also where it is
    /// to be started again, and then the monitor is done with; [`Down::restarting`] says so, and another
    /// call of `monitor` with the same id watches the next incarnation, messages of which may come first.
    ///
    /// Returns at once. A monitor belongs to the incarnation that set it; nothing comes of watching
    /// oneself, nor of any monitor in a process of a `ProcessList`. It costs nothing while messages pass.
    ///
    /// ```no_run
    /// use multitools::{Context, Down, DownReason, Error, StringMessage};
    ///
    /// /// Sends a text to an agent that ends when it has it, and waits until it has ended.
    /// # #[allow(unused)]
    /// fn last_words(ctx: &mut Context) -> Result<bool, Error> {
    ///     let worker = ctx.ids("Worker")[0];
    ///     ctx.monitor(worker);
    ///     ctx.send(worker, &StringMessage::new("that is all"))?;
    ///     loop {
    ///         let message = ctx.next_message(None)?;
    ///         if message.is::<Down>() {
    ///             return Ok(message.decode::<Down>()?.reason == DownReason::Finished);
    ///         }
    ///     }
    /// }
    /// ```
    pub fn monitor(&mut self, id: AgentId) -> Monitor {
        self.core.monitor(id)
    }

    /// Takes a monitor back: no [`Down`] comes of it after this. Nothing happens where it has come.
    pub fn demonitor(&mut self, monitor: Monitor) {
        self.core.departures.clear(monitor);
    }

    /// Links this agent and another: when one of them fails, the other ends as well (rule R15).
    ///
    /// Who is pulled along fails, whatever it returns, with [`Cause::Linked`](crate::Cause::Linked), which
    /// names the other. It is told to stop: its waits end with `Stopped`, and a process that does not end
    /// within a second is sent SIGTERM, and killed 2 s later. Its own restart policy decides about it
    /// (rule R14); without one the run fails (R12). An agent that ends well pulls nobody along.
    ///
    /// Who is linked follows from the id as with [`monitor`](Self::monitor). A link is between two
    /// incarnations: who is started again links again. Linking twice, or from both sides, is linking once.
    /// Nothing comes of a link to oneself, to an agent that has finished, or to one that never existed.
    ///
    /// Returns at once.
    ///
    /// ```
    /// use multitools::{Context, Error, agent};
    ///
    /// #[agent(name = "Cache", restart = on_failure)]
    /// struct Cache;
    /// #[agent]
    /// impl Cache {
    ///     fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
    ///         // What it holds is worth nothing once the store has failed.
    ///         for store in &ctx.ids("Store") {
    ///             ctx.link(*store);
    ///         }
    ///         loop {
    ///             ctx.receive(self)?;
    ///         }
    ///     }
    ///     #[handle]
    ///     fn on_text(&mut self, _: &multitools::StringMessage) {}
    /// }
    /// # fn main() {}
    /// ```
    pub fn link(&mut self, id: AgentId) {
        self.core.link(id);
    }
}

impl Core {
    fn monitor(&mut self, id: AgentId) -> Monitor {
        let (monitor, set) = self.departures.watches().set(id);
        match (set, &mut self.transport) {
            (Set::Gone(down), Some(transport)) => {
                let downs = vec![(monitor, down)];
                self.departures.await_messages(transport, downs);
            }
            (Set::Unknown, Some(_)) => self.tell_supervisor(&ToSupervisor::Know(id)),
            (Set::Watching | Set::Gone(_) | Set::Unknown, _) => {}
        }
        monitor
    }

    fn link(&mut self, id: AgentId) {
        let (id, is_away) = self.departures.watches().resolve(id);
        if self.transport.is_none() || id == self.id {
            return;
        }
        let linked = match is_away {
            true => Linked::ToSuccessor(id),
            false => Linked::To(id),
        };
        self.tell_supervisor(&ToSupervisor::Link(linked));
    }

    /// Everything has come that an agent that has ended had sent. `None` where nobody wants to know any
    /// more.
    pub(super) fn tell_of_end(&mut self, id: AgentId) -> Option<AnyMessage> {
        let down = self.departures.take(id)?;
        word_of_supervisor(&down)
    }
}

/// The watches of an agent, and what has ended and is to be told when all its messages have come.
#[derive(Default)]
pub(super) struct Departures {
    watches: Arc<Mutex<Watches>>,
    awaited: Vec<(Monitor, Down)>,
}

impl Departures {
    pub(super) fn new(watches: &Arc<Mutex<Watches>>) -> Departures {
        Departures {
            watches: Arc::clone(watches),
            awaited: Vec::new(),
        }
    }

    pub(super) fn watches(&self) -> MutexGuard<'_, Watches> {
        self.watches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the messages come first that the ended had sent.
    pub(super) fn await_messages(
        &mut self,
        transport: &mut Connection,
        downs: Vec<(Monitor, Down)>,
    ) {
        for (_, down) in &downs {
            transport.bid_farewell(down.id);
        }
        self.awaited.extend(downs);
    }

    /// Whether an end is known and has not been told.
    pub(super) fn is_awaiting(&self) -> bool {
        !self.awaited.is_empty()
    }

    fn clear(&mut self, monitor: Monitor) {
        self.watches().clear(monitor);
        self.awaited.retain(|(other, _)| *other != monitor);
    }

    fn take(&mut self, id: AgentId) -> Option<Down> {
        let place = self.awaited.iter().position(|(_, down)| down.id == id)?;
        Some(self.awaited.remove(place).1)
    }
}
