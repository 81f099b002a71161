//! Sending messages.

use super::core::Core;
use super::ledger::weight;
use super::outbox::Sent;
use super::{Context, MaySend};
use crate::deadline;
use crate::error::SendError;
use crate::id::AgentId;
use crate::message::{AnyMessage, Body, Message};
use crate::protocol::ToSupervisor;
use crate::router::{Audience, Nobody, Target};
use crate::wire::frame::{self, Envelope};
use std::panic::Location;
use std::time::{Duration, Instant};

/// Whom a message has reached: what [`Context::send`] returns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// How many addressees have it in their mailboxes.
    pub reached: usize,
    /// How many others overhear it because they listen to its type.
    pub overheard: usize,
    /// Those that it did not reach: addressees and listeners without room, and ids of agents that
    /// have ended.
    pub missed: Vec<Missed>,
}

/// An agent that a message did not reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// Which agent.
    pub id: AgentId,
    /// Why not.
    pub reason: MissedReason,
}

/// Why an agent was not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissedReason {
    /// Its mailbox had no room within the send timeout.
    Full,
    /// It has ended.
    Dead,
}

impl<S> Context<S> {
    /// Sends a message to all of a target, and to whoever listens to its type.
    ///
    /// The target is a name, an id, a set of ids, or one of [`BROADCAST`](crate::BROADCAST),
    /// [`LISTENERS`](crate::LISTENERS) and [`SUPERVISOR`](crate::SUPERVISOR). The call returns as soon
    /// as the message is in the mailboxes (rule R1), in the order of sending for each receiver (R2),
    /// once for each receiver (R3). Where a mailbox is full it blocks until there is room, at most the
    /// send timeout (R7), while this agent's own mailbox goes on filling.
    ///
    /// # Errors
    /// When no addressee was reached: [`SendError::NoTarget`] and [`SendError::NoListener`] at once,
    /// [`SendError::Dead`] and [`SendError::Full`] with the message in them,
    /// [`SendError::TooLarge`] before anything is written. Where some were reached and others not,
    /// the result names those in [`Delivery::missed`].
    #[track_caller]
    pub fn send<'t, M: Message + ?Sized, I>(
        &mut self,
        target: impl Into<Target<'t>>,
        message: &M,
    ) -> Result<Delivery, SendError>
    where
        S: MaySend<M, I>,
    {
        let place = Location::caller();
        self.core.send(&target.into(), message, place)
    }

    /// [`send`](Self::send) that never blocks: a full mailbox is [`SendError::Full`] at once.
    ///
    /// # Errors
    /// Those of [`send`](Self::send).
    #[track_caller]
    pub fn try_send<'t, M: Message + ?Sized, I>(
        &mut self,
        target: impl Into<Target<'t>>,
        message: &M,
    ) -> Result<Delivery, SendError>
    where
        S: MaySend<M, I>,
    {
        let (target, place) = (target.into(), Location::caller());
        self.core
            .send_within(&target, message, Duration::ZERO, place)
    }
}

impl Core {
    pub(super) fn send<M: Message + ?Sized>(
        &mut self,
        target: &Target<'_>,
        message: &M,
        place: &'static Location<'static>,
    ) -> Result<Delivery, SendError> {
        self.send_within(target, message, self.settings.send_timeout, place)
    }

    fn send_within<M: Message + ?Sized>(
        &mut self,
        target: &Target<'_>,
        message: &M,
        timeout: Duration,
        place: &'static Location<'static>,
    ) -> Result<Delivery, SendError> {
        if self.outbox.is_none() {
            return Err(SendError::Unsupervised);
        }
        let leaf = message.leaf();
        let audience = self
            .directory()
            .audience(self.id, target, leaf)
            .map_err(|nobody| nobody_to_send_to(nobody, leaf.name, target))?;
        let envelope = self.envelope(message, place);
        self.encode(message, &envelope, None)?;
        if let Target::Supervisor = target {
            self.tell_supervisor(&ToSupervisor::Object {
                message_type: envelope.message_type,
                site: envelope.site,
                body: self.encoded_body(false).to_vec(),
            });
        }
        let reached = usize::from(matches!(target, Target::Supervisor));
        self.deliver(&audience, &envelope, deadline::after(timeout), reached)
    }

    /// Sends to these agents and to nobody else.
    #[track_caller]
    pub(super) fn send_to<M: Message>(
        &mut self,
        ids: &[AgentId],
        message: &M,
    ) -> Result<Delivery, SendError> {
        let envelope = self.envelope(message, Location::caller());
        self.encode(message, &envelope, None)?;
        let audience = Audience {
            listeners: ids.to_vec(),
            ..Audience::default()
        };
        let deadline = deadline::after(self.settings.send_timeout);
        self.deliver(&audience, &envelope, deadline, 0)
    }

    pub(super) fn envelope<M: Message + ?Sized>(
        &mut self,
        message: &M,
        place: &'static Location<'static>,
    ) -> Envelope {
        Envelope {
            message_type: message.leaf().id().unwrap_or(u32::MAX),
            sender: self.id,
            site: self.sites.number(place, &self.supervisor),
        }
    }

