//! Sending messages.
#![expect(
    clippy::needless_maybe_sized,
    reason = "of a `str` only that it is no message is to be said, not its size besides"
)]

use super::audiences::Found;
use super::core::Core;
use super::delivery::{Delivery, Missed, MissedReason};
use super::outgoing::Outgoing;
use super::posting::Sent;
use super::{Context, MaySend};
use crate::deadline;
use crate::error::SendError;
use crate::id::AgentId;
use crate::message::{Message, Travelling};
use crate::protocol::ToSupervisor;
use crate::router::{Audience, IntoTarget, Target};
use crate::transport::{Connection, Link, Transport, Unsent};
use crate::wire::frame::Envelope;
use crate::wire::head::{HEAD, Head};
use crate::wire::sink::Written;
use std::panic::Location;
use std::time::{Duration, Instant};

impl<S> Context<S> {
    /// Sends a message to all of a target, and to whoever listens to its type.
    ///
    /// The target is whatever a [`Target`](crate::Target) is made from: a name, an id, a set of ids, or one of [`BROADCAST`](crate::BROADCAST),
    /// [`LISTENERS`](crate::LISTENERS) and [`SUPERVISOR`](crate::SUPERVISOR). The call returns as soon
    /// as the message is in the mailboxes (rule R1), in the order of sending for each receiver (R2),
    /// once for each receiver (R3). Where a mailbox is full it blocks until there is room, at most the
    /// send timeout (R7), while this agent's own mailbox goes on filling.
    ///
    /// # Errors
    /// When no addressee was reached: [`SendError::NoTarget`] and [`SendError::NoListener`] at once,
    /// [`SendError::Dead`] and [`SendError::Full`] with the message in them,
    /// [`SendError::TooLarge`] before anything is written. Where some were reached and others not,
    /// the result names those in [`Delivery::missed`], and a notice tells of those without room.
    #[track_caller]
    pub fn send<'t, M: Message + ?Sized, I>(
        &mut self,
        target: impl IntoTarget<'t>,
        message: &M,
    ) -> Result<Delivery, SendError>
    where
        S: MaySend<M, I>,
    {
        let place = Location::caller();
        self.core.send(&target.into_target(), message.into(), place)
    }

    /// [`send`](Self::send) that never blocks: a full mailbox is [`SendError::Full`] at once.
    ///
    /// # Errors
    /// Those of [`send`](Self::send).
    #[track_caller]
    pub fn try_send<'t, M: Message + ?Sized, I>(
        &mut self,
        target: impl IntoTarget<'t>,
        message: &M,
    ) -> Result<Delivery, SendError>
    where
        S: MaySend<M, I>,
    {
        let (target, place) = (target.into_target(), Location::caller());
        self.core
            .send_within(&target, message.into(), Duration::ZERO, place)
    }
}

impl Core {
    pub(super) fn send(
        &mut self,
        target: &Target<'_>,
        message: Outgoing<'_>,
        place: &'static Location<'static>,
    ) -> Result<Delivery, SendError> {
        self.send_within(target, message, self.settings.send_timeout, place)
    }

    pub(super) fn send_within(
        &mut self,
        target: &Target<'_>,
        message: Outgoing<'_>,
        timeout: Duration,
        place: &'static Location<'static>,
    ) -> Result<Delivery, SendError> {
        let sent = self.bring(target, message, timeout, place);
        match &sent {
            Ok(_) => {}
            Err(SendError::NoListener { message }) => self.note_unheard(message, place),
            Err(error) => self.note(error, place),
        }
        sent
    }

    fn bring(
        &mut self,
        target: &Target<'_>,
        outgoing: Outgoing<'_>,
        timeout: Duration,
        place: &'static Location<'static>,
    ) -> Result<Delivery, SendError> {
        if self.transport.is_none() {
            return Err(SendError::Unsupervised);
        }
        let found = self.whom(target, outgoing, timeout)?;
        let envelope = self.envelope(self.audiences.message_type(found), place);
        let delivery = match self.audiences.one(found) {
            Some(one) => {
                if self.send_at_once(outgoing.message, &envelope, one, found)? {
                    return Ok(Delivery {
                        reached: 1,
                        ..Delivery::default()
                    });
                }
                let audience = Audience {
                    addressees: vec![one],
                    ..Audience::default()
                };
                self.deliver(&audience, &envelope, timeout, Delivery::default())
            }
            None => {
                self.encode(outgoing.message, &envelope, None, None)?;
                if let Target::Supervisor = target {
                    self.tell_supervisor(&ToSupervisor::Object {
                        message_type: envelope.message_type(),
                        site: envelope.site(),
                        body: self.frame_body(),
                    });
                }
                let reached = usize::from(matches!(target, Target::Supervisor));
                self.deliver_to_several(found, &envelope, timeout, reached)
            }
        };
        self.discard_frame();
        delivery
    }

