//! Receiving messages and giving them to handlers.

use super::core::Core;
use super::{Behaviour, Context, Flow, HandleError};
use crate::deadline;
use crate::error::{Error, RecvError};
use crate::message::{AnyMessage, Message, PoisonMessage, ResidentTermMessage};
use crate::protocol::{SUPERVISOR_ID, ToSupervisor, UnhandledReason};
use crate::transport::{Arrival, Awaited, Transport, Waited};
use crate::wire::body::Body;
use crate::wire::codec;
use crate::wire::head::Envelope;
use serde::Serialize;
use std::panic::Location;
use std::time::{Duration, Instant};

impl<S> Context<S> {
    /// The next message, in the order of arrival: `None` waits for as long as it takes, a `Duration`
    /// no longer than that.
    ///
    /// Blocks until there is a message, the timeout, or the end of the run. When everybody else has
    /// ended, a resident gets a [`ResidentTermMessage`] as its last.
    ///
    /// # Errors
    /// [`RecvError::Timeout`] and [`RecvError::Stopped`].
    #[track_caller]
    pub fn next_message(
        &mut self,
        timeout: impl Into<Option<Duration>>,
    ) -> Result<AnyMessage, RecvError> {
        let mut hand = self.core.take_hand();
        let place = Location::caller();
        let received = self
            .core
            .next_message(&mut hand, timeout.into(), Some(place));
        let message = received.map(|()| hand.take());
        self.core.hand = Some(hand);
        message
    }

    /// Waits for the next message, gives it to the agent's handler for it (rule R9), and says whether
    /// the agent goes on: an `op` loops on it.
    ///
    /// A message that no handler takes is reported and ends nobody. [`Flow::Stop`] comes from a handler
    /// that returned it, and after a [`ResidentTermMessage`], whether handled or not.
    ///
    /// ```
    /// use multitools::{agent, Context, Error, Flow, StringMessage};
    ///
    /// #[agent(name = "First ten")]
    /// struct FirstTen;
    /// #[agent]
    /// impl FirstTen {
    ///     #[handle]
    ///     fn on_text(&mut self, message: &StringMessage, ctx: &mut Context) { ctx.print(&message.text) }
    ///     fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
    ///         for _ in 0..10 {
    ///             ctx.receive(self)?;
    ///         }
    ///         Ok(())
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// [`Error::Receive`] when the run is being stopped, [`Error::Handler`] when the handler failed.
    #[track_caller]
    pub fn receive<A: Behaviour<Scope = S>>(&mut self, agent: &mut A) -> Result<Flow, Error> {
        self.receive_within(agent, None, Some(Location::caller()))
            .map_err(|error| *error)
    }

    /// [`receive`](Self::receive) that waits no longer than `timeout`.
    ///
    /// # Errors
    /// [`RecvError::Timeout`] besides those of [`receive`](Self::receive).
    #[track_caller]
    pub fn receive_timeout<A: Behaviour<Scope = S>>(
        &mut self,
        agent: &mut A,
        timeout: Duration,
    ) -> Result<Flow, Error> {
        self.receive_within(agent, Some(timeout), Some(Location::caller()))
            .map_err(|error| *error)
    }

    /// Serves the mailbox of an agent without an `op`: nobody has written the call.
    pub(super) fn serve_next<A: Behaviour<Scope = S>>(
        &mut self,
        agent: &mut A,
    ) -> Result<Flow, Box<Error>> {
        self.receive_within(agent, None, None)
    }

    fn receive_within<A: Behaviour<Scope = S>>(
        &mut self,
        agent: &mut A,
        timeout: Option<Duration>,
        place: Option<&'static Location<'static>>,
    ) -> Result<Flow, Box<Error>> {
        let mut hand = self.core.take_hand();
        let flow = match self.core.next_message(&mut hand, timeout, place) {
            Ok(()) => self.handle(agent, &hand),
            Err(error) => Err(Box::new(error.into())),
        };
        self.core.lay_aside(hand);
        flow
    }

    /// Gives a message to the agent's handler for it: the second half of [`receive`](Self::receive).
    ///
    /// # Errors
    /// [`Error::Handler`] when the handler failed.
    pub fn dispatch<A: Behaviour<Scope = S>>(
        &mut self,
        agent: &mut A,
        message: AnyMessage,
    ) -> Result<Flow, Error> {
        let mut hand = self.core.take_hand();
        *hand = message;
        let flow = self.handle(agent, &hand);
        self.core.lay_aside(hand);
        flow.map_err(|error| *error)
    }

