//! Requests and replies (rule R8).
#![expect(
    clippy::needless_maybe_sized,
    reason = "of a `str` only that it is no message is to be said, not its size besides"
)]

use super::audiences::Found;
use super::core::Core;
use super::delivery::{Missed, MissedReason};
use super::posting::Sent;
use super::{Context, Failure, Flow, MaySend};
use crate::deadline;
use crate::error::{AskError, SendError};
use crate::id::AgentId;
use crate::message::Request;
use crate::router::{IntoTarget, Nobody, Target};
use crate::sys::clock;
use crate::transport::{Awaited, Link, Transport, Waited};
use crate::wire::codec;
use crate::wire::frame::{Answer, Call};
use crate::wire::head::Envelope;
use serde::Serialize;
use std::panic::Location;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many bytes an answer has room for without a buffer of its own.
const SHORT_ANSWER: usize = 512;

impl<S> Context<S> {
    /// Asks exactly one agent and waits for its answer. The target is one as of [`send`](Self::send).
    ///
    /// Blocks until the answer, the timeout, the other agent's end, or the end of the run. Messages
    /// queue meanwhile. While this agent itself answers a request, it waits no longer than that request
    /// may take (rule R8). An answer that comes too late is dropped.
    ///
    /// Two agents that ask each other at the same time both wait in vain, since neither handles anything
    /// meanwhile: one of them is told [`AskError::Timeout`]. Have one of them [`send`](Self::send) instead.
    ///
    /// # Errors
    /// [`AskError`] has the outcomes.
    #[track_caller]
    pub fn ask<'t, R: Request + ?Sized, I>(
        &mut self,
        target: impl IntoTarget<'t>,
        request: &R,
        timeout: Duration,
    ) -> Result<R::Answer, AskError>
    where
        S: MaySend<R, I>,
    {
        let place = Location::caller();
        self.core
            .ask(&target.into_target(), request, timeout, place)
    }
}

impl Core {
    pub(super) fn ask<R: Request>(
        &mut self,
        target: &Target<'_>,
        request: &R,
        timeout: Duration,
        place: &'static Location<'static>,
    ) -> Result<R::Answer, AskError> {
        let answer = self.ask_and_wait(target, request, timeout, place);
        self.noting(answer, place)
    }

    fn ask_and_wait<R: Request>(
        &mut self,
        target: &Target<'_>,
        request: &R,
        timeout: Duration,
        place: &'static Location<'static>,
    ) -> Result<R::Answer, AskError> {
        let name = || request.leaf().name;
        let begun = Instant::now();
        let mut waited = deadline::bounded(timeout);
        let mut deadline = begun + waited;
        if let Some(serving) = &self.serving
            && serving.deadline < deadline
        {
            deadline = serving.deadline;
            // Of the time that whoever has asked waits, some microseconds are over by now.
            waited = in_whole_milliseconds(deadline.saturating_duration_since(begun));
        }
        let (id, found) = self.the_one(target, request, waited)?;
        if id == self.id {
            return Err(AskError::Oneself { request: name() });
        }
        let (number, seen) = (self.number_request(), self.news.count());
        let end = clock::to_shared(deadline);
        let envelope = self.envelope(self.audiences.message_type(found), place);
        // One that has ended is found out when the frame is posted.
        let link = self.link_to(found, id).ok();
        self.encode(request, &envelope, Some((number, end)), link)?;
        let answer = match self.transmit_to_one(id, link, deadline) {
            Sent::Accepted => {
                self.let_listeners_hear(found, request, &envelope, deadline)?;
                self.wait_for_answer(id, found, number, seen, deadline)
            }
            Sent::Dead if self.is_told_to_stop() => Err(Ending::Stopped),
            Sent::Dead => Err(Ending::Dead),
            Sent::Full => {
                let reason = MissedReason::Full;
                Err(Ending::Unsent(
                    self.give_back(Missed { id, reason }, &envelope),
                ))
            }
            Sent::Stopped => Err(Ending::Stopped),
        };
        self.discard_frame();
        match answer {
            Ok(Answer::Value(value)) => Ok(codec::decode(&value)?),
            Ok(Answer::Unhandled) => Err(self.unanswered(Ending::Unhandled, id, name(), waited)),
            Ok(Answer::Failed(reason)) => {
                Err(self.unanswered(Ending::Failed(reason), id, name(), waited))
            }
            Err(ending) => Err(self.unanswered(ending, id, name(), waited)),
        }
    }

