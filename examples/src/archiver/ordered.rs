//! Pieces that come in any order, written in theirs.

use std::collections::BTreeMap;
use std::io::{self, Write};
use thiserror::Error;

/// Why a piece was not written.
#[derive(Debug, Error)]
pub enum OrderError {
    /// The output refused it.
    #[error(transparent)]
    Output(#[from] io::Error),
    /// It came before too many others.
    #[error("piece {sequence} came while {next} was due: more than {limit} would have to wait")]
    TooFarAhead {
        /// Its number.
        sequence: u64,
        /// The number that is due.
        next: u64,
        /// How many may wait.
        limit: usize,
    },
    /// It is there already.
    #[error("piece {sequence} came twice")]
    Repeated {
        /// Its number.
        sequence: u64,
    },
    /// The end came before it.
    #[error("piece {sequence} of {total} never came")]
    Missing {
        /// Its number.
        sequence: u64,
        /// How many there should be.
        total: u64,
    },
}

/// Writes numbered pieces in the order of their numbers, and keeps those that come too early.
#[derive(Debug)]
pub struct OrderedWriter<W> {
    output: W,
    next: u64,
    bytes: u64,
    waiting: BTreeMap<u64, Vec<u8>>,
    limit: usize,
}

impl<W: Write> OrderedWriter<W> {
    /// A writer that lets at most `limit` pieces wait.
    pub fn new(output: W, limit: usize) -> OrderedWriter<W> {
        OrderedWriter {
            output,
            next: 0,
            bytes: 0,
            waiting: BTreeMap::new(),
            limit,
        }
    }

    /// How many pieces are written; also the number of the one that is due.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.next
    }

    /// How many bytes are written.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes a piece, and writes it and those that waited for it if it is due.
    ///
    /// # Errors
    /// When the output fails, or the piece cannot be where it claims to be.
    pub fn accept(&mut self, sequence: u64, piece: &[u8]) -> Result<(), OrderError> {
        if sequence == self.next {
            self.write(piece)?;
            return self.write_those_due();
        }
        if sequence < self.next || self.waiting.contains_key(&sequence) {
            return Err(OrderError::Repeated { sequence });
        }
        if self.waiting.len() >= self.limit {
            return Err(OrderError::TooFarAhead {
                sequence,
                next: self.next,
                limit: self.limit,
            });
        }
        self.waiting.insert(sequence, piece.to_vec());
        Ok(())
    }

    /// The output, when all of `total` pieces are written.
    ///
    /// # Errors
    /// When one is not.
    pub fn finish(self, total: u64) -> Result<W, OrderError> {
        if self.next == total && self.waiting.is_empty() {
            return Ok(self.output);
        }
        Err(OrderError::Missing {
            sequence: self.next,
            total,
        })
    }

    fn write_those_due(&mut self) -> Result<(), OrderError> {
        while let Some(piece) = self.waiting.remove(&self.next) {
            self.write(&piece)?;
        }
        Ok(())
    }

    fn write(&mut self, piece: &[u8]) -> Result<(), OrderError> {
        self.output.write_all(piece)?;
        self.next += 1;
        self.bytes += piece.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    fn accepted(order: &[u64]) -> Result<OrderedWriter<Vec<u8>>, OrderError> {
        let mut writer = OrderedWriter::new(Vec::new(), 2);
        for &sequence in order {
            writer.accept(sequence, format!("<{sequence}>").as_bytes())?;
        }
        Ok(writer)
    }

    #[test]
    fn any_order_within_the_limit_becomes_the_order_of_numbers() {
        for order in [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ] {
            let writer = accepted(&order).unwrap();
            assert_eq!((writer.written(), writer.bytes()), (3, 9));
            assert_eq!(writer.finish(3).unwrap(), b"<0><1><2>");
        }
    }

    #[test]
    fn look_ahead_is_bounded() {
        let error = accepted(&[1, 2, 3]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "piece 3 came while 0 was due: more than 2 would have to wait"
        );
    }

    #[test]
    fn a_piece_comes_once() {
        for order in [&[0, 0][..], &[2, 2], &[1, 0, 1]] {
            let error = accepted(order).unwrap_err();
            assert!(matches!(error, OrderError::Repeated { .. }), "{error}");
        }
    }

    #[test]
    fn an_end_with_a_gap_is_an_error() {
        for (order, total) in [(&[0][..], 2), (&[0, 2], 3), (&[0, 1], 1)] {
            let error = accepted(order).unwrap().finish(total).unwrap_err();
            assert!(matches!(error, OrderError::Missing { .. }), "{error}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_the_systems_own_error() {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let error = OrderedWriter::new(full, 2).accept(0, b"x").unwrap_err();
        let OrderError::Output(error) = error else {
            panic!("{error}")
        };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