    fn handle<A: Behaviour<Scope = S>>(
        &mut self,
        agent: &mut A,
        message: &AnyMessage,
    ) -> Result<Flow, Box<Error>> {
        if message.sender() == SUPERVISOR_ID && message.is::<ResidentTermMessage>() {
            let named = A::HANDLERS
                .iter()
                .any(|handler| handler.ancestry.key() == ResidentTermMessage::ANCESTRY.key());
            if named {
                self.call_handler(agent, message)?;
            }
            return Ok(Flow::Stop);
        }
        let flow = if message.call().is_some() || self.core.serving.is_some() {
            let outer = std::mem::replace(&mut self.core.serving, message.call().cloned());
            let flow = self.call_handler(agent, message);
            self.core.serving = outer;
            flow?
        } else {
            self.call_handler(agent, message)?
        };
        self.core.put_down();
        Ok(flow)
    }

    fn call_handler<A: Behaviour<Scope = S>>(
        &mut self,
        agent: &mut A,
        message: &AnyMessage,
    ) -> Result<Flow, Box<Error>> {
        match A::dispatch().call(agent, message, self) {
            Ok(flow) => Ok(flow),
            Err(error) => self.core.note_unhandled(message, *error),
        }
    }
}

impl Core {
    /// Whether an agent goes on that has not handled a message.
    #[cold]
    fn note_unhandled(
        &mut self,
        message: &AnyMessage,
        error: HandleError,
    ) -> Result<Flow, Box<Error>> {
        let reason = match error {
            HandleError::Failed(failure) => {
                return Err(Box::new(Error::Handler(failure.0.into())));
            }
            HandleError::Unhandled => UnhandledReason::NoHandler,
            HandleError::Undecodable(error) => UnhandledReason::Undecodable(error.to_string()),
        };
        match &reason {
            UnhandledReason::NoHandler => self.answer_unhandled(),
            UnhandledReason::Undecodable(reason) => self.answer_undecodable(reason),
        }
        if message.sender() == SUPERVISOR_ID && message.is::<PoisonMessage>() {
            // The supervisor has told of it already.
            return Ok(Flow::Continue);
        }
        self.tell_supervisor(&ToSupervisor::Unhandled {
            message: (*message.envelope()).into(),
            reason,
        });
        Ok(Flow::Continue)
    }

    /// Memory for a message: that of the last one, unless a handler receives another.
    #[inline]
    fn take_hand(&mut self) -> Box<AnyMessage> {
        self.hand
            .take()
            .unwrap_or_else(|| Box::new(AnyMessage::empty()))
    }

    /// Keeps the memory of a message that is done with.
    #[inline]
    fn lay_aside(&mut self, mut hand: Box<AnyMessage>) {
        hand.parcel().body.give_back();
        hand.parcel().call = None;
        self.hand = Some(hand);
    }

    /// Puts the next message in place of the one that is there.
    fn next_message(
        &mut self,
        message: &mut AnyMessage,
        timeout: Option<Duration>,
        place: Option<&'static Location<'static>>,
    ) -> Result<(), RecvError> {
        if self.transport.is_none() {
            return Err(RecvError::Unsupervised);
        }
        self.put_down();
        let mut deadline = None;
        loop {
            let seen = self.news.count();
            if self.is_stopping() {
                return Err(RecvError::Stopped);
            }
            if let Some(given_back) = self.next_given_back() {
                *message = given_back;
                return Ok(());
            }
            match self.next_arrival(message) {
                Some(arrival) => {
                    if self.accept(arrival, message) {
                        return Ok(());
                    }
                }
                None => {
                    self.rest(|core| core.await_arrival(seen, timeout, &mut deadline, place))?;
                }
            }
        }
    }

