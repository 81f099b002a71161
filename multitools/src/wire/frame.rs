//! The layout of what travels between two agents. Pure: no I/O, and no byte of a peer is trusted.
//!
//! A link begins with a greeting in its forward direction:
//!
//! | bytes | field |
//! | --- | --- |
//! | 8 | `MTOOLS`, a nought, and the version of this layout |
//! | 16 | the token of the run |
//! | 8 | the sender's id |
//!
//! Frames follow, all numbers little-endian:
//!
//! | bytes | field |
//! | --- | --- |
//! | 4 | length of the body in bytes |
//! | 1 | kind: 1 message, 2 request, 3 reply |
//! | 1 | of a reply: 0 answered, 1 unhandled, 2 failed (the body is the reason) |
//! | 2 | nought |
//! | 4 | dense id of the message's own type |
//! | 4 | the sender's number for the place it was sent from |
//! | 8 | the sender's id |
//! | 16 | of a request: its number, and when its time is over, in microseconds of the clock that all processes of a machine share; of a reply: the number, nought |
//!
//! Messages and requests travel forward, replies backward.

use super::head::{Head, LONGEST_HEAD, u64_at};
use crate::id::AgentId;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thiserror::Error;

pub use super::head::Envelope;

/// The part of a received request that asks for an answer.
#[derive(Clone)]
pub struct Call {
    pub(crate) request: u64,
    pub(crate) deadline: Instant,
    pub(crate) reply_path: Arc<dyn ReplyPath>,
}

/// The way back to whoever asked.
pub(crate) trait ReplyPath: Send + Sync {
    /// Sends the answer to a request; a peer that has gone needs none. Whether there is room for it.
    fn reply(&self, request: u64, answer: &Answer<&[u8]>) -> bool;
    /// Whether every reply has left this process, or the peer has gone.
    fn is_flushed(&self) -> bool;
}

/// What a reply says: one that has come, or one that is sent, whose bytes are borrowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer<V = Vec<u8>> {
    /// The encoded answer.
    Value(V),
    /// No handler answers such a request.
    Unhandled,
    /// The handler returned this error.
    Failed(String),
}

/// A complete frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A message, with the number and the time to live of a request.
    Message {
        envelope: Envelope,
        request: Option<(u64, Duration)>,
        body: Vec<u8>,
    },
    /// The answer to a request.
    Reply { request: u64, answer: Answer },
}

/// Bytes that are no frame: the link they came over is of no more use.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum FrameError {
    #[error("a frame of unknown kind {0}")]
    Kind(u8),
    #[error("a reply with the unknown outcome {0}")]
    Outcome(u8),
    #[error("a frame of {size} bytes, where {limit} is the limit")]
    TooLarge { size: usize, limit: usize },
    #[error("a connection that does not begin with the greeting of this run")]
    Greeting,
}

/// A whole reply frame.
pub(crate) fn reply(request: u64, answer: &Answer<&[u8]>) -> Vec<u8> {
    let (outcome, body) = answer.parts();
    let Some(head) = Head::reply(request, outcome).with_length(body.len()) else {
        return reply(request, &Answer::Failed("the answer is too large".into()));
    };
    let mut frame = vec![0; head.size()];
    head.write(&mut frame);
    frame.extend_from_slice(body);
    frame
}

impl Answer<&[u8]> {
    /// As it travels: what came of the request, and the bytes that say it.
    pub(crate) fn parts(&self) -> (u8, &[u8]) {
        match self {
            Answer::Value(value) => (0, value),
            Answer::Unhandled => (1, &[]),
            Answer::Failed(reason) => (2, reason.as_bytes()),
        }
    }
}

