//! Requests and replies (rule R8).

use super::mailbox::Wait;
use super::outbox::Sent;
use super::{Context, Failure, Flow};
use crate::error::{AskError, SendError};
use crate::id::AgentId;
use crate::message::{AnyMessage, Body, Request};
use crate::router::Target;
use crate::wire::codec;
use crate::wire::frame::{self, Answer};
use serde::Serialize;
use std::panic::Location;
use std::time::{Duration, Instant};

impl Context {
    /// Asks exactly one agent and waits for its answer.
    ///
    /// Blocks until the answer, the timeout, the other agent's end, or the end of the run. Messages
    /// queue meanwhile. While this agent itself answers a request, it waits no longer than that request
    /// may take (rule R8). An answer that comes too late is dropped.
    ///
    /// # Errors
    /// [`AskError`] has the outcomes.
    #[track_caller]
    pub fn ask<'t, R: Request>(
        &mut self,
        target: impl Into<Target<'t>>,
        request: &R,
        timeout: Duration,
    ) -> Result<R::Answer, AskError> {
        self.ask_within(&target.into(), request, timeout, Location::caller())
    }

    pub(super) fn ask_within<R: Request>(
        &mut self,
        target: &Target<'_>,
        request: &R,
        timeout: Duration,
        place: &'static Location<'static>,
    ) -> Result<R::Answer, AskError> {
        let name = request.leaf().name;
        let id = self.the_one(target, request)?;
        if id == self.id {
            return Err(AskError::Oneself { request: name });
        }
        let begun = Instant::now();
        let mut deadline = begun + timeout;
        if let Some(serving) = &self.serving {
            deadline = deadline.min(serving.deadline);
        }
        let waited = deadline.saturating_duration_since(begun);
        let number = self.number_request();
        let envelope = self.envelope(request, place);
        self.encode(request, &envelope, Some((number, waited)))?;
        self.mailbox.change(|state| {
            state.asked = Some(number);
            state.answer = None;
        });
        let answer = match self.transmit(&[id], &envelope, deadline, true).first() {
            Some((_, Sent::Accepted)) => self.wait_for_answer(id, deadline),
            Some((_, Sent::Dead)) => Err(Ending::Dead),
            Some((_, Sent::Full)) => Err(self.no_room(id, &envelope)),
            _ => Err(Ending::Stopped),
        };
        self.mailbox.state().asked = None;
        let request = name;
        match answer {
            Ok(Answer::Value(value)) => Ok(codec::decode(&value)?),
            Ok(Answer::Unhandled) => Err(AskError::Unhandled { id, request }),
            Ok(Answer::Failed(reason)) => Err(AskError::Failed {
                id,
                request,
                reason,
            }),
            Err(Ending::Late) => Err(AskError::Timeout {
                id,
                request,
                waited,
            }),
            Err(Ending::Dead) => Err(AskError::Dead { id, request }),
            Err(Ending::Stopped) => Err(AskError::Stopped),
            Err(Ending::Unsent(error)) => Err(error.into()),
        }
    }

    /// The single agent that a target stands for.
    fn the_one<R: Request>(&self, target: &Target<'_>, request: &R) -> Result<AgentId, AskError> {
        if self.outbox.is_none() {
            return Err(SendError::Unsupervised.into());
        }
        let leaf = request.leaf();
        let audience = self
            .directory()
            .audience(self.id, target, leaf)
            .unwrap_or_default();
        match (&audience.addressees[..], &audience.dead[..]) {
            ([one], []) => Ok(*one),
            ([], [one]) => Err(AskError::Dead {
                id: *one,
                request: leaf.name,
            }),
            ([], []) => Err(SendError::NoTarget {
                message: leaf.name,
                target: target.to_string(),
            }
            .into()),
            (several, dead) => Err(AskError::NotOne {
                request: leaf.name,
                target: target.to_string(),
                found: several.len() + dead.len(),
            }),
        }
    }

    fn wait_for_answer(&self, id: AgentId, deadline: Instant) -> Result<Answer, Ending> {
        loop {
            let seen = {
                let mut state = self.mailbox.state();
                if let Some(answer) = state.answer.take() {
                    return Ok(answer);
                }
                if state.gone.contains(&id) {
                    return Err(Ending::Dead);
                }
                if state.stopping {
                    return Err(Ending::Stopped);
                }
                state.news()
            };
            if self.mailbox.wait(seen, Some(deadline)) == Wait::Late {
                return Err(Ending::Late);
            }
        }
    }

    fn no_room(&self, id: AgentId, envelope: &frame::Envelope) -> Ending {
        let body = Body::from(self.frame[frame::OVERHEAD..].to_vec());
        match AnyMessage::received(*envelope, body, None).map(Box::new) {
            Some(message) => Ending::Unsent(SendError::Full { id, message }),
            None => Ending::Stopped,
        }
    }

    /// Answers the request in hand; of a request that was only sent, the value is dropped.
    pub(crate) fn answer<T: Serialize>(&mut self, value: &T) {
        let Some(call) = self.serving.take() else {
            return;
        };
        let answer = match codec::encode(value) {
            Ok(value) if value.len() <= self.settings.message_limit => Answer::Value(value),
            Ok(value) => Answer::Failed(format!(
                "the answer takes {} bytes, more than the {} a message may have",
                value.len(),
                self.settings.message_limit
            )),
            Err(error) => Answer::Failed(error.to_string()),
        };
        call.reply_path.reply(&frame::reply(call.request, &answer));
    }

    /// Tells whoever asked that the handler failed. The error is theirs then; where nobody asked it is
    /// the agent's own (rule R12).
    pub(crate) fn answer_failure(&mut self, failure: Failure) -> Result<Flow, Failure> {
        let Some(call) = self.serving.take() else {
            return Err(failure);
        };
        let mut text = failure.0;
        text.truncate(text.floor_char_boundary(self.settings.message_limit));
        let answer = Answer::Failed(text);
        call.reply_path.reply(&frame::reply(call.request, &answer));
        Ok(Flow::Continue)
    }

    /// Tells whoever asked that nobody here answers.
    pub(super) fn answer_unhandled(&mut self) {
        if let Some(call) = self.serving.take() {
            call.reply_path
                .reply(&frame::reply(call.request, &Answer::Unhandled));
        }
    }
}

/// How asking ended without an answer.
enum Ending {
    Late,
    Dead,
    Stopped,
    Unsent(SendError),
}