    /// Waits until something may have come. Apart from the look, which is all that most messages need. The
    /// deadline is found out by the first wait: the clock is only read by who has to wait.
    #[inline(never)]
    fn await_arrival(
        &mut self,
        seen: u64,
        timeout: Option<Duration>,
        deadline: &mut Option<Option<Instant>>,
        place: Option<&'static Location<'static>>,
    ) -> Result<(), RecvError> {
        let Some(timeout) = timeout else {
            self.wait_for_message(seen, place);
            return Ok(());
        };
        let deadline = *deadline.get_or_insert_with(|| Instant::now().checked_add(timeout));
        if self.wait(Awaited::Message, seen, deadline) == Waited::Late {
            let late = RecvError::Timeout(timeout);
            if let Some(place) = place {
                self.note_wait(late, place);
            }
            return Err(late);
        }
        Ok(())
    }

    /// Takes in what has arrived. Whether it is a message.
    #[inline]
    fn accept(&mut self, arrival: Arrival, message: &mut AnyMessage) -> bool {
        match arrival {
            Arrival::Message if message.identify() => true,
            arrival => self.accept_word(arrival, message),
        }
    }

    /// Makes a message of what says that all has come which was to come before, and tells the supervisor of
    /// what is refused. Whether there is a message.
    #[cold]
    fn accept_word(&mut self, arrival: Arrival, message: &mut AnyMessage) -> bool {
        let word = match arrival {
            Arrival::Left(id) => self.tell_of_end(id),
            Arrival::Drained if self.rounds.drains > 1 => {
                self.rounds.drains -= 1;
                None
            }
            Arrival::Drained if !self.leaving => {
                self.rounds.drains = 0;
                self.tell_of_round();
                None
            }
            // Who leaves is told first of all ends that are known by now.
            Arrival::Drained if self.departures.is_awaiting() => {
                if let Some(transport) = &mut self.transport {
                    transport.drain();
                }
                None
            }
            Arrival::Drained => word_of_supervisor(&ResidentTermMessage),
            Arrival::Message => {
                let (message_type, sender) = (message.envelope().message_type(), message.sender());
                let reason = format!("a message of the unknown type {message_type} from {sender}");
                self.put_down();
                self.tell_supervisor(&ToSupervisor::Refused { reason, times: 1 });
                None
            }
            Arrival::Refused(reason) => {
                self.tell_supervisor(&ToSupervisor::Refused { reason, times: 1 });
                None
            }
        };
        word.map(|word| *message = word).is_some()
    }

    /// All is done that was queued when the supervisor asked, and what was sent meanwhile is at its receivers.
    fn tell_of_round(&mut self) {
        self.flush(Some(deadline::after(self.settings.send_timeout)));
        let took = std::mem::take(&mut self.rounds.took);
        self.tell_supervisor(&ToSupervisor::Finished { took });
    }

    /// What has arrived, of which a mark is left for the supervisor: this message has been begun.
    #[inline]
    fn next_arrival(&mut self, message: &mut AnyMessage) -> Option<Arrival> {
        let (status, in_hand) = (&self.status, &mut self.in_hand);
        let (retries, took) = (&mut self.retries, &mut self.rounds.took);
        let transport = self.transport.as_mut()?;
        transport.receive(message.parcel(), |envelope, place, request| {
            retries.begin(envelope.sender, status);
            status.begin(envelope.into(), place, request);
            (*in_hand, *took) = (true, true);
        })
    }

    /// The message that was given back first, of those that have not been taken.
    #[inline]
    fn next_given_back(&mut self) -> Option<AnyMessage> {
        let message = self.retries.next_given_back(&self.status)?;
        (self.in_hand, self.rounds.took) = (true, true);
        Some(message)
    }

    /// The message in hand is done.
    #[inline]
    fn put_down(&mut self) {
        if self.in_hand {
            // In this order: whenever this process is killed, it is done, or it is there to be handled again.
            if let Some(transport) = &mut self.transport {
                transport.finish();
            }
            self.retries.end(&self.status);
            self.status.end();
            self.in_hand = false;
        }
    }
}

/// What the supervisor says that comes after messages which were on their way (rules R11 and R15).
pub(super) fn word_of_supervisor<M: Message + Serialize>(word: &M) -> Option<AnyMessage> {
    from_supervisor(word.leaf().id()?, codec::encode(word).ok()?)
}

/// A message of the supervisor's own.
pub(super) fn from_supervisor(message_type: u32, body: Vec<u8>) -> Option<AnyMessage> {
    let envelope = Envelope::new(message_type, SUPERVISOR_ID, 0);
    AnyMessage::received(envelope, Body::from(body))
}
