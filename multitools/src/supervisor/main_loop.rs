//! The life of a run: one event after the other, on the thread that called `supervise`.

use super::accounts::Accounts;
use super::builder::{Plan, Settings};
use super::companions::Groups;
use super::console::Console;
use super::events::{Event, EventSource};
use super::idling::Idling;
use super::links::Links;
use super::member::Member;
use super::outbound::word;
use super::shutdown::{Escalation, Phase, Step};
use super::spawning::Order;
use super::startup::{Launcher, Members, Starting};
use super::telling::Record;
use super::terminal::Terminal;
use super::{Notice, Report, Results, RunError};
use crate::deadline;
use crate::id::AgentId;
use crate::protocol::{Outcome, ToAgent};
use crate::router::Change;
use crate::wire::codec;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long agents may take to end by themselves when another has failed.
pub(super) const STOP_GRACE: Duration = Duration::from_secs(1);

/// A run that is going on.
pub(super) struct Supervision<'h> {
    pub(super) members: Members,
    pub(super) events: EventSource,
    pub(super) console: Console<'h>,
    pub(super) settings: Settings,
    pub(super) phase: Phase,
    pub(super) launcher: Launcher,
    pub(super) groups: Groups,
    /// Of a run over sockets.
    pub(super) accounts: Accounts,
    pub(super) terminal: Terminal,
    pub(super) links: Links,
    pub(super) idling: Idling,
    /// The population's changes that the agents have not been told of yet.
    pub(super) changes: Vec<Change>,
    /// The latest that some have been told of.
    pub(super) record: Record,
    pub(super) failed: Option<usize>,
    pub(super) report: Option<Report>,
    pub(super) interrupted: bool,
    pub(super) refused: u64,
    pub(super) unhandled: u64,
    /// How many the run began with: these have results.
    planned: usize,
    /// How many have been added in all.
    pub(super) added: usize,
    /// Who is to be spawned.
    pub(super) orders: Vec<Order>,
    /// The last incarnations of spawned agents that have ended.
    pub(super) free_slots: VecDeque<AgentId>,
}

impl<'h> Supervision<'h> {
    /// Starts all processes. They wait to be told to go.
    pub(super) fn begin(
        plans: Vec<Plan>,
        settings: Settings,
        mut console: Console<'h>,
    ) -> Result<Self, RunError> {
        console.complain_of_environment();
        let (mut events, planned) = (EventSource::new()?, plans.len());
        console.output.end_with(events.readable_with_signals()?);
        let mut starting = Starting::new(settings, &mut console)?;
        for plan in plans {
            starting.start(plan, &events)?;
        }
        Ok(Supervision {
            members: starting.members,
            events,
            console,
            settings,
            phase: Phase::Starting {
                deadline: deadline::after(settings.start_timeout),
            },
            launcher: starting.launcher,
            groups: Groups::default(),
            accounts: Accounts::default(),
            terminal: Terminal::default(),
            links: Links::default(),
            idling: Idling::default(),
            changes: Vec::new(),
            record: Record::default(),
            failed: None,
            report: None,
            interrupted: false,
            refused: 0,
            unhandled: 0,
            planned,
            added: planned,
            orders: Vec::new(),
            free_slots: VecDeque::new(),
        })
    }

