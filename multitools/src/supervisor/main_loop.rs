//! The life of a run: one event after the other, on the thread that called `supervise`.

use super::accounts::{self, Accounts, Closed};
use super::builder::{Plan, Settings};
use super::console::Console;
use super::events::{Event, EventSource};
use super::member::Remaining;
use super::outbound::word;
use super::shutdown::{Escalation, Phase, Step};
use super::startup::{Members, Starting};
use super::terminal::{Answered, Terminal};
use super::{Handled, Notice, Report, Results, RunError, Undelivered};
use crate::catalog;
use crate::id::AgentId;
use crate::message::{AnyMessage, Body};
use crate::protocol::{Handling, Outcome, SUPERVISOR_ID, ToAgent, ToSupervisor, UnhandledReason};
use crate::router::Change;
use crate::shape;
use crate::wire::frame::Envelope;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long agents may take to end by themselves when another has failed.
const STOP_GRACE: Duration = Duration::from_secs(1);

/// A run that is going on.
pub(super) struct Supervision<'h> {
    members: Members,
    events: EventSource,
    console: Console<'h>,
    settings: Settings,
    phase: Phase,
    accounts: Accounts,
    terminal: Terminal,
    /// The population's changes that the agents have not been told of yet.
    changes: Vec<Change>,
    failed: Option<usize>,
    report: Option<Report>,
    interrupted: bool,
    refused: u64,
    unhandled: u64,
}

impl<'h> Supervision<'h> {
    /// Starts all processes. They wait to be told to go.
    pub(super) fn begin(
        plans: Vec<Plan>,
        settings: Settings,
        console: Console<'h>,
    ) -> Result<Self, RunError> {
        let events = EventSource::new()?;
        let mut starting = Starting::new(settings)?;
        for plan in plans {
            starting.start(plan, &events)?;
        }
        Ok(Supervision {
            members: starting.members,
            events,
            console,
            settings,
            phase: Phase::Starting {
                deadline: Instant::now() + settings.start_timeout,
            },
            accounts: Accounts::default(),
            terminal: Terminal::default(),
            changes: Vec::new(),
            failed: None,
            report: None,
            interrupted: false,
            refused: 0,
            unhandled: 0,
        })
    }

