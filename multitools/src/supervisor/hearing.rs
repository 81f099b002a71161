//! What agents say to their supervisor, and what it does about each word.

use super::Notice;
use super::events::Event;
use super::main_loop::Supervision;
use super::member::Remaining;
use super::terminal::Answered;
use crate::catalog;
use crate::id::AgentId;
use crate::message::AnyMessage;
use crate::protocol::{Handling, ToAgent, ToSupervisor, UnhandledReason};
use crate::shape;
use crate::wire::body::Body;
use crate::wire::frame::Envelope;
use std::time::Instant;

impl Supervision<'_> {
    /// Takes in what an agent says, and writes what it had no room for.
    pub(super) fn hear(&mut self, index: usize) {
        let member = &mut self.members.0[index];
        let (false, Some(agent)) = (member.has_ended(), &mut member.agent) else {
            return;
        };
        agent.outbound.flush(&agent.control);
        let mut words = Vec::new();
        let remaining = agent.read(|word| words.push(word));
        for word in words {
            self.take_in(index, word);
        }
        self.members.0[index].end_gibberish();
        if remaining == Remaining::Perhaps {
            self.events.revisit(Event::Control(index));
        }
    }

    pub(super) fn take_in(&mut self, index: usize, word: ToSupervisor) {
        let member = &mut self.members.0[index];
        let id = member.id;
        match word {
            ToSupervisor::Ready => self.note_ready(index),
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
            ToSupervisor::Input { request, prompt } => self.ask_for_input(index, request, prompt),
            ToSupervisor::InputWithdrawn { request } => {
                let answered = self.terminal.withdraw(id, request, &mut self.console);
                self.give_input(answered);
            }
            ToSupervisor::Spawn(order) => self.take_order(index, *order),
            // Reading has taken it in.
            ToSupervisor::Site { .. } => {}
            ToSupervisor::Unhandled { message, reason } => {
                self.report_unhandled(index, message, reason);
            }
            ToSupervisor::Missed {
                receiver,
                latest,
                count,
            } => self.report_missed(receiver, latest, count),
            ToSupervisor::Refused { reason, times } => {
                self.refused = self.refused.saturating_add(times);
                let agent = member.label.clone();
                self.console.notice(&Notice::Refused { agent, reason });
            }
            ToSupervisor::Finished { took } => member.round.finish(took),
            ToSupervisor::Idle(idle) => self.note_idle(index, idle),
            ToSupervisor::CatchUp => self.let_catch_up(index),
            ToSupervisor::Know(id) => self.look_up(index, id),
            ToSupervisor::Link(linked) => self.link(index, linked),
            ToSupervisor::Sent(account) => self.enter_account(id, account),
            ToSupervisor::Ended { outcome, at, sent } => {
                member.outcome = Some(outcome);
                member.ended_at = Some(at);
                sent.into_iter()
                    .for_each(|account| self.enter_account(id, account));
            }
        }
    }

    fn note_ready(&mut self, index: usize) {
        let member = &mut self.members.0[index];
        // Whoever says so again and again is not waited for again and again.
        if !std::mem::replace(&mut member.ready, true) {
            let timeout = self.settings.start_timeout;
            self.phase.come_up(Instant::now(), timeout);
        }
    }

    fn ask_for_input(&mut self, index: usize, request: u64, prompt: String) {
        let waker = self.events.input_waker();
        let wake = move || {
            if let Err(error) = waker.wake() {
                tracing::error!(%error, "the supervisor cannot be woken");
            }
        };
        let member = &self.members.0[index];
        let (id, label) = (member.id, &member.label);
        let console = &mut self.console;
        let answered = self.terminal.ask(id, label, request, prompt, console, wake);
        self.give_input(answered);
    }

    fn take_object(&mut self, index: usize, message_type: u32, site: u32, body: Vec<u8>) {
        let envelope = Envelope::new(message_type, self.members.0[index].id, site);
        let agent = self.members.0[index].label.clone();
        match AnyMessage::received(envelope, Body::from(body)) {
            Some(message) => {
                let place = match self.console.on_object {
                    Some(_) => None,
                    None => self.place((*message.envelope()).into()),
                };
                self.console.object(&agent, place, &message);
            }
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

    fn report_missed(&mut self, receiver: AgentId, latest: Handling, count: u64) {
        let handled = self.describe(latest);
        self.console.notice(&Notice::Missed {
            agent: self.label(receiver),
            message: handled.message,
            sender: handled.sender,
            sent_at: handled.sent_at,
            count,
        });
    }

    pub(super) fn read_standard_error(&mut self, index: usize) {
        let member = &mut self.members.0[index];
        let (false, Some(agent)) = (member.has_ended(), &mut member.agent) else {
            return;
        };
        let console = &mut self.console;
        if agent.stderr.read(|line| console.standard_error(line)) == Remaining::Perhaps {
            self.events.revisit(Event::StandardError(index));
        }
    }

    pub(super) fn give_input(&mut self, answered: Vec<Answered>) {
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
}