    /// The error of whoever has asked in vain.
    #[cold]
    fn unanswered(
        &self,
        ending: Ending,
        id: AgentId,
        request: &'static str,
        waited: Duration,
    ) -> AskError {
        let name = self.name_of(id);
        match ending {
            Ending::Unhandled => AskError::Unhandled { id, name, request },
            Ending::Failed(reason) => AskError::Failed {
                id,
                name,
                request,
                reason,
            },
            Ending::Late => AskError::Timeout {
                id,
                name,
                request,
                waited,
            },
            Ending::Dead => AskError::Dead { id, name, request },
            Ending::Stopped => AskError::Stopped,
            Ending::Unsent(error) => error.into(),
        }
    }

    /// Gives the request to those who overhear it (rule R3), as a message that asks them nothing. The
    /// answer may come meanwhile; a listener without room is no reason to fail.
    fn let_listeners_hear<R: Request>(
        &mut self,
        found: Found,
        request: &R,
        envelope: &Envelope,
        deadline: Instant,
    ) -> Result<(), SendError> {
        if self.audiences.one(found).is_some() {
            return Ok(());
        }
        let audience = self.audiences.audience(found);
        self.discard_frame();
        self.encode(request, envelope, None, None)?;
        let deadline = deadline.min(deadline::after(self.settings.send_timeout));
        for (id, sent) in self.transmit(&audience.listeners, deadline) {
            if sent == Sent::Full {
                self.note_miss(id, envelope);
            }
        }
        Ok(())
    }

    /// The single agent that a target stands for, beside those who listen. Of an agent that is still to be told
    /// of, word is waited for.
    fn the_one<R: Request>(
        &mut self,
        target: &Target<'_>,
        request: &R,
        timeout: Duration,
    ) -> Result<(AgentId, Found), AskError> {
        if self.transport.is_none() {
            return Err(SendError::Unsupervised.into());
        }
        let found = self.whom(target, request.into(), timeout)?;
        if let Some(one) = self.audiences.one(found) {
            return Ok((one, found));
        }
        let audience = self.audiences.audience(found);
        let request = request.leaf().name;
        match (&audience.addressees[..], &audience.dead[..]) {
            ([one], []) => Ok((*one, found)),
            ([], [_]) if self.is_told_to_stop() => Err(AskError::Stopped),
            ([], [one]) => Err(self.unanswered(Ending::Dead, *one, request, timeout)),
            ([], []) => {
                let nobody = Nobody::NoTarget;
                Err(self.nobody_to_send_to(nobody, request, target).into())
            }
            (several, dead) => Err(AskError::NotOne {
                request,
                target: target.to_string(),
                found: several.len() + dead.len(),
            }),
        }
    }

    fn wait_for_answer(
        &mut self,
        id: AgentId,
        found: Found,
        number: u64,
        heard: u64,
        deadline: Instant,
    ) -> Result<Answer, Ending> {
        let link = self.link_to(found, id).map_err(|_| Ending::Dead)?;
        let answer = self.wait_on(link, id, number, heard, deadline);
        if let (Err(_), Some(transport)) = (&answer, &mut self.transport) {
            transport.give_up_answer(link, number);
        }
        answer
    }

    fn wait_on(
        &mut self,
        link: Link,
        id: AgentId,
        number: u64,
        mut heard: u64,
        deadline: Instant,
    ) -> Result<Answer, Ending> {
        loop {
            let seen = self.news.count();
            if let Some(ended) = self.look_for_answer(link, number) {
                return ended;
            }
            if seen != heard && self.news.state().unanswered.remove(&number) {
                return Err(Ending::Dead);
            }
            heard = seen;
            if self.is_stopping() {
                break;
            }
            if self.wait(Awaited::Answer(link, number), seen, Some(deadline)) == Waited::Late {
                return Err(Ending::Late);
            }
        }
        // The end of the one that was asked may be why the run is stopped, and known sooner than the
        // end of the link.
        match self.directory().is_running(id) {
            true => Err(Ending::Stopped),
            false => Err(Ending::Dead),
        }
    }