impl Answer {
    /// To be sent.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn borrowed(&self) -> Answer<&[u8]> {
        match self {
            Answer::Value(value) => Answer::Value(value),
            Answer::Unhandled => Answer::Unhandled,
            Answer::Failed(reason) => Answer::Failed(reason.clone()),
        }
    }

    /// An answer that has travelled.
    pub(crate) fn of_parts(outcome: u8, body: Vec<u8>) -> Result<Answer, FrameError> {
        match outcome {
            0 => Ok(Answer::Value(body)),
            1 => Ok(Answer::Unhandled),
            2 => Ok(Answer::Failed(String::from_utf8_lossy(&body).into_owned())),
            other => Err(FrameError::Outcome(other)),
        }
    }
}

impl Frame {
    fn new(head: Head, body: Vec<u8>) -> Result<Frame, FrameError> {
        if head.is_reply() {
            return Ok(Frame::Reply {
                request: head.number,
                answer: Answer::of_parts(head.detail, body)?,
            });
        }
        Ok(Frame::Message {
            request: head.request(),
            envelope: head.envelope,
            body,
        })
    }
}

/// Cuts a stream of bytes into frames. Nothing is allocated for a body before its size is checked,
/// and no more than what has come.
pub(crate) struct FrameReader {
    limit: usize,
    head: Option<Head>,
    bytes: Vec<u8>,
}

impl FrameReader {
    /// A reader that refuses bodies of more than `limit` bytes.
    pub(crate) fn new(limit: usize) -> FrameReader {
        FrameReader {
            limit,
            head: None,
            bytes: Vec::new(),
        }
    }

    /// Takes bytes in and hands out the frames they complete.
    pub(crate) fn push(
        &mut self,
        mut input: &[u8],
        mut frame: impl FnMut(Frame) -> Result<(), FrameError>,
    ) -> Result<(), FrameError> {
        loop {
            input = match self.head.take() {
                None => {
                    let Some(rest) = self.read_head(input)? else {
                        return Ok(());
                    };
                    rest
                }
                Some(head) => {
                    let missing = head.length as usize - self.bytes.len();
                    let (now, rest) = input.split_at(missing.min(input.len()));
                    self.bytes.extend_from_slice(now);
                    if now.len() < missing {
                        self.head = Some(head);
                        return Ok(());
                    }
                    frame(Frame::new(head, std::mem::take(&mut self.bytes))?)?;
                    rest
                }
            };
        }
    }

    /// Completes a header. `None` when there is not enough of it yet.
    fn read_head<'a>(&mut self, input: &'a [u8]) -> Result<Option<&'a [u8]>, FrameError> {
        let before = self.bytes.len();
        let wanted = LONGEST_HEAD.saturating_sub(before);
        self.bytes
            .extend_from_slice(&input[..wanted.min(input.len())]);
        let Some(head) = Head::parse(&self.bytes, self.limit)? else {
            return Ok(None);
        };
        let length = head.size();
        self.bytes.clear();
        self.head = Some(head);
        Ok(Some(&input[length - before..]))
    }
}

/// What every link of a run begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Greeting {
    pub(crate) token: [u8; 16],
    pub(crate) sender: AgentId,
}

impl Greeting {
    const MAGIC: [u8; 8] = *b"MTOOLS\0\x01";
    /// Its length in bytes.
    pub(crate) const LENGTH: usize = 32;

    pub(crate) fn to_bytes(self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[..8].copy_from_slice(&Self::MAGIC);
        bytes[8..24].copy_from_slice(&self.token);
        bytes[24..].copy_from_slice(&self.sender.to_bits().to_le_bytes());
        bytes
    }

    /// Reads a greeting and checks that it is of this run.
    pub(crate) fn check(
        bytes: &[u8; Self::LENGTH],
        token: &[u8; 16],
    ) -> Result<AgentId, FrameError> {
        let differences = bytes[8..24]
            .iter()
            .zip(token)
            .fold(0, |all, (here, there)| all | (here ^ there));
        if bytes[..8] != Self::MAGIC || differences != 0 {
            return Err(FrameError::Greeting);
        }
        Ok(AgentId::from_bits(u64_at(bytes, 24)))
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
