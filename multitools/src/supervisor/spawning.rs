//! Starting agents while the run is going on, for agents that ask for it.

use super::Notice;
use super::main_loop::Supervision;
use super::member::Member;
use super::report::Cause;
use super::shutdown::Phase;
use super::startup::Origin;
use crate::catalog::{self, AgentEntry};
use crate::deadline;
use crate::id::AgentId;
use crate::launch::advice;
use crate::protocol::{
    Encoded, MOST_AGENTS, Outcome, SpawnFailure, SpawnOrder, StatusPage, ToAgent,
};
use crate::restart::Restart;
use crate::transport::{Backend, Occupied};
use std::collections::HashMap;
use std::io;
use std::time::Instant;

/// How many slots of agents that have ended are looked at before another one is taken.
const LOOKS: usize = 8;

/// The last incarnation that begins another agent: a slot that has had so many is not used again, so that
/// no id is ever taken for that of another.
const LAST: u16 = u16::MAX - 4096;

/// What is known of an agent because another has spawned it.
pub(super) struct Spawned {
    /// The id it was spawned with.
    id: AgentId,
    spawner: AgentId,
    stage: Stage,
}

/// How far a spawned agent has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Its spawner waits for it, with the number of its order, and nobody else has been told of it.
    Coming { request: u64, deadline: Instant },
    /// It is an agent like any other.
    Up,
    /// It has ended before.
    NeverUp,
}

/// An agent that another wants to be started.
pub(super) struct Order {
    spawner: AgentId,
    order: SpawnOrder,
}

impl Spawned {
    /// Whether it has come up. Before, nobody is told of it.
    pub(super) fn is_up(&self) -> bool {
        self.stage == Stage::Up
    }

    /// When it has to be up.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.stage {
            Stage::Coming { deadline, .. } => Some(deadline),
            Stage::Up | Stage::NeverUp => None,
        }
    }

    /// It comes no nearer: the number of the order, if its spawner is still to be answered.
    fn end_coming(&mut self, stage: Stage) -> Option<u64> {
        match std::mem::replace(&mut self.stage, stage) {
            Stage::Coming { request, .. } => Some(request),
            other => {
                self.stage = other;
                None
            }
        }
    }
}

/// Who had a slot before: its messages may be told of after its end.
pub(super) struct Former {
    pub(super) since: u16,
    pub(super) label: String,
    pub(super) sites: HashMap<u32, String>,
}

