//! Sending messages.

use super::Context;
use super::outbox::Sent;
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

impl Context {
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
    pub fn send<'t, M: Message>(
        &mut self,
        target: impl Into<Target<'t>>,
        message: &M,
    ) -> Result<Delivery, SendError> {
        let timeout = self.settings.send_timeout;
        self.send_within(&target.into(), message, timeout, Location::caller())
    }

    /// [`send`](Self::send) that never blocks: a full mailbox is [`SendError::Full`] at once.
    ///
    /// # Errors
    /// Those of [`send`](Self::send).
    #[track_caller]
    pub fn try_send<'t, M: Message>(
        &mut self,
        target: impl Into<Target<'t>>,
        message: &M,
    ) -> Result<Delivery, SendError> {
        self.send_within(&target.into(), message, Duration::ZERO, Location::caller())
    }

    pub(super) fn send_within<M: Message>(
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
            .map_err(|nobody| match nobody {
                Nobody::NoListener => SendError::NoListener { message: leaf.name },
                Nobody::NoTarget => SendError::NoTarget {
                    message: leaf.name,
                    target: target.to_string(),
                },
            })?;
        let envelope = self.envelope(message, place);
        self.encode(message, &envelope, None)?;
        if let Target::Supervisor = target {
            self.tell_supervisor(&ToSupervisor::Object {
                message_type: envelope.message_type,
                site: envelope.site,
                body: self.encoded_body(false).to_vec(),
            });
        }
        let deadline = Instant::now() + timeout;
        let mut delivery = self.deliver(&audience, &envelope, deadline)?;
        if let Target::Supervisor = target {
            delivery.reached = 1;
        }
        Ok(delivery)
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
        let deadline = Instant::now() + self.settings.send_timeout;
        self.deliver(&audience, &envelope, deadline)
    }

    pub(super) fn envelope<M: Message>(
        &mut self,
        message: &M,
        place: &'static Location<'static>,
    ) -> Envelope {
        Envelope {
            message_type: message.leaf().id.get().unwrap_or(u32::MAX),
            sender: self.id,
            site: self.sites.number(place, &self.supervisor),
        }
    }

    /// Encodes a message into the frame buffer.
    pub(super) fn encode<M: Message>(
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

    /// Brings the frame in the buffer to its audience.
    fn deliver(
        &mut self,
        audience: &Audience,
        envelope: &Envelope,
        deadline: Instant,
    ) -> Result<Delivery, SendError> {
        let mut delivery = Delivery::default();
        let mut stopped = false;
        let everybody: Vec<AgentId> = [&audience.addressees[..], &audience.listeners].concat();
        for (id, sent) in self.transmit(&everybody, envelope, deadline, false) {
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
        let for_somebody = !audience.addressees.is_empty() || !audience.dead.is_empty();
        match delivery.missed.first() {
            Some(_) if stopped => Err(SendError::Stopped),
            Some(missed) if for_somebody && delivery.reached == 0 => {
                Err(self.give_back(*missed, envelope))
            }
            _ => Ok(delivery),
        }
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
        let (id, bytes) = (self.id, self.frame.len());
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
