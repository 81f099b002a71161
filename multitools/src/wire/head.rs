//! The head of a frame, as it travels between two agents.

use super::frame::FrameError;
use super::sink::Written;
use crate::id::AgentId;
use std::fmt;
use std::time::Duration;

/// What a message carries besides its fields. Kept as it travels: what is stored in two halves and loaded whole
/// has to wait until all has left the processor that was stored before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Envelope {
    what_and_where: u64,
    /// Who sent it.
    pub(crate) sender: AgentId,
}

impl Envelope {
    /// Of a message of this type, sent at the place that has this number with its sender.
    #[inline]
    pub(crate) fn new(message_type: u32, sender: AgentId, site: u32) -> Envelope {
        Envelope {
            what_and_where: u64::from(message_type) | u64::from(site) << 32,
            sender,
        }
    }

    #[inline]
    fn of_words(what_and_where: u64, sender: u64) -> Envelope {
        Envelope {
            what_and_where,
            sender: AgentId::from_bits(sender),
        }
    }

    /// Dense id of the message's own type.
    #[inline]
    pub(crate) fn message_type(&self) -> u32 {
        self.what_and_where as u32
    }

    /// The sender's number for the place in its source that sent it.
    #[inline]
    pub(crate) fn site(&self) -> u32 {
        (self.what_and_where >> 32) as u32
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Envelope")
            .field("message_type", &self.message_type())
            .field("sender", &self.sender)
            .field("site", &self.site())
            .finish()
    }
}

/// Where the body of a message begins that is no request.
pub(crate) const HEAD: usize = 24;
/// Where the body of a request begins: the most that a frame takes beyond its body.
pub(crate) const LONGEST_HEAD: usize = HEAD + 16;

const MESSAGE: u8 = 1;
const REQUEST: u8 = 2;
const REPLY: u8 = 3;

/// The head of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    kind: u8,
    /// Of a reply, what came of the request; of others, how a link carries the body.
    pub(crate) detail: u8,
    pub(crate) length: u32,
    pub(crate) envelope: Envelope,
    /// Of a request.
    pub(crate) number: u64,
    /// When its time is over, by the clock of all processes.
    micros: u64,
}

impl Head {
    /// Of a message, or of a request with its number and when its time is over.
    #[inline]
    pub(crate) fn message(envelope: Envelope, request: Option<(u64, Duration)>) -> Head {
        let (number, end) = request.unwrap_or_default();
        Head {
            kind: if request.is_some() { REQUEST } else { MESSAGE },
            detail: 0,
            length: 0,
            envelope,
            number,
            micros: u64::try_from(end.as_micros()).unwrap_or(u64::MAX),
        }
    }

    /// Of a message that is no request and has been written. `None` when its length does not fit into 32 bits.
    pub(crate) fn of_written(envelope: Envelope, written: Written) -> Option<Head> {
        Head::message(envelope, None).with_length(written.len() - HEAD)
    }

    /// Of a reply.
    pub(super) fn reply(request: u64, outcome: u8) -> Head {
        Head {
            kind: REPLY,
            detail: outcome,
            length: 0,
            envelope: Envelope::new(0, AgentId::new(0, 0), 0),
            number: request,
            micros: 0,
        }
    }

    /// The same for a body of so many bytes. `None` when that does not fit into 32 bits.
    #[inline]
    pub(crate) fn with_length(self, length: usize) -> Option<Head> {
        let length = u32::try_from(length).ok()?;
        Some(Head { length, ..self })
    }

    /// The same, of a body that is carried otherwise.
    pub(crate) fn with_detail(self, detail: u8) -> Head {
        Head { detail, ..self }
    }

    /// How many bytes it takes.
    #[inline]
    pub(crate) fn size(&self) -> usize {
        match self.kind {
            MESSAGE => HEAD,
            _ => LONGEST_HEAD,
        }
    }

    /// Whether it is of a message or a request.
    pub(crate) fn is_forward(&self) -> bool {
        !self.is_reply()
    }

    pub(super) fn is_reply(&self) -> bool {
        self.kind == REPLY
    }