    /// The answer, or that there will be none.
    fn look_for_answer(&mut self, link: Link, number: u64) -> Option<Result<Answer, Ending>> {
        let transport = self.transport.as_mut()?;
        // Whoever has gone may have answered before.
        let closed = transport.is_closed(link);
        match transport.answer(link, number) {
            Some(answer) => Some(Ok(answer)),
            None => closed.then_some(Err(Ending::Dead)),
        }
    }

    /// Answers the request in hand; of a request that was only sent, the value is dropped.
    pub(super) fn answer<T: Serialize>(&mut self, value: &T) {
        let Some(call) = self.serving.take() else {
            return;
        };
        let (mut room, mut buffer) = ([0; SHORT_ANSWER], Vec::new());
        let answer = match codec::encode_within(value, &mut room, &mut buffer) {
            Ok(value) if value.len() <= self.settings.message_limit => Answer::Value(value),
            Ok(value) => Answer::Failed(format!(
                "the answer takes {} bytes, more than the {} a message may have",
                value.len(),
                self.settings.message_limit
            )),
            Err(error) => Answer::Failed(error.to_string()),
        };
        self.reply(&call, answer);
    }

    /// Tells whoever asked that the handler failed. The error is theirs then; where nobody asked it is
    /// the agent's own (rule R12).
    pub(super) fn answer_failure(&mut self, failure: Failure) -> Result<Flow, Failure> {
        let Some(call) = self.serving.take() else {
            return Err(failure);
        };
        self.reply(&call, Answer::Failed(failure.0.into()));
        Ok(Flow::Continue)
    }

    /// Tells whoever asked that nobody here answers.
    pub(super) fn answer_unhandled(&mut self) {
        if let Some(call) = self.serving.take() {
            self.reply(&call, Answer::Unhandled);
        }
    }

    /// Tells whoever asked why the request could not be read.
    pub(super) fn answer_undecodable(&mut self, reason: &str) {
        if let Some(call) = self.serving.take() {
            let reason = format!("it cannot be read ({reason})");
            self.reply(&call, Answer::Failed(reason));
        }
    }

    /// Sends an answer, and remembers the way if not all of it has left: it is to be out before this
    /// process ends (rule R6).
    fn reply(&mut self, call: &Call, mut answer: Answer<&[u8]>) {
        if let Answer::Failed(reason) = &mut answer {
            // A peer refuses what is longer than a message may be.
            reason.truncate(reason.floor_char_boundary(self.settings.message_limit));
        }
        if !self.try_to_reply(call, &answer) {
            self.reply_when_there_is_room(call, &answer);
        }
        let path = &call.reply_path;
        self.unsent_answers.retain(|path| !path.is_flushed());
        if !path.is_flushed() {
            self.unsent_answers.push(Arc::clone(path));
        }
    }

    fn try_to_reply(&mut self, call: &Call, answer: &Answer<&[u8]>) -> bool {
        if let Some(transport) = &mut self.transport {
            let (_, body) = answer.parts();
            transport.make_room_for_answer(body.len());
        }
        call.reply_path.reply(call.request, answer)
    }

    /// Waits until others have taken their answers, as for room in a mailbox, and no longer than this one is
    /// waited for.
    #[cold]
    fn reply_when_there_is_room(&mut self, call: &Call, answer: &Answer<&[u8]>) {
        let deadline = call
            .deadline
            .min(deadline::after(self.settings.send_timeout));
        loop {
            let seen = self.news.count();
            if let Some(transport) = &mut self.transport {
                transport.ask_for_room_for_answer();
            }
            if self.try_to_reply(call, answer) {
                return;
            }
            if self.is_stopping() || self.wait(Awaited::Room, seen, Some(deadline)) == Waited::Late
            {
                break;
            }
        }
        if !self.try_to_reply(call, answer) {
            let reason = "too many large answers have not been taken".to_owned();
            self.try_to_reply(call, &Answer::Failed(reason));
        }
    }
}

/// How asking ended without an answer.
enum Ending {
    Unhandled,
    Failed(String),
    Late,
    Dead,
    Stopped,
    Unsent(SendError),
}

fn in_whole_milliseconds(time: Duration) -> Duration {
    let whole = time.as_nanos().div_ceil(1_000_000);
    Duration::from_millis(u64::try_from(whole).unwrap_or(u64::MAX))
}