    /// Runs until everybody is gone.
    pub(super) fn run(mut self) -> Result<Results, RunError> {
        self.advance();
        while !self.members.0.iter().all(super::member::Member::is_gone) {
            for event in self.events.wait(self.phase.deadline())? {
                self.handle(event);
            }
            self.tell_changes();
            self.enforce_deadline();
            self.advance();
        }
        self.finish()
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Control(index) => self.hear(index),
            Event::StandardError(index) => self.read_standard_error(index),
            Event::Exit(index) => self.bury(index),
            Event::Signal => self.obey_signals(),
            Event::Input => {
                let answered = self.terminal.collect(&mut self.console);
                self.give_input(answered);
            }
        }
    }

    /// Takes in what an agent says, and writes what it had no room for.
    fn hear(&mut self, index: usize) {
        let member = &mut self.members.0[index];
        let (false, Some(agent)) = (member.is_gone(), &mut member.agent) else {
            return;
        };
        agent.outbound.flush(&agent.control);
        let mut words = Vec::new();
        let remaining = agent.read(|word| words.push(word));
        for word in words {
            self.take_in(index, word);
        }
        if remaining == Remaining::Perhaps {
            self.events.revisit(Event::Control(index));
        }
    }

    fn take_in(&mut self, index: usize, word: ToSupervisor) {
        let member = &mut self.members.0[index];
        let id = member.id;
        match word {
            ToSupervisor::Ready => member.ready = true,
            ToSupervisor::OtherBuild(theirs) => {
                member.unfit = Some(shape::other_build(&catalog::shapes(), &theirs));
            }
            ToSupervisor::Unfit(reason) => member.unfit = Some(reason),
            ToSupervisor::Print(text) => self.console.print(&text),
            ToSupervisor::Object {
                message_type,
                site,
                body,
            } => self.take_object(index, message_type, site, body),
            ToSupervisor::Input { request, prompt } => {
                let waker = self.events.input_waker();
                let wake = move || {
                    if let Err(error) = waker.wake() {
                        tracing::error!(%error, "the supervisor cannot be woken");
                    }
                };
                let console = &mut self.console;
                let answered = self
                    .terminal
                    .ask(id, &member.label, request, prompt, console, wake);
                self.give_input(answered);
            }
            ToSupervisor::InputWithdrawn { request } => {
                let answered = self.terminal.withdraw(id, request, &mut self.console);
                self.give_input(answered);
            }
            ToSupervisor::Site {
                number,
                file,
                line,
                column,
            } => {
                if let Some(agent) = &mut member.agent {
                    agent
                        .sites
                        .insert(number, format!("{file}:{line}:{column}"));
                }
            }
            ToSupervisor::Unhandled { message, reason } => {
                self.report_unhandled(index, message, reason);
            }
            ToSupervisor::Refused(reason) => {
                self.refused += 1;
                let agent = member.label.clone();
                self.console.notice(&Notice::Refused { agent, reason });
            }
            ToSupervisor::Sent(account) => {
                let closed = self.accounts.enter(id, account);
                closed.into_iter().for_each(|closed| self.close(closed));
            }
            ToSupervisor::Ended { outcome, sent } => {
                member.outcome = Some(outcome);
                for account in sent {
                    let closed = self.accounts.enter(id, account);
                    closed.into_iter().for_each(|closed| self.close(closed));
                }
            }
        }
    }

    fn take_object(&mut self, index: usize, message_type: u32, site: u32, body: Vec<u8>) {
        let envelope = Envelope {
            message_type,
            sender: self.members.0[index].id,
            site,
        };
        let agent = self.members.0[index].label.clone();
        match AnyMessage::received(envelope, Body::from(body), None) {
            Some(message) => self.console.object(&agent, &message),
            None => tracing::error!(%agent, message_type, "an object of no known type"),
        }
    }

    fn report_unhandled(&mut self, index: usize, message: Handling, reason: UnhandledReason) {
        self.unhandled += 1;
        let handled = self.describe(message);
        self.console.notice(&Notice::Unhandled {
            agent: self.members.0[index].label.clone(),
            message: handled.message,
            sender: handled.sender,
            sent_at: handled.sent_at,
            reason: match reason {
                UnhandledReason::NoHandler => None,
                UnhandledReason::Undecodable(reason) => Some(reason),
            },
        });
    }

    fn read_standard_error(&mut self, index: usize) {
        let member = &mut self.members.0[index];
        let (false, Some(agent)) = (member.is_gone(), &mut member.agent) else {
            return;
        };
        let console = &mut self.console;
        if agent.stderr.read(|line| console.standard_error(line)) == Remaining::Perhaps {
            self.events.revisit(Event::StandardError(index));
        }
    }

    /// A process has ended: takes in its last words, tells the others, and sees what it means.
    fn bury(&mut self, index: usize) {
        if self.members.0[index].is_gone() {
            return;
        }
        let mut words = Vec::new();
        if let Some(agent) = &mut self.members.0[index].agent {
            while agent.read(|word| words.push(word)) == Remaining::Perhaps {}
        }
        for word in words {
            self.take_in(index, word);
        }
        let member = &mut self.members.0[index];
        if let Some(agent) = &mut member.agent {
            let console = &mut self.console;
            while agent.stderr.read(|line| console.standard_error(line)) == Remaining::Perhaps {}
            agent.stderr.finish(|line| console.standard_error(line));
        }
        member.reap();
        let (id, fails) = (member.id, member.cause().is_some());
        if fails && self.failed.is_none() && !self.phase.is_stopping() {
            self.failed = Some(index);
        }
        let answered = self.terminal.forget(id, &mut self.console);
        self.give_input(answered);
        self.changes.push(Change::Ended(id));
        self.balance(id);
        if fails && self.failed == Some(index) {
            self.stop(STOP_GRACE);
        }
    }

    /// Finds out what an agent that has ended leaves unread.
    fn balance(&mut self, id: AgentId) {
        let running = !matches!(self.phase, Phase::Starting { .. });
        let senders: BTreeSet<AgentId> = self
            .members
            .0
            .iter()
            .filter(|member| running && member.agent.is_some() && !member.is_gone())
            .map(|member| member.id)
            .collect();
        let mut closed = self.accounts.sender_ended(id);
        closed.extend(self.accounts.open(id, senders));
        for closed in closed {
            self.close(closed);
        }
    }

    /// All senders have said what they had sent to an agent that has ended.
    fn close(&mut self, closed: Closed) {
        let index = closed.receiver.slot() as usize;
        let mut lost = Vec::new();
        if let Some(agent) = &self.members.0[index].agent {
            for (sender, account) in &closed.received {
                let begun = agent.status.begun(*sender);
                for (message_type, count) in accounts::unread(account, begun) {
                    let message = message_type.map_or("?", message_name);
                    accounts::add(&mut lost, &self.label(*sender), message, count);
                }
            }
        }
        if self.failed == Some(index) {
            self.report_failure(index, lost);
        } else if !lost.is_empty() && !self.phase.is_stopping() {
            self.console.notice(&Notice::Undelivered {
                agent: self.members.0[index].label.clone(),
                messages: lost,
            });
        }
    }

    fn report_failure(&mut self, index: usize, undelivered: Vec<Undelivered>) {
        let member = &self.members.0[index];
        let Some(cause) = member.cause() else {
            return;
        };
        let backtrace = match &member.outcome {
            Some(Outcome::Panicked(panic)) => panic.backtrace.clone(),
            _ => None,
        };
        let agent = member.agent.as_ref();
        let report = Report {
            agent: member.label.clone(),
            id: member.id,
            pid: member.child.id(),
            cause,
            handling: agent
                .and_then(|agent| agent.status.handling())
                .map(|handling| self.describe(handling)),
            undelivered,
            stderr: agent.map(|agent| agent.stderr.tail()).unwrap_or_default(),
            backtrace,
        };
        self.console.failure(&report);
        self.report = Some(report);
    }

    fn describe(&self, message: Handling) -> Handled {
        let sender = self.members.0.get(message.sender.slot() as usize);
        Handled {
            message: message_name(message.message_type).to_owned(),
            sender: self.label(message.sender),
            sent_at: sender
                .and_then(|sender| sender.agent.as_ref())
                .and_then(|agent| agent.sites.get(&message.site).cloned()),
        }
    }

    fn label(&self, id: AgentId) -> String {
        if id == SUPERVISOR_ID {
            return "the supervisor".to_owned();
        }
        self.members
            .0
            .get(id.slot() as usize)
            .map_or_else(|| id.to_string(), |member| member.label.clone())
    }

    fn give_input(&mut self, answered: Vec<Answered>) {
        for Answered {
            agent,
            request,
            result,
        } in answered
        {
            let member = &mut self.members.0[agent.slot() as usize];
            member.tell_word(&ToAgent::Input { request, result });
        }
    }

    fn tell_changes(&mut self) {
        if self.changes.is_empty() || matches!(self.phase, Phase::Starting { .. }) {
            return;
        }
        let changes = std::mem::take(&mut self.changes);
        self.tell_all(&ToAgent::Changed(changes), |_| true);
    }

    fn tell_all(&mut self, what: &ToAgent, whom: impl Fn(&super::member::Member) -> bool) {
        let encoded = word(what);
        for member in self.members.0.iter_mut().filter(|member| whom(member)) {
            member.tell(encoded.clone());
        }
    }

    fn obey_signals(&mut self) {
        for _ in 0..self.events.take_signals() {
            if self.phase.is_stopping() {
                self.kill_all();
            } else {
                self.interrupted = true;
                self.stop(self.settings.leave_grace);
            }
        }
    }

    /// Tells everybody to stop.
    fn stop(&mut self, grace: Duration) {
        if self.phase.is_stopping() {
            return;
        }
        // They must know of the end that is the reason before they obey.
        self.tell_changes();
        self.phase = Phase::Stopping(Escalation::begin(Instant::now(), grace));
        self.tell_all(&ToAgent::Stop, |_| true);
        for member in &self.members.0 {
            if member.agent.is_none() && !member.is_gone() {
                member.terminate();
            }
        }
    }

    fn kill_all(&self) {
        for member in self.members.0.iter().filter(|member| !member.is_gone()) {
            member.kill();
        }
    }

    /// Does what is due against those who have not come up or not left.
    fn enforce_deadline(&mut self) {
        let now = Instant::now();
        if let Phase::Starting { deadline } = self.phase {
            if now >= deadline {
                self.give_up_starting();
            }
            return;
        }
        let Some(step) = self.phase.escalate(now) else {
            return;
        };
        let phase = self.phase;
        for member in &mut self.members.0 {
            if member.is_gone() || !phase.wants_gone(member.is_resident(), member.is_logger()) {
                continue;
            }
            match step {
                Step::Terminate => {
                    if !phase.is_stopping() {
                        let agent = member.label.clone();
                        self.console.notice(&Notice::SlowToLeave { agent });
                    }
                    member.killed_for_staying = !phase.is_stopping();
                    member.terminate();
                }
                Step::Kill => member.kill(),
                Step::Wait => {}
            }
        }
    }

    fn give_up_starting(&mut self) {
        let timeout = self.settings.start_timeout;
        for member in &mut self.members.0 {
            if !member.ready && !member.is_gone() {
                member.unfit.get_or_insert_with(|| {
                    format!(
                        "its process did not reach `run!` or `multitools::init()` within {timeout:?}; what `main` does before runs in every agent's process"
                    )
                });
                member.kill();
            }
        }
        // Their ends come as events, and the first of them is the failure of the run.
        self.phase = Phase::Starting {
            deadline: Instant::now() + timeout,
        };
    }

    /// Goes on to the next phase when this one is over.
    fn advance(&mut self) {
        let members = &self.members.0;
        let now = Instant::now();
        match self.phase {
            Phase::Starting { .. } if members.iter().all(|member| member.ready) => self.go(),
            Phase::Running if members.iter().all(|m| m.is_gone() || m.is_resident()) => {
                let escalation = Escalation::begin(now, self.settings.leave_grace);
                self.phase = Phase::ResidentsLeave(escalation);
                self.tell_all(&ToAgent::Leave, |m| m.is_resident() && !m.is_logger());
                self.advance();
            }
            Phase::ResidentsLeave(_) if members.iter().all(|m| m.is_gone() || m.is_logger()) => {
                let escalation = Escalation::begin(now, self.settings.leave_grace);
                self.phase = Phase::LoggersLeave(escalation);
                self.tell_all(&ToAgent::Leave, |m| m.is_logger());
            }
            _ => {}
        }
    }

    /// Everybody is ready: tells them of each other, and to run.
    fn go(&mut self) {
        let everybody = self.members.directory();
        self.tell_all(&ToAgent::Go(everybody), |_| true);
        self.changes.clear();
        self.phase = Phase::Running;
        self.advance();
    }

    /// Everybody is gone: what came of it.
    fn finish(mut self) -> Result<Results, RunError> {
        for closed in self.accounts.close_all() {
            self.close(closed);
        }
        self.console.finish();
        if let Some(report) = self.report {
            return Err(RunError::Failed(Box::new(report)));
        }
        if self.interrupted {
            return Err(RunError::Interrupted);
        }
        let results = self
            .members
            .0
            .iter_mut()
            .map(|member| match member.outcome.take() {
                Some(Outcome::Done(result)) => (member.label.clone(), result),
                // A plain command has succeeded, and `()` is all there is to say of it.
                _ => (member.label.clone(), vec![NIL]),
            })
            .collect();
        Ok(Results::new(results, self.refused, self.unhandled))
    }
}

/// `()` in MessagePack.
const NIL: u8 = 0xc0;

fn message_name(message_type: u32) -> &'static str {
    catalog::messages()
        .ok()
        .and_then(|catalog| catalog.entry(message_type))
        .map_or("?", |entry| entry.name)
}