    /// Has these agents, and nobody else, overhear what the supervisor has.
    #[track_caller]
    pub(super) fn send_copies(
        &mut self,
        ids: &[AgentId],
        message: &dyn Travelling,
    ) -> Result<Delivery, SendError> {
        let message_type = message.leaf().id().unwrap_or(u32::MAX);
        let envelope = self.envelope(message_type, Location::caller());
        self.encode(message, &envelope, None, None)?;
        let audience = Audience {
            listeners: ids.to_vec(),
            ..Audience::default()
        };
        let timeout = self.settings.send_timeout;
        let supervisor = Delivery {
            reached: 1,
            ..Delivery::default()
        };
        let delivery = self.deliver(&audience, &envelope, timeout, supervisor);
        self.discard_frame();
        delivery
    }

    #[inline]
    pub(super) fn envelope(
        &mut self,
        message_type: u32,
        place: &'static Location<'static>,
    ) -> Envelope {
        Envelope::new(
            message_type,
            self.id,
            self.sites.number(place, &self.supervisor),
        )
    }

    /// Encodes a message into a frame, which is for `only` one peer or for several.
    pub(super) fn encode(
        &mut self,
        message: &dyn Travelling,
        envelope: &Envelope,
        request: Option<(u64, Duration)>,
        only: Option<Link>,
    ) -> Result<(), SendError> {
        let head = Head::message(*envelope, request);
        let limit = self.settings.message_limit;
        let Some(transport) = &mut self.transport else {
            return Err(SendError::Unsupervised);
        };
        let size = head.size();
        loop {
            let written = write(transport, message, size, only, limit).map_err(|error| *error)?;
            let length = written.len() - size;
            let head = head.with_length(length);
            let head = head.ok_or_else(|| too_large(message, length, limit))?;
            if transport.seal(head, written).is_ok() {
                return Ok(());
            }
        }
    }

    /// Sends to the one agent that a message is for. Where it has no room or has ended, the frame is
    /// left to be posted.
    #[inline]
    fn send_at_once(
        &mut self,
        message: &dyn Travelling,
        envelope: &Envelope,
        one: AgentId,
        found: Found,
    ) -> Result<bool, SendError> {
        let Ok(link) = self.link_to(found, one) else {
            self.encode(message, envelope, None, None)?;
            return Ok(false);
        };
        let Some(transport) = &mut self.transport else {
            return Err(SendError::Unsupervised);
        };
        let limit = self.settings.message_limit;
        loop {
            let written =
                write(transport, message, HEAD, Some(link), limit).map_err(|error| *error)?;
            match transport.send(link, envelope, written) {
                Ok(()) => return Ok(true),
                Err(Unsent::Refused(_)) => return Ok(false),
                Err(Unsent::Lost) => {}
            }
        }
    }

    /// The encoded fields in the frame, which has not been posted.
    pub(super) fn frame_body(&self) -> Vec<u8> {
        let transport = self.transport.as_ref();
        transport.map_or_else(Vec::new, |transport| transport.body())
    }

    pub(super) fn discard_frame(&mut self) {
        if let Some(transport) = &mut self.transport {
            transport.discard();
        }
    }

    /// Brings the frame to an audience that has been found before, as a rule, and beside which `reached` have
    /// it already.
    fn deliver_to_several(
        &mut self,
        found: Found,
        envelope: &Envelope,
        timeout: Duration,
        reached: usize,
    ) -> Result<Delivery, SendError> {
        let posted = self.post_to_known(found);
        let mut delivery = Delivery {
            reached,
            ..Delivery::default()
        };
        match self.audiences.is_of_listeners(found) {
            true => delivery.overheard = posted,
            false => delivery.reached += posted,
        }
        if posted > 0 && posted == self.audiences.links(found).len() {
            return Ok(delivery);
        }
        let whole = self.audiences.audience(found);
        let rest = (posted > 0).then(|| whole.after(posted));
        let audience = rest.as_ref().unwrap_or(&whole);
        let delivery = self.deliver(audience, envelope, timeout, delivery)?;
        if delivery.missed.is_empty() {
            self.remember_links(found);
        }
        Ok(delivery)
    }