    /// Encodes a message into the frame buffer.
    pub(super) fn encode<M: Message + ?Sized>(
        &mut self,
        message: &M,
        envelope: &Envelope,
        request: Option<(u64, Duration)>,
    ) -> Result<(), SendError> {
        self.frame.clear();
        frame::begin(&mut self.frame, envelope, request);
        let head = self.frame.len();
        message.encode(&mut self.frame)?;
        let size = self.frame.len() - head;
        let limit = self.settings.message_limit;
        if size > limit || frame::finish(&mut self.frame).is_none() {
            self.frame = Vec::new();
            let message = message.leaf().name;
            return Err(SendError::TooLarge {
                message,
                size,
                limit,
            });
        }
        Ok(())
    }

    fn encoded_body(&self, request: bool) -> &[u8] {
        let head = if request {
            frame::OVERHEAD
        } else {
            frame::MESSAGE_HEAD
        };
        &self.frame[head..]
    }

    /// Brings the frame in the buffer to its audience, of which `reached` have it already.
    fn deliver(
        &mut self,
        audience: &Audience,
        envelope: &Envelope,
        deadline: Instant,
        reached: usize,
    ) -> Result<Delivery, SendError> {
        let mut delivery = Delivery {
            reached,
            ..Delivery::default()
        };
        let mut stopped = false;
        for (id, sent) in self.transmit_to_audience(audience, envelope, deadline) {
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
            _ => Ok(delivery),
        }
    }

    /// Sends the frame in the buffer to addressees and listeners. Listeners hear only what some
    /// addressee has: a message that is given back, and perhaps sent again, was heard by nobody.
    fn transmit_to_audience(
        &mut self,
        audience: &Audience,
        envelope: &Envelope,
        deadline: Instant,
    ) -> Vec<(AgentId, Sent)> {
        let Audience {
            addressees,
            listeners,
            dead,
        } = audience;
        if listeners.is_empty() {
            return self.transmit(addressees, envelope, deadline, false);
        }
        if addressees.is_empty() && dead.is_empty() {
            return self.transmit(listeners, envelope, deadline, false);
        }
        let mut outcomes = self.transmit(addressees, envelope, Instant::now(), false);
        if !is_accepted(&outcomes) {
            let waiting = take_refused(&mut outcomes);
            outcomes.extend(self.transmit(&waiting, envelope, deadline, false));
        }
        if is_accepted(&outcomes) {
            let mut waiting = take_refused(&mut outcomes);
            waiting.extend(listeners);
            outcomes.extend(self.transmit(&waiting, envelope, deadline, false));
        }
        outcomes
    }

    /// Sends the frame in the buffer to each peer, oneself included.
    pub(super) fn transmit(
        &mut self,
        peers: &[AgentId],
        envelope: &Envelope,
        deadline: Instant,
        request: bool,
    ) -> Vec<(AgentId, Sent)> {
        let mut outcomes = Vec::with_capacity(peers.len());
        let oneself = peers.iter().position(|id| *id == self.id);
        let others = match oneself {
            None => peers.to_vec(),
            Some(_) => peers.iter().copied().filter(|id| *id != self.id).collect(),
        };
        if oneself.is_some() {
            outcomes.push((self.id, self.send_to_self(envelope, request)));
        }
        if let Some(outbox) = &mut self.outbox {
            outcomes.extend(outbox.send(&others, &self.frame, envelope.message_type, deadline));
        }
        outcomes
    }

    fn send_to_self(&mut self, envelope: &Envelope, request: bool) -> Sent {
        let body = Body::from(self.encoded_body(request).to_vec());
        let Some(message) = AnyMessage::received(*envelope, body, None) else {
            return Sent::Dead;
        };
        let (id, bytes) = (self.id, weight(self.frame.len()));
        let delivered = self.ledger.record(id, envelope.message_type, bytes, || {
            self.mailbox.deliver_to_self(message)
        });
        match delivered {
            Ok(()) => Sent::Accepted,
            Err(_) => Sent::Full,
        }
    }

    /// The error for a message that nobody got, with the message in it.
    fn give_back(&self, missed: Missed, envelope: &Envelope) -> SendError {
        let body = Body::from(self.encoded_body(false).to_vec());
        let Some(message) = AnyMessage::received(*envelope, body, None).map(Box::new) else {
            return SendError::Stopped;
        };
        let id = missed.id;
        match missed.reason {
            MissedReason::Full => SendError::Full { id, message },
            MissedReason::Dead => SendError::Dead { id, message },
        }
    }
}

/// The error for a message that is for nobody.
pub(super) fn nobody_to_send_to(
    nobody: Nobody,
    message: &'static str,
    target: &Target<'_>,
) -> SendError {
    match nobody {
        Nobody::NoListener => SendError::NoListener { message },
        Nobody::NoTarget => SendError::NoTarget {
            message,
            target: target.to_string(),
        },
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