    /// Runs until everybody is gone.
    pub(super) fn run(mut self) -> Result<Results, RunError> {
        self.advance();
        while !self.members.0.iter().all(Member::is_gone) {
            for event in self.events.wait(self.deadline())? {
                self.handle(event);
            }
            self.enforce_deadline();
            self.press_companions();
            self.enforce_falls();
            self.end_slow_spawns();
            self.start_again();
            self.carry_out_orders();
            self.welcome();
            self.tell_changes();
            self.advance();
            self.look_for_hang();
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

    pub(super) fn tell_all(&mut self, what: &ToAgent, whom: impl Fn(&Member) -> bool) {
        let encoded = word(what);
        for member in self.members.0.iter_mut().filter(|member| whom(member)) {
            member.tell(encoded.clone());
        }
    }

    fn obey_signals(&mut self) {
        for _ in 0..self.events.take_signals() {
            self.console.output.hurry();
            if self.is_quiet() {
                self.kill_all();
                continue;
            }
            self.interrupted = true;
            let grace = self.settings.leave_grace;
            self.console.notice(&Notice::Interrupted { grace });
            match self.phase {
                Phase::Starting { .. } => self.stop(grace),
                Phase::Running => self.interrupt(),
                // They are leaving as it is.
                _ => {}
            }
        }
    }

    /// Whether what goes wrong from now on is not worth a word.
    pub(super) fn is_quiet(&self) -> bool {
        self.interrupted || self.phase.is_stopping()
    }

    /// Has the non-residents leave; the residents follow as they always do.
    fn interrupt(&mut self) {
        let escalation = Escalation::begin(Instant::now(), self.settings.leave_grace);
        self.cancel_restarts();
        self.phase = Phase::NonResidentsLeave(escalation);
        self.tell_to_stop(|member| !member.is_resident(), Vec::new());
    }

    /// Tells everybody to stop.
    pub(super) fn stop(&mut self, grace: Duration) {
        if self.phase.is_stopping() {
            return;
        }
        self.cancel_restarts();
        self.tell_what_is_held_back();
        // Who has not been told to go knows nobody, and is told of nobody.
        let reason = std::mem::take(&mut self.changes);
        self.phase = Phase::Stopping(Escalation::begin(Instant::now(), grace));
        self.tell_to_stop(|_| true, reason);
    }

    /// Tells some to stop, together with the changes that are the reason: were these told before, an agent
    /// could take the end of another for more than the beginning of its own (rule R12).
    fn tell_to_stop(&mut self, whom: impl Fn(&Member) -> bool, reason: Vec<Change>) {
        self.tell_all(&ToAgent::Stop(reason.into()), &whom);
        let unanswered = self.terminal.close(&mut self.console);
        self.give_input(unanswered);
        let commands = self
            .members
            .0
            .iter()
            .filter(|member| member.agent.is_none());
        for member in commands.filter(|member| whom(member) && !member.has_ended()) {
            member.terminate();
        }
    }

    fn kill_all(&mut self) {
        let phase = self.phase;
        for member in &mut self.members.0 {
            if member.has_ended() {
                continue;
            }
            if phase.wants_gone(member.is_resident(), member.is_logger()) {
                self.console.tell_of_kill(member);
            }
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
        let (phase, quiet) = (self.phase, self.is_quiet());
        let told = !quiet || self.interrupted;
        for member in &mut self.members.0 {
            // Who is being started again has a time of its own to come up.
            let comes_up = member.again.is_some() && !member.going && !phase.is_stopping();
            let wanted = phase.wants_gone(member.is_resident(), member.is_logger());
            if member.has_ended() || comes_up && member.is_resident() || !wanted {
                continue;
            }
            match step {
                Step::Terminate => {
                    if told {
                        let agent = member.label.clone();
                        self.console.notice(&Notice::SlowToLeave { agent });
                    }
                    member.killed_for_staying = !quiet;
                    member.terminate();
                }
                Step::Kill => {
                    if told {
                        self.console.tell_of_kill(member);
                    }
                    member.kill();
                }
                Step::Wait => {}
            }
        }
    }

    fn give_up_starting(&mut self) {
        let timeout = self.settings.start_timeout;
        for member in &mut self.members.0 {
            if !member.ready && !member.has_ended() {
                let reason = member.lateness(timeout);
                member.unfit.get_or_insert(reason);
                member.kill();
            }
        }
        // Their ends come as events, and the first of them is the failure of the run.
        self.phase = Phase::Starting {
            deadline: deadline::after(timeout),
        };
    }

    /// Goes on to the next phase when this one is over.
    fn advance(&mut self) {
        let members = &self.members.0;
        let now = Instant::now();
        match self.phase {
            Phase::Starting { .. }
                if members
                    .iter()
                    .all(|member| member.ready && !member.is_awaited() && !member.is_ending()) =>
            {
                self.go();
            }
            Phase::Running | Phase::NonResidentsLeave(_)
                if members
                    .iter()
                    .all(|m| m.is_gone() || m.is_resident() && m.going) =>
            {
                self.end_residents();
                self.advance();
            }
            Phase::ResidentsFinish { rounds, by }
                if now >= by || self.have_residents_finished() =>
            {
                self.end_round(rounds, by);
                self.advance();
            }
            Phase::ResidentsLeave(_) if members.iter().all(|m| m.is_gone() || m.is_logger()) => {
                let escalation = Escalation::begin(now, self.settings.leave_grace);
                self.phase = Phase::LoggersLeave(escalation);
                self.tell_all(&ToAgent::Leave, |m| m.is_logger() && m.going);
            }
            _ => {}
        }
    }

    /// Everybody is ready: tells them of each other, and to run.
    fn go(&mut self) {
        let everybody = self.population();
        self.tell_all(&ToAgent::Go(everybody.into()), |_| true);
        self.changes.clear();
        self.members.0.iter_mut().for_each(|member| {
            member.tell_given_back();
            member.going = true;
        });
        self.tell_of_late_starts();
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
        if let Some(hang) = self.idling.take_hang() {
            return Err(RunError::Hung(Box::new(hang)));
        }
        if self.interrupted {
            return Err(RunError::Interrupted);
        }
        let results = self
            .members
            .0
            .iter_mut()
            .take(self.planned)
            .map(|member| match member.outcome.take() {
                Some(Outcome::Done(result)) => (member.label.clone(), result),
                // A plain command has succeeded, and `()` is all there is to say of it.
                _ => (member.label.clone(), codec::UNIT.to_vec()),
            })
            .collect();
        Ok(Results::new(results, self.refused, self.unhandled))
    }
}
