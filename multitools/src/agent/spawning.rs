//! Starting other agents while the run is going on, and waiting for what they return.

use super::core::Core;
use super::news::News;
use super::{Addr, Agent, Behaviour, Context};
use crate::deadline;
use crate::error::{JoinError, SpawnError};
use crate::id::AgentId;
use crate::limits::Limits;
use crate::protocol::{
    MOST_AGENTS, Remedy, SpawnFailure, SpawnOrder, ToSupervisor, check_arguments,
};
use crate::restart::Restart;
use crate::transport::{Awaited, Waited};
use crate::wire::codec;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

impl<S> Context<S> {
    /// Starts an agent or a process, under the name and with the restarts that it declares (rule R10).
    ///
    /// The supervisor starts it, in a process of its own. When the call returns it is up: every agent
    /// has been or is being told of it before it runs, but for those that only wait for a message, which are told
    /// before they get one; and its mailbox takes messages. It is an agent of
    /// the run like any other: while it is no resident the run goes on (R11), and its failure is that of
    /// the run unless it is started again (R12).
    ///
    /// Blocks until it is up, at most the time that
    /// [`Supervisor::start_timeout`](crate::Supervisor::start_timeout) gives. Messages queue meanwhile.
    ///
    /// ```no_run
    /// use multitools::{agent, process, Context, Error};
    /// use std::time::Duration;
    ///
    /// #[process]
    /// fn multiply(one: i64, two: i64) -> i64 { one * two }
    ///
    /// #[agent]
    /// struct Foreman;
    /// #[agent]
    /// impl Foreman {
    ///     fn op(&mut self, ctx: &mut Context) -> Result<i64, Error> {
    ///         let worker = ctx.spawn(multiply::with(6, 7))?;
    ///         Ok(ctx.join(worker, Duration::from_secs(10))?)
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// [`SpawnError::Arguments`] where its fields do not encode or are larger than a result may be: 64 MiB less 64 KiB,
    /// or [`Supervisor::message_limit`](crate::Supervisor::message_limit) if that is more;
    /// [`SpawnError::Stopped`] once the run is being stopped or all its non-residents have ended;
    /// [`SpawnError::Start`], [`SpawnError::NeverReady`] and [`SpawnError::TooMany`] say why it does not
    /// run, and are the end of nobody.
    #[track_caller]
    pub fn spawn<A: Agent + Behaviour>(&mut self, agent: A) -> Result<Spawned<A>, SpawnError> {
        self.prepare(agent).spawn()
    }

    /// An agent or a process to [`spawn`](Prepared::spawn) under another name, or with other restarts,
    /// than it declares.
    ///
    /// ```no_run
    /// use multitools::{process, Context, Restart, SpawnError};
    ///
    /// #[process]
    /// fn work(n: u64) -> u64 { n }
    ///
    /// fn start(ctx: &mut Context) -> Result<(), SpawnError> {
    ///     let spare = ctx.prepare(work::with(3)).named("spare");
    ///     spare.restart(Restart::on_failure()).spawn()?;
    ///     Ok(())
    /// }
    /// # fn main() {}
    /// ```
    pub fn prepare<A: Agent + Behaviour>(&mut self, agent: A) -> Prepared<'_, A> {
        Prepared {
            core: &mut self.core,
            agent,
            name: A::NAME.map(str::to_owned),
            restart: None,
            limits: None,
        }
    }

    /// Waits for a spawned agent to end, and returns what its `op` returned.
    ///
    /// Blocks until then, at most `timeout`; messages queue meanwhile. An agent that is started again is
    /// waited for until it has ended for good.
    ///
    /// # Errors
    /// [`JoinError::Timeout`] with the claim in it, to wait again; [`JoinError::Failed`] when it has
    /// failed, and with it the run; [`JoinError::Stopped`] when the run is being stopped before.
    #[track_caller]
    pub fn join<A: Behaviour>(
        &mut self,
        spawned: Spawned<A>,
        timeout: Duration,
    ) -> Result<A::Output, JoinError<Spawned<A>>> {
        let place = Location::caller();
        let id = spawned.id;
        let joined = match self.core.await_end(id, timeout) {
            Some(Ok(result)) => codec::decode(&result).map_err(JoinError::from),
            Some(Err(reason)) => Err(JoinError::Failed { id, reason }),
            None if self.core.is_stopping() => Err(JoinError::Stopped),
            None => Err(JoinError::Timeout {
                claim: spawned,
                id,
                name: self.core.name_of(id),
                waited: timeout,
            }),
        };
        self.core.noting(joined, place)
    }
}

/// An agent that is about to be spawned: what [`Context::prepare`] returns.
#[must_use = "nothing is started until `spawn` is called"]
pub struct Prepared<'c, A> {
    core: &'c mut Core,
    agent: A,
    name: Option<String>,
    restart: Option<Restart>,
    limits: Option<Limits>,
}

