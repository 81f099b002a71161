//! The encoded fields of a received message, wherever they are.

use std::fmt;

/// The encoded fields of a message.
pub struct Body(Place);

enum Place {
    Own(Vec<u8>),
    Lent(Box<dyn Loan>),
}

/// Bytes that belong to somebody else and do not change while they are lent.
pub(crate) trait Loan: Send + Sync {
    /// The bytes.
    fn bytes(&self) -> &[u8];
}

impl Body {
    /// Bytes that are given back when the body is dropped.
    pub(crate) fn lent(loan: Box<dyn Loan>) -> Body {
        Body(Place::Lent(loan))
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        match &self.0 {
            Place::Own(bytes) => bytes,
            Place::Lent(loan) => loan.bytes(),
        }
    }

    /// Whether the bytes belong to somebody else.
    pub(crate) fn is_lent(&self) -> bool {
        matches!(self.0, Place::Lent(_))
    }

    /// Has another body written to the buffer, which is empty; what was lent is given back.
    #[inline]
    pub(crate) fn refill(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        match &mut self.0 {
            Place::Own(bytes) => {
                bytes.clear();
                write(bytes);
            }
            Place::Lent(_) => {
                let mut bytes = Vec::new();
                write(&mut bytes);
                self.0 = Place::Own(bytes);
            }
        }
    }

    /// Gives back what is lent.
    #[inline]
    pub(crate) fn give_back(&mut self) {
        if let Place::Lent(_) = self.0 {
            self.0 = Place::Own(Vec::new());
        }
    }
}

impl Default for Body {
    fn default() -> Body {
        Body(Place::Own(Vec::new()))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Body {
        Body(Place::Own(bytes))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}