    /// Brings the frame to an audience, beside that of a `delivery`.
    fn deliver(
        &mut self,
        audience: &Audience,
        envelope: &Envelope,
        timeout: Duration,
        mut delivery: Delivery,
    ) -> Result<Delivery, SendError> {
        let deadline = deadline::after(timeout);
        let mut stopped = false;
        for (id, sent) in self.transmit_to_audience(audience, deadline) {
            let reason = match sent {
                Sent::Accepted if audience.addressees.contains(&id) => {
                    delivery.reached += 1;
                    continue;
                }
                Sent::Accepted => {
                    delivery.overheard += 1;
                    continue;
                }
                Sent::Full => MissedReason::Full,
                Sent::Dead => MissedReason::Dead,
                Sent::Stopped => {
                    stopped = true;
                    MissedReason::Full
                }
            };
            delivery.missed.push(Missed { id, reason });
        }
        let dead = audience.dead.iter().map(|id| Missed {
            id: *id,
            reason: MissedReason::Dead,
        });
        delivery.missed.extend(dead);
        match delivery.missed.first() {
            Some(_) if stopped => Err(SendError::Stopped),
            Some(missed) if delivery.reached == 0 => Err(self.give_back(*missed, envelope)),
            Some(_) => {
                self.note_missed(&delivery.missed, envelope);
                Ok(delivery)
            }
            None => Ok(delivery),
        }
    }

    /// Sends the frame to addressees and listeners. Listeners hear only what some
    /// addressee has: a message that is given back, and perhaps sent again, was heard by nobody.
    fn transmit_to_audience(
        &mut self,
        audience: &Audience,
        deadline: Instant,
    ) -> Vec<(AgentId, Sent)> {
        let Audience {
            addressees,
            listeners,
            dead,
        } = audience;
        if listeners.is_empty() {
            return self.transmit(addressees, deadline);
        }
        if addressees.is_empty() && dead.is_empty() {
            return self.transmit(listeners, deadline);
        }
        let mut outcomes = self.transmit(addressees, Instant::now());
        if !is_accepted(&outcomes) {
            let waiting = take_refused(&mut outcomes);
            outcomes.extend(self.transmit(&waiting, deadline));
        }
        if is_accepted(&outcomes) {
            let mut waiting = take_refused(&mut outcomes);
            waiting.extend(listeners);
            outcomes.extend(self.transmit(&waiting, deadline));
        }
        outcomes
    }
}

/// Writes a message behind its head, which takes so many bytes. The error is in a box, so that what has been
/// written is in registers: what would have to be read from the stack again waits for the memory of the ring.
#[inline]
fn write(
    transport: &mut Connection,
    message: &dyn Travelling,
    head: usize,
    only: Option<Link>,
    limit: usize,
) -> Result<Written, Box<SendError>> {
    let mut sink = transport.compose(only, head);
    if let Err(error) = message.encode(&mut sink) {
        return Err(Box::new(error.into()));
    }
    let written = sink.finish();
    let size = written.len() - head;
    match size <= limit && u32::try_from(size).is_ok() {
        true => Ok(written),
        false => Err(Box::new(too_large(message, size, limit))),
    }
}

#[cold]
fn too_large(message: &dyn Travelling, size: usize, limit: usize) -> SendError {
    SendError::TooLarge {
        message: message.leaf().name,
        size,
        limit,
    }
}

/// Whether anybody has it.
fn is_accepted(outcomes: &[(AgentId, Sent)]) -> bool {
    outcomes.iter().any(|(_, sent)| *sent == Sent::Accepted)
}

/// Takes out those who had no room.
fn take_refused(outcomes: &mut Vec<(AgentId, Sent)>) -> Vec<AgentId> {
    let refused = outcomes.extract_if(.., |(_, sent)| matches!(sent, Sent::Full | Sent::Stopped));
    refused.map(|(id, _)| id).collect()
}
