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
//! | 16 | of a request: its number, and the microseconds it may take; of a reply: the number, nought |
//!
//! Messages and requests travel forward, replies backward.

use crate::id::AgentId;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thiserror::Error;

/// What a message carries besides its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Dense id of the message's own type.
    pub(crate) message_type: u32,
    /// Who sent it.
    pub(crate) sender: AgentId,
    /// The sender's number for the place in its source that sent it.
    pub(crate) site: u32,
}

/// The part of a received request that asks for an answer.
#[derive(Clone)]
pub struct Call {
    pub(crate) request: u64,
    pub(crate) deadline: Instant,
    pub(crate) reply_path: Arc<dyn ReplyPath>,
}

/// The way back to whoever asked.
pub(crate) trait ReplyPath: Send + Sync {
    /// Sends an encoded reply frame; a peer that has gone needs none.
    fn reply(&self, frame: &[u8]);
    /// Whether every reply has left this process, or the peer has gone.
    fn is_flushed(&self) -> bool;
}

/// What a reply says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The encoded answer.
    Value(Vec<u8>),
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

const BASE: usize = 24;
const EXTENSION: usize = 16;
const MESSAGE: u8 = 1;
const REQUEST: u8 = 2;
const REPLY: u8 = 3;

/// Where the body of a message begins that is no request.
pub(crate) const MESSAGE_HEAD: usize = BASE;

/// Where the body of a request begins: the most that a frame takes beyond its body.
pub(crate) const OVERHEAD: usize = BASE + EXTENSION;

/// Begins a frame in an empty buffer; the body is to be appended, then [`finish`] called.
pub(crate) fn begin(buffer: &mut Vec<u8>, envelope: &Envelope, request: Option<(u64, Duration)>) {
    let kind = if request.is_some() { REQUEST } else { MESSAGE };
    header(buffer, kind, 0, envelope);
    if let Some((number, budget)) = request {
        let micros = u64::try_from(budget.as_micros()).unwrap_or(u64::MAX);
        extension(buffer, number, micros);
    }
}

/// Writes the length of the body into a frame. `None` when it does not fit into 32 bits.
pub(crate) fn finish(buffer: &mut [u8]) -> Option<()> {
    let head = match buffer.get(4)? {
        &MESSAGE => BASE,
        _ => BASE + EXTENSION,
    };
    let length = u32::try_from(buffer.len().checked_sub(head)?).ok()?;
    buffer[..4].copy_from_slice(&length.to_le_bytes());
    Some(())
}

/// A whole reply frame.
pub(crate) fn reply(request: u64, answer: &Answer) -> Vec<u8> {
    let (outcome, body): (u8, &[u8]) = match answer {
        Answer::Value(value) => (0, value),
        Answer::Unhandled => (1, &[]),
        Answer::Failed(reason) => (2, reason.as_bytes()),
    };
    let mut buffer = Vec::with_capacity(OVERHEAD + body.len());
    let nobody = Envelope {
        message_type: 0,
        sender: AgentId::new(0, 0),
        site: 0,
    };
    header(&mut buffer, REPLY, outcome, &nobody);
    extension(&mut buffer, request, 0);
    buffer.extend_from_slice(body);
    if finish(&mut buffer).is_none() {
        return reply(request, &Answer::Failed("the answer is too large".into()));
    }
    buffer
}

fn header(buffer: &mut Vec<u8>, kind: u8, outcome: u8, envelope: &Envelope) {
    buffer.extend_from_slice(&[0, 0, 0, 0, kind, outcome, 0, 0]);
    buffer.extend_from_slice(&envelope.message_type.to_le_bytes());
    buffer.extend_from_slice(&envelope.site.to_le_bytes());
    buffer.extend_from_slice(&envelope.sender.to_bits().to_le_bytes());
}

fn extension(buffer: &mut Vec<u8>, number: u64, micros: u64) {
    buffer.extend_from_slice(&number.to_le_bytes());
    buffer.extend_from_slice(&micros.to_le_bytes());
}

/// The header of a frame whose body is still coming.
struct Head {
    kind: u8,
    outcome: u8,
    length: usize,
    envelope: Envelope,
    number: u64,
    micros: u64,
}

impl Head {
    /// Reads a header from the front of `bytes`, and says how long it is. `None` when it is not
    /// complete yet.
    fn parse(bytes: &[u8], limit: usize) -> Result<Option<(Head, usize)>, FrameError> {
        let Some((base, rest)) = bytes.split_first_chunk::<BASE>() else {
            return Ok(None);
        };
        let kind = base[4];
        let length = u32_at(base, 0) as usize;
        if !(MESSAGE..=REPLY).contains(&kind) {
            return Err(FrameError::Kind(kind));
        }
        if length > limit {
            let size = length;
            return Err(FrameError::TooLarge { size, limit });
        }
        let mut head = Head {
            kind,
            outcome: base[5],
            length,
            envelope: Envelope {
                message_type: u32_at(base, 8),
                site: u32_at(base, 12),
                sender: AgentId::from_bits(u64_at(base, 16)),
            },
            number: 0,
            micros: 0,
        };
        if kind == MESSAGE {
            return Ok(Some((head, BASE)));
        }
        let Some(extension) = rest.first_chunk::<EXTENSION>() else {
            return Ok(None);
        };
        head.number = u64_at(extension, 0);
        head.micros = u64_at(extension, 8);
        Ok(Some((head, BASE + EXTENSION)))
    }

    fn with_body(self, body: Vec<u8>) -> Result<Frame, FrameError> {
        if self.kind != REPLY {
            let budget = Duration::from_micros(self.micros);
            return Ok(Frame::Message {
                envelope: self.envelope,
                request: (self.kind == REQUEST).then_some((self.number, budget)),
                body,
            });
        }
        let answer = match self.outcome {
            0 => Answer::Value(body),
            1 => Answer::Unhandled,
            2 => Answer::Failed(String::from_utf8_lossy(&body).into_owned()),
            other => return Err(FrameError::Outcome(other)),
        };
        Ok(Frame::Reply {
            request: self.number,
            answer,
        })
    }
}

fn u32_at<const N: usize>(bytes: &[u8; N], at: usize) -> u32 {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(number)
}

fn u64_at<const N: usize>(bytes: &[u8; N], at: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(number)
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
                    let missing = head.length - self.bytes.len();
                    let (now, rest) = input.split_at(missing.min(input.len()));
                    self.bytes.extend_from_slice(now);
                    if now.len() < missing {
                        self.head = Some(head);
                        return Ok(());
                    }
                    frame(head.with_body(std::mem::take(&mut self.bytes))?)?;
                    rest
                }
            };
        }
    }

    /// Completes a header. `None` when there is not enough of it yet.
    fn read_head<'a>(&mut self, input: &'a [u8]) -> Result<Option<&'a [u8]>, FrameError> {
        let before = self.bytes.len();
        let wanted = (BASE + EXTENSION).saturating_sub(before);
        self.bytes
            .extend_from_slice(&input[..wanted.min(input.len())]);
        let Some((head, length)) = Head::parse(&self.bytes, self.limit)? else {
            return Ok(None);
        };
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
