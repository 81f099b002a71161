//! The encoded fields of a received message, wherever they are.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The encoded fields of a message.
pub struct Body(Place);

enum Place {
    Own(Own),
    Lent(Lent),
}

/// Bytes of its own. Behind the body there may be frames that were copied in the same burst and come next.
#[derive(Default)]
struct Own {
    bytes: Vec<u8>,
    body: Range<usize>,
    /// Where the frames that come next begin.
    next: usize,
    /// The number of the burst; nought where there is nothing behind the body.
    burst: u64,
}

impl From<Vec<u8>> for Own {
    fn from(bytes: Vec<u8>) -> Own {
        let len = bytes.len();
        Own {
            bytes,
            body: 0..len,
            next: len,
            burst: 0,
        }
    }
}

/// Bytes that belong to somebody else and do not change while they are lent.
pub(crate) trait Loan: Send + Sync {
    /// The bytes.
    fn bytes(&self) -> &[u8];
    /// They are not needed any more by one that was lent them.
    fn give_back(&self);
}

struct Lent(Arc<dyn Loan>);

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.give_back();
    }
}

impl Body {
    /// Bytes that are given back when the body is dropped.
    pub(crate) fn lent(loan: Arc<dyn Loan>) -> Body {
        Body(Place::Lent(Lent(loan)))
    }

    /// The bytes.
    #[must_use]
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        match &self.0 {
            Place::Own(own) => &own.bytes[own.body.clone()],
            Place::Lent(Lent(loan)) => loan.bytes(),
        }
    }

    /// Whether the bytes belong to somebody else.
    pub(crate) fn is_lent(&self) -> bool {
        matches!(self.0, Place::Lent(_))
    }

    /// Has another body written to the buffer, which is empty; what was lent is given back.
    #[inline]
    pub(crate) fn refill(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = match &mut self.0 {
            Place::Own(own) => std::mem::take(own).bytes,
            Place::Lent(_) => Vec::new(),
        };
        bytes.clear();
        write(&mut bytes);
        self.0 = Place::Own(bytes.into());
    }

    /// The same for frames, of which none is taken yet. Gives a number that no other burst has, and that is not
    /// nought.
    pub(crate) fn refill_ahead(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> u64 {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let burst = 1 + LAST.fetch_add(1, Ordering::Relaxed);
        self.refill(write);
        if let Place::Own(own) = &mut self.0 {
            (own.body, own.next, own.burst) = (0..0, 0, burst);
        }
        burst
    }

    /// The frames of a burst that have not been taken.
    #[inline]
    pub(crate) fn ahead(&self, burst: u64) -> &[u8] {
        match &self.0 {
            Place::Own(own) if own.burst == burst => own.bytes.get(own.next..).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Takes the next of those frames, of so many bytes: its body begins behind the head.
    #[inline]
    pub(crate) fn take_ahead(&mut self, head: usize, len: usize, frame: usize) {
        if let Place::Own(own) = &mut self.0 {
            let begin = own.next + head;
            own.body = begin..begin + len;
            own.next += frame;
        }
    }

    /// Takes the body out, with its memory if it fills most of that. Otherwise what was copied along with it is left.
    pub(crate) fn take(&mut self) -> Body {
        match &self.0 {
            Place::Own(own) if own.body.len() < own.bytes.capacity() / 2 => {
                Body::from(self.as_slice().to_vec())
            }
            _ => std::mem::take(self),
        }
    }

    /// How much memory it takes.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        match &self.0 {
            Place::Own(own) => own.bytes.capacity(),
            Place::Lent(Lent(loan)) => loan.bytes().len(),
        }
    }

    /// Gives back what is lent.
    #[inline]
    pub(crate) fn give_back(&mut self) {
        if let Place::Lent(_) = self.0 {
            *self = Body::default();
        }
    }
}

impl Default for Body {
    fn default() -> Body {
        Body(Place::Own(Own::default()))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Body {
        Body(Place::Own(bytes.into()))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}
