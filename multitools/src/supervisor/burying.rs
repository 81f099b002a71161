//! The end of a process: its last words, who has to know, what was lost with it, and whether it was a
//! failure.

use super::accounts::{self, Closed};
use super::events::Event;
use super::main_loop::{STOP_GRACE, Supervision};
use super::member::{Member, Remaining};
use super::shutdown::Phase;
use super::suspicion::suspect;
use super::{Handled, Notice, Report, RestartLimit, Undelivered};
use crate::catalog;
use crate::id::AgentId;
use crate::protocol::{Handling, Outcome, SUPERVISOR_ID, StatusPage};
use crate::transport::{Backend, SentAccount, Unread};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many turns are read of one agent to learn where it sent a message from: what it had to say before
/// it sent it is in its socket, and that is less. One that says more without end is not waited for.
const MOST_LOOKS_AHEAD: usize = 64;

impl Supervision<'_> {
    /// A process has ended: takes in its last words, tells the others, and sees what it means.
    pub(super) fn bury(&mut self, index: usize) {
        if self.members.0[index].has_ended() {
            return;
        }
        // What it has started could go on writing faster than it is read.
        self.members.0[index].end_group();
        let mut words = Vec::new();
        if let Some(agent) = &mut self.members.0[index].agent {
            agent.read_rest(|word| words.push(word));
        }
        for word in words {
            self.take_in(index, word);
        }
        let member = &mut self.members.0[index];
        if let Some(agent) = &mut member.agent {
            let console = &mut self.console;
            agent.stderr.finish(|line| console.standard_error(line));
        }
        member.reap();
        if self.bury_unborn(index) {
            return;
        }
        let member = &self.members.0[index];
        let (id, fails) = (member.id, member.cause().is_some());
        self.note_end(index);
        if self.plan_restart(index, fails) {
            self.end_links(index);
            self.forget_prompts(id);
            return;
        }
        // Also a good end is a failure where the restarts are used up that it was to be followed by.
        let fails = self.members.0[index].cause().is_some();
        let first = fails && self.failed.is_none() && !self.is_quiet();
        if first {
            self.failed = Some(self.first_failure().unwrap_or(index));
        }
        self.end_links(index);
        self.announce_end(index);
        self.balance(id);
        self.settle_spawned(index);
        if first {
            self.stop(STOP_GRACE);
        }
        self.forget_prompts(id);
    }

    fn forget_prompts(&mut self, id: AgentId) {
        let answered = self.terminal.forget(id, &mut self.console);
        self.give_input(answered);
    }

    /// Who has failed first, and is not started again: had its end been seen sooner, it would be no failure of
    /// the run. The ends of processes are not seen in their order: who fails because
    /// another has gone may be seen before that other.
    fn first_failure(&mut self) -> Option<usize> {
        for index in 0..self.members.0.len() {
            self.hear(index);
        }
        let failed = |(index, member): (usize, &Member)| Some((member.failed_at()?, index));
        let failures = self.members.0.iter().enumerate().filter_map(failed);
        let mut failures: Vec<(u64, usize)> = failures.collect();
        failures.sort_unstable();
        let mut failures = failures.into_iter().map(|(_, index)| index);
        failures.find(|index| !self.would_restart(*index))
    }

    /// Finds out what an agent that has ended leaves unread.
    pub(super) fn balance(&mut self, id: AgentId) {
        if let Backend::SharedMemory(estate) = &self.launcher.backend {
            let begun = self.members.0[id.slot() as usize].begun();
            let unread = estate.settle(id, begun).unwrap_or_else(|error| {
                tracing::error!(%id, %error, "what it leaves unread cannot be counted");
                Vec::new()
            });
            let mut lost = Vec::new();
            for Unread {
                sender,
                message_type,
            } in unread
            {
                let message = message_type.map_or("?", message_name);
                accounts::add(&mut lost, &self.label(sender), message, 1);
            }
            self.add_given_back(id, &mut lost);
            self.report_lost(id, lost);
            return;
        }
        let running = !matches!(self.phase, Phase::Starting { .. });
        let senders: BTreeSet<AgentId> = self
            .members
            .0
            .iter()
            .filter(|member| running && member.agent.is_some() && !member.has_ended())
            .map(|member| member.id)
            .collect();
        let agent = self.members.0[id.slot() as usize].agent.as_ref();
        let page = agent.map(|agent| Arc::clone(&agent.status));
        let mut closed = self.accounts.sender_ended(id);
        closed.extend(self.accounts.open(id, page, senders));
        for closed in closed {
            self.close(closed);
        }
    }

    /// A sender's account of what it has sent to one agent.
    pub(super) fn enter_account(&mut self, sender: AgentId, account: SentAccount) {
        if account.to.slot() as usize >= self.members.0.len() {
            return;
        }
        let receiver = self.members.0.get(account.to.slot() as usize);
        let receiver = receiver.filter(|member| member.id == account.to);
        let page = receiver.and_then(Member::page);
        if let Some(closed) = self.accounts.enter(sender, account, page) {
            self.close(closed);
        }
    }

    /// Where an agent notes what it has begun, while this incarnation of it has the slot.
    pub(super) fn page(&self, id: AgentId) -> Option<&StatusPage> {
        let member = self.members.0.get(id.slot() as usize)?;
        (member.id == id).then(|| member.page())?
    }

    /// All senders have said what they had sent to an agent that has ended.
    pub(super) fn close(&mut self, closed: Closed) {
        let mut lost = Vec::new();
        // It may have been started again since, or its slot is another's.
        if let Some(page) = &closed.page {
            for (sender, account) in &closed.received {
                let begun = page.begun(*sender);
                for (message_type, count) in accounts::unread(account, begun) {
                    let message = message_type.map_or("?", message_name);
                    accounts::add(&mut lost, &self.label(*sender), message, count);
                }
            }
        }
        self.report_lost(closed.receiver, lost);
    }

    /// What an agent that has ended has not begun.
    fn report_lost(&mut self, id: AgentId, lost: Vec<Undelivered>) {
        let index = id.slot() as usize;
        if self.failed == Some(index) && self.members.0[index].id == id {
            self.report_failure(index, lost);
        } else if !lost.is_empty() && !self.is_quiet() {
            let notice = Notice::Undelivered {
                agent: self.label(id),
                messages: lost,
            };
            self.console.notice(&notice);
        }
    }

    fn report_failure(&mut self, index: usize, undelivered: Vec<Undelivered>) {
        let Some(report) = self.report_of(index, undelivered) else {
            return;
        };
        self.console.failure(&report);
        self.report = Some(report);
    }

    /// What is to be told of an agent that has failed.
    pub(super) fn report_of(
        &mut self,
        index: usize,
        undelivered: Vec<Undelivered>,
    ) -> Option<Report> {
        let status = self.members.0[index].agent.as_ref();
        let handling = status.and_then(|agent| agent.status.handling());
        let handling = handling.map(|message| self.describe(message));
        let member = &self.members.0[index];
        let cause = member.cause()?;
        let backtrace = match &member.outcome {
            Some(Outcome::Panicked(panic)) => panic.backtrace.clone(),
            _ => None,
        };
        let agent = member.agent.as_ref();
        let stderr = agent.map(|agent| agent.stderr.tail()).unwrap_or_default();
        let exceeded = member.exceeded(&cause);
        let kills = || self.launcher.memory_kills().since(member.memory_kills);
        Some(Report {
            agent: member.label.clone(),
            id: member.id,
            pid: member.child.id(),
            perhaps: exceeded
                .is_none()
                .then(|| suspect(&cause, &stderr, kills))
                .flatten(),
            exceeded,
            cause,
            restarts: member.again.as_ref().map_or(0, |again| again.times),
            restart_limit: RestartLimit::used_up(member),
            handling,
            undelivered,
            stderr,
            backtrace,
        })
    }

    pub(super) fn describe(&mut self, message: Handling) -> Handled {
        Handled {
            message: message_name(message.message_type).to_owned(),
            sender: self.label(message.sender),
            sent_at: self.place(message),
        }
    }

    /// Where a message was sent. Its sender has said so before it sent it, but is perhaps still to be
    /// listened to.
    pub(super) fn place(&mut self, message: Handling) -> Option<String> {
        let index = message.sender.slot() as usize;
        let member = self.members.0.get_mut(index)?;
        if !message.sender.is_since(member.since) {
            let former = member.former.as_ref();
            let former = former.filter(|former| message.sender.is_since(former.since))?;
            return former.sites.get(&message.site).cloned();
        }
        let agent = member.agent.as_mut()?;
        for _ in 0..MOST_LOOKS_AHEAD {
            if agent.sites.contains_key(&message.site) {
                break;
            }
            self.events.revisit(Event::Control(index));
            if agent.look_ahead() == Remaining::Nothing {
                break;
            }
        }
        agent.sites.get(&message.site).cloned()
    }

    pub(super) fn label(&self, id: AgentId) -> String {
        if id == SUPERVISOR_ID {
            return "the supervisor".to_owned();
        }
        let Some(member) = self.members.0.get(id.slot() as usize) else {
            return id.to_string();
        };
        match &member.former {
            _ if id.is_since(member.since) => member.label.clone(),
            Some(former) if id.is_since(former.since) => former.label.clone(),
            _ => id.to_string(),
        }
    }
}

fn message_name(message_type: u32) -> &'static str {
    catalog::messages()
        .ok()
        .and_then(|catalog| catalog.entry(message_type))
        .map_or("?", |entry| entry.name)
}