impl Supervision<'_> {
    /// Takes an order. It is carried out when all that has happened by now is seen to: the end of whoever
    /// had the slot before may still be among that.
    pub(super) fn take_order(&mut self, spawner: usize, order: SpawnOrder) {
        let spawner = self.members.0[spawner].id;
        self.orders.push(Order { spawner, order });
    }

    /// Starts agents for others.
    pub(super) fn carry_out_orders(&mut self) {
        for Order { spawner, order } in std::mem::take(&mut self.orders) {
            let request = order.request;
            if let Err(failure) = self.try_spawn(spawner, order) {
                self.answer_spawner(spawner, request, Err(failure));
            }
        }
    }

    fn try_spawn(&mut self, spawner: AgentId, order: SpawnOrder) -> Result<(), SpawnFailure> {
        if self.phase != Phase::Running || self.is_quiet() || self.failed.is_some() {
            return Err(SpawnFailure::Stopped);
        }
        let unknown = || SpawnFailure::Start("the supervisor has no such agent".to_owned());
        let entry = catalog::agent(order.agent).ok_or_else(unknown)?;
        let id = self.free_slot()?;
        let label = label(id, order.name.as_deref(), entry);
        let policy = order.restart.unwrap_or(entry.restart);
        let stage = Stage::Coming {
            request: order.request,
            deadline: deadline::after(self.settings.start_timeout),
        };
        let origin = Origin {
            name: order.name,
            label,
            entry,
            limits: order.limits.unwrap_or(entry.limits),
            arguments: order.arguments,
            sites: HashMap::new(),
        };
        let spawned = Spawned { id, spawner, stage };
        self.start_spawned(id, origin, policy, spawned)
            .map_err(|error| {
                // A slot that nobody has had is not taken by that.
                if (id.slot() as usize) < self.members.0.len() {
                    self.free_slots.push_back(id);
                }
                SpawnFailure::Start(format!("{error}{}", advice(&error)))
            })
    }

    fn start_spawned(
        &mut self,
        id: AgentId,
        origin: Origin,
        policy: Restart,
        spawned: Spawned,
    ) -> io::Result<()> {
        let index = id.slot() as usize;
        let occupied = Occupied::new();
        let mut member = self.launcher.start(id, origin, policy, occupied, None)?;
        member.since = id.incarnation();
        member.sequence = self.added;
        member.spawned = Some(spawned);
        if let Err(error) = self.events.watch(index, &mut member) {
            self.events.forget(&member);
            member.kill();
            member.reap();
            return Err(error);
        }
        self.added += 1;
        match self.members.0.get_mut(index) {
            None => self.members.0.push(member),
            Some(former) => {
                self.events.forget(former);
                let known = Former {
                    since: former.since,
                    label: former.label.clone(),
                    sites: former.take_sites(),
                };
                member.former = Some(known);
                *former = member;
            }
        }
        Ok(())
    }

    /// An id for another agent: in the slot of one that has ended, if nothing of that is left.
    fn free_slot(&mut self) -> Result<AgentId, SpawnFailure> {
        for _ in 0..self.free_slots.len().min(LOOKS) {
            let Some(former) = self.free_slots.pop_front() else {
                break;
            };
            match self.reassign(former) {
                Ok(Some(id)) => return Ok(id),
                Ok(None) => {}
                Err(error) => tracing::warn!(%former, %error, "its slot cannot be used again"),
            }
            if former.incarnation() < LAST {
                self.free_slots.push_back(former);
            }
        }
        let slot = self.members.0.len();
        if slot >= MOST_AGENTS {
            return Err(SpawnFailure::TooMany);
        }
        let slot = u32::try_from(slot).map_err(|_| SpawnFailure::TooMany)?;
        Ok(AgentId::new(slot, 0))
    }

    fn reassign(&self, former: AgentId) -> io::Result<Option<AgentId>> {
        if former.incarnation() >= LAST {
            return Ok(None);
        }
        match &self.launcher.backend {
            Backend::SharedMemory(estate) => {
                let others = self.members.0.iter().filter(|member| !member.is_gone());
                estate.reassign(former, others.map(|member| member.id))
            }
            // What is reported then is to bear its name.
            Backend::LocalSockets if self.accounts.is_open(former) => Ok(None),
            Backend::LocalSockets => Ok(self.accounts.follow(former, |id| self.page(id))),
        }
    }

    fn answer_spawner(
        &mut self,
        spawner: AgentId,
        request: u64,
        result: Result<AgentId, SpawnFailure>,
    ) {
        let member = &mut self.members.0[spawner.slot() as usize];
        if member.id == spawner {
            member.tell_word(&ToAgent::Spawned { request, result });
        }
    }

    /// A spawned agent goes: its spawner may send to it. Whether it is one that has just come up.
    pub(super) fn announce_spawned(&mut self, index: usize) -> bool {
        let member = &mut self.members.0[index];
        let Some(spawned) = &mut member.spawned else {
            return false;
        };
        let Some(request) = spawned.end_coming(Stage::Up) else {
            return false;
        };
        let (id, spawner) = (spawned.id, spawned.spawner);
        self.answer_spawner(spawner, request, Ok(id));
        true
    }

    /// Ends those that have not come up in time.
    pub(super) fn end_slow_spawns(&mut self) {
        let now = Instant::now();
        for member in &mut self.members.0 {
            let due = member.spawned.as_ref().and_then(Spawned::deadline);
            if due.is_some_and(|due| due <= now) && member.unfit.is_none() && !member.has_ended() {
                let timeout = self.settings.start_timeout;
                member.unfit = Some(member.lateness(timeout));
                member.kill();
            }
        }
    }

    /// A process has ended. Where it is one that has not come up, its spawner is told why, and nobody
    /// else has known of it.
    pub(super) fn bury_unborn(&mut self, index: usize) -> bool {
        let member = &mut self.members.0[index];
        let Some(spawned) = &mut member.spawned else {
            return false;
        };
        let Some(request) = spawned.end_coming(Stage::NeverUp) else {
            return false;
        };
        let spawner = spawned.spawner;
        let stopped = self.phase != Phase::Running;
        let member = &mut self.members.0[index];
        member.again = None;
        let (id, agent) = (member.id, member.label.clone());
        let reason = match member.cause() {
            Some(Cause::NeverReady { reason }) => reason,
            Some(cause) => cause.to_string(),
            None => "its process ended before it came up".to_owned(),
        };
        if let Backend::SharedMemory(estate) = &self.launcher.backend
            && let Err(error) = estate.settle(id, None)
        {
            tracing::error!(%id, %error, "its mailbox cannot be closed");
        }
        let spawning = &self.members.0[spawner.slot() as usize];
        let spawner_is_there = spawning.id == spawner && !spawning.has_ended();
        if stopped {
            self.answer_spawner(spawner, request, Err(SpawnFailure::Stopped));
        } else {
            if !spawner_is_there {
                let reason = reason.clone();
                self.console.notice(&Notice::NotSpawned { agent, reason });
            }
            self.answer_spawner(spawner, request, Err(SpawnFailure::NeverReady(reason)));
        }
        self.free_slots.push_back(id);
        true
    }

    /// An agent has ended for good: its spawner gets its result, and its slot is free.
    pub(super) fn settle_spawned(&mut self, index: usize) {
        let member = &mut self.members.0[index];
        let Some(spawned) = member.spawned.as_ref().filter(|spawned| spawned.is_up()) else {
            return;
        };
        let (id, spawner, last) = (spawned.id, spawned.spawner, member.id);
        let result = match (member.cause(), &mut member.outcome) {
            // Nobody else wants it.
            (None, Some(Outcome::Done(result))) => Ok(Encoded(std::mem::take(result))),
            (cause, _) => {
                let cause = cause.map_or_else(String::new, |cause| cause.to_string());
                Err(format!("agent `{}` {cause}", member.label))
            }
        };
        // Who has its result finds it no more. Of a failure that stops the run the word to stop tells.
        if self.failed.is_none() {
            self.tell_changes();
        }
        let spawning = &mut self.members.0[spawner.slot() as usize];
        if spawning.id == spawner {
            spawning.tell_word(&ToAgent::SpawnedEnded { id, result });
        }
        self.free_slots.push_back(last);
    }
}

impl Member {
    /// Where it notes what it has begun.
    pub(super) fn page(&self) -> Option<&StatusPage> {
        Some(&*self.agent.as_ref()?.status)
    }

    /// Whether it was spawned and has not come up: nobody is told of it.
    pub(super) fn is_secret(&self) -> bool {
        self.spawned
            .as_ref()
            .is_some_and(|spawned| !spawned.is_up())
    }

    fn take_sites(&mut self) -> HashMap<u32, String> {
        let agent = self.agent.as_mut();
        agent.map_or_else(HashMap::new, |agent| std::mem::take(&mut agent.sites))
    }
}

/// What an agent is called where people read of it.
pub(super) fn label(id: AgentId, name: Option<&str>, entry: &AgentEntry) -> String {
    match name {
        Some(name) => name.to_owned(),
        None => format!("{id} ({})", entry.path),
    }
}