impl<A: Agent + Behaviour> Prepared<'_, A> {
    /// Under a name of its own.
    pub fn named(self, name: impl Into<String>) -> Self {
        Prepared {
            name: Some(name.into()),
            ..self
        }
    }

    /// Without a name.
    pub fn unnamed(self) -> Self {
        Prepared { name: None, ..self }
    }

    /// When it is started again after its end (rule R14), instead of what it declares.
    pub fn restart(self, policy: Restart) -> Self {
        Prepared {
            restart: Some(policy),
            ..self
        }
    }

    /// What it may take of the machine, instead of what it declares.
    pub fn limits(self, limits: Limits) -> Self {
        Prepared {
            limits: Some(limits),
            ..self
        }
    }

    /// Starts it: [`Context::spawn`].
    ///
    /// # Errors
    /// Those of [`Context::spawn`].
    #[track_caller]
    pub fn spawn(self) -> Result<Spawned<A>, SpawnError> {
        let place = Location::caller();
        let Prepared {
            core,
            agent,
            name,
            restart,
            limits,
        } = self;
        let started = start(core, &agent, name, restart, limits);
        core.noting(started, place)
    }
}

/// Has the supervisor start an agent.
fn start<A: Agent + Behaviour>(
    core: &mut Core,
    agent: &A,
    name: Option<String>,
    restart: Option<Restart>,
    limits: Option<Limits>,
) -> Result<Spawned<A>, SpawnError> {
    let entry = A::entry();
    let label = name.clone().unwrap_or_else(|| entry.path.to_owned());
    // A longer word the supervisor takes for none, and that would be the end of this agent.
    let most = core.supervisor.room();
    let arguments = match codec::encode(agent).and_then(|arguments| {
        check_arguments(entry.path, &arguments, most, Remedy::MessageLimit).map(|()| arguments)
    }) {
        Ok(arguments) => arguments,
        Err(source) => {
            let agent = label;
            return Err(SpawnError::Arguments { agent, source });
        }
    };
    let order = SpawnOrder {
        request: core.number_request(),
        agent: entry.key,
        name,
        arguments,
        restart,
        limits,
    };
    let id = core.order_spawn(order, label)?;
    Ok(Spawned {
        id,
        news: Arc::clone(&core.news),
        agent: PhantomData,
    })
}

/// An agent that was spawned, and the claim to its result: what [`Context::spawn`] returns.
///
/// Dropped, it lets go of the result; the agent goes on.
#[must_use = "dropped, it lets go of the result; `join` waits for it"]
pub struct Spawned<A> {
    id: AgentId,
    news: Arc<News>,
    agent: PhantomData<fn(A)>,
}

impl<A> Spawned<A> {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> AgentId {
        self.id
    }
}

impl<A: Agent> Spawned<A> {
    /// The address of this one agent, to which the compiler lets only what it handles be sent.
    #[must_use]
    pub fn addr(&self) -> Addr<A> {
        Addr::new(Some(self.id))
    }
}

impl<A> fmt::Debug for Spawned<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Spawned").field(&self.id).finish()
    }
}

impl<A> Drop for Spawned<A> {
    fn drop(&mut self) {
        self.news.state().ends.remove(&self.id);
    }
}

impl Core {
    fn order_spawn(&mut self, order: SpawnOrder, agent: String) -> Result<AgentId, SpawnError> {
        if self.transport.is_none() {
            return Err(SpawnError::Unsupervised);
        }
        let request = order.request;
        self.tell_supervisor(&ToSupervisor::Spawn(Box::new(order)));
        loop {
            let seen = self.news.count();
            if let Some(spawned) = self.news.state().spawned.remove(&request) {
                return spawned.map_err(|failure| why_not(failure, agent));
            }
            if self.is_stopping() {
                return Err(SpawnError::Stopped);
            }
            // The supervisor answers each order, within its own deadline.
            self.wait(Awaited::Nothing, seen, None);
        }
    }

    /// How a spawned agent has ended; `None` when it has not.
    fn await_end(&mut self, id: AgentId, timeout: Duration) -> Option<Result<Vec<u8>, String>> {
        let deadline = deadline::after(timeout);
        loop {
            let seen = self.news.count();
            let ended = self.news.state().ends.get_mut(&id).and_then(Option::take);
            if ended.is_some() || self.is_stopping() {
                return ended;
            }
            if self.wait(Awaited::Nothing, seen, Some(deadline)) == Waited::Late {
                return None;
            }
        }
    }
}

fn why_not(failure: SpawnFailure, agent: String) -> SpawnError {
    match failure {
        SpawnFailure::Start(reason) => SpawnError::Start { agent, reason },
        SpawnFailure::NeverReady(reason) => SpawnError::NeverReady { agent, reason },
        SpawnFailure::TooMany => SpawnError::TooMany {
            agent,
            limit: MOST_AGENTS,
        },
        SpawnFailure::Stopped => SpawnError::Stopped,
    }
}