    /// Of a request, its number and when its time is over.
    pub(crate) fn request(&self) -> Option<(u64, Duration)> {
        (self.kind == REQUEST).then(|| (self.number, Duration::from_micros(self.micros)))
    }

    /// The words of the head of a message.
    #[inline]
    pub(crate) fn words_of(head: &[u8; HEAD]) -> [u64; HEAD / 8] {
        std::array::from_fn(|n| u64_at(head, 8 * n))
    }

    /// Reads the head of a message as most are, which is no request and carried as it is: its envelope, and how
    /// long its body is. `None` for all others, and for what is no head.
    #[inline]
    pub(crate) fn of_plain_message(words: [u64; HEAD / 8]) -> Option<(Envelope, usize)> {
        let [first, second, sender] = words;
        (first >> 32 == u64::from(MESSAGE))
            .then(|| (Envelope::of_words(second, sender), first as u32 as usize))
    }

    /// Writes it to the front of a buffer that has room for it.
    #[inline]
    pub(crate) fn write(&self, buffer: &mut [u8]) {
        let first =
            u64::from(self.length) | u64::from(self.kind) << 32 | u64::from(self.detail) << 40;
        let behind = write_first(buffer, first, &self.envelope);
        if self.kind != MESSAGE
            && let [number, micros, ..] = behind
        {
            *number = self.number.to_le_bytes();
            *micros = self.micros.to_le_bytes();
        }
    }

    /// Reads a head from the front of `bytes`. `None` when it is not complete yet.
    pub(super) fn parse(bytes: &[u8], limit: usize) -> Result<Option<Head>, FrameError> {
        let word = |n: usize| {
            let bytes = bytes.get(8 * n..8 * n + 8)?;
            Some(
                bytes
                    .iter()
                    .rev()
                    .fold(0, |word, byte| word << 8 | u64::from(*byte)),
            )
        };
        Head::of_words(word, limit)
    }

    /// Reads a head from words, of which there may be too few yet: then it is `None`.
    #[inline]
    pub(crate) fn of_words(
        word: impl Fn(usize) -> Option<u64>,
        limit: usize,
    ) -> Result<Option<Head>, FrameError> {
        let (Some(first), Some(second), Some(sender)) = (word(0), word(1), word(2)) else {
            return Ok(None);
        };
        let mut head = Head {
            length: first as u32,
            kind: (first >> 32) as u8,
            detail: (first >> 40) as u8,
            envelope: Envelope::of_words(second, sender),
            number: 0,
            micros: 0,
        };
        if !(MESSAGE..=REPLY).contains(&head.kind) {
            return Err(FrameError::Kind(head.kind));
        }
        let size = head.length as usize;
        if size > limit {
            return Err(FrameError::TooLarge { size, limit });
        }
        if head.kind != MESSAGE {
            let (Some(number), Some(micros)) = (word(3), word(4)) else {
                return Ok(None);
            };
            (head.number, head.micros) = (number, micros);
        }
        Ok(Some(head))
    }
}

/// Writes the head of a message that is no request.
#[inline]
pub(crate) fn write_message_head(buffer: &mut [u8], envelope: &Envelope, length: u32) {
    write_first(
        buffer,
        u64::from(length) | u64::from(MESSAGE) << 32,
        envelope,
    );
}

/// Writes what all heads have, and gives the words behind it. Word by word: what is put together elsewhere and
/// then copied, as the compiler makes of a loop, has to wait until all has left the processor that was written
/// before.
#[inline]
fn write_first<'b>(buffer: &'b mut [u8], first: u64, envelope: &Envelope) -> &'b mut [[u8; 8]] {
    match buffer.as_chunks_mut().0 {
        [word, what_and_where, sender, behind @ ..] => {
            *word = first.to_le_bytes();
            *what_and_where = envelope.what_and_where.to_le_bytes();
            *sender = envelope.sender.to_bits().to_le_bytes();
            behind
        }
        _ => &mut [],
    }
}

pub(super) fn u64_at<const N: usize>(bytes: &[u8; N], at: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(number)
}
