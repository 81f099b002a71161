//! A byte stream cut into blocks of one size.

use super::note::Note;
use std::io::{self, ErrorKind, Read};

/// The size of a block unless the job says another; the last one of a stream is shorter.
///
/// Large enough that compressing blocks one by one hardly shows in the size of the archive, small enough
/// that a few for each compressor are little memory.
pub const BLOCK_SIZE: usize = 1 << 20;

/// Where the blocks of a packed tree go.
pub trait Sink {
    /// Why it may refuse one.
    type Error;

    /// Takes the next block. Sequence numbers count from 0.
    ///
    /// # Errors
    /// Ends the packing.
    fn block(&mut self, sequence: u64, data: &[u8]) -> Result<(), Self::Error>;

    /// Takes a note about a single file.
    ///
    /// # Errors
    /// Ends the packing.
    fn note(&mut self, note: Note) -> Result<(), Self::Error>;
}

impl<S: Sink> Sink for &mut S {
    type Error = S::Error;

    fn block(&mut self, sequence: u64, data: &[u8]) -> Result<(), S::Error> {
        S::block(self, sequence, data)
    }

    fn note(&mut self, note: Note) -> Result<(), S::Error> {
        S::note(self, note)
    }
}

/// Collects bytes and hands them on as blocks.
#[derive(Debug)]
pub struct BlockCutter<S> {
    sink: S,
    block: Vec<u8>,
    filled: usize,
    sequence: u64,
}

/// How reading a file into the stream went.
#[derive(Debug)]
pub struct Copied {
    /// How many bytes of the wanted ones are not there.
    pub missing: u64,
    /// Why, unless the file just ended.
    pub error: Option<io::Error>,
}

/// The size of a whole stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamSize {
    /// In blocks.
    pub blocks: u64,
    /// In bytes.
    pub bytes: u64,
}

impl<S: Sink> BlockCutter<S> {
    /// A cutter into blocks of so many bytes, of which there is one at least.
    pub fn new(sink: S, size: usize) -> BlockCutter<S> {
        BlockCutter {
            sink,
            block: vec![0; size.max(1)],
            filled: 0,
            sequence: 0,
        }
    }

    /// How many bytes the stream has so far.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.sequence * self.block.len() as u64 + self.filled as u64
    }

    /// Where notes go, too.
    pub fn sink(&mut self) -> &mut S {
        &mut self.sink
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), S::Error> {
        while !bytes.is_empty() {
            let spare = self.spare();
            let count = spare.len().min(bytes.len());
            let (now, later) = bytes.split_at(count);
            spare[..count].copy_from_slice(now);
            bytes = later;
            self.advance(count)?;
        }
        Ok(())
    }

    /// Appends that many zeros.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn write_zeros(&mut self, mut count: u64) -> Result<(), S::Error> {
        while count > 0 {
            let zeros = at_most(self.spare(), count);
            zeros.fill(0);
            let written = zeros.len();
            count -= written as u64;
            self.advance(written)?;
        }
        Ok(())
    }

    /// Appends exactly `size` bytes: those of `reader`, then zeros for what it does not give.
    ///
    /// # Errors
    /// Those of the sink. A failing reader is no error but told in the result: the size is promised.
    pub fn copy(&mut self, reader: &mut impl Read, size: u64) -> Result<Copied, S::Error> {
        let mut missing = size;
        let mut error = None;
        while missing > 0 {
            match reader.read(at_most(self.spare(), missing)) {
                Ok(0) => break,
                Ok(count) => {
                    missing -= count as u64;
                    self.advance(count)?;
                }
                Err(interrupted) if interrupted.kind() == ErrorKind::Interrupted => {}
                Err(failure) => {
                    error = Some(failure);
                    break;
                }
            }
        }
        self.write_zeros(missing)?;
        Ok(Copied { missing, error })
    }

    /// Hands on the last block.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn finish(mut self) -> Result<StreamSize, S::Error> {
        let bytes = self.len();
        if self.filled > 0 {
            self.hand_on()?;
        }
        Ok(StreamSize {
            blocks: self.sequence,
            bytes,
        })
    }

    /// The unfilled part of the block, never empty.
    fn spare(&mut self) -> &mut [u8] {
        &mut self.block[self.filled..]
    }

    fn advance(&mut self, count: usize) -> Result<(), S::Error> {
        self.filled += count;
        if self.filled == self.block.len() {
            self.hand_on()?;
        }
        Ok(())
    }

    fn hand_on(&mut self) -> Result<(), S::Error> {
        self.sink.block(self.sequence, &self.block[..self.filled])?;
        self.sequence += 1;
        self.filled = 0;
        Ok(())
    }
}

fn at_most(buffer: &mut [u8], count: u64) -> &mut [u8] {
    let count = usize::try_from(count).map_or(buffer.len(), |count| count.min(buffer.len()));
    &mut buffer[..count]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[derive(Default)]
    struct Collected(Vec<Vec<u8>>);

    impl Sink for Collected {
        type Error = Infallible;
        fn block(&mut self, sequence: u64, data: &[u8]) -> Result<(), Infallible> {
            assert_eq!(sequence, self.0.len() as u64);
            self.0.push(data.to_vec());
            Ok(())
        }
        fn note(&mut self, _: Note) -> Result<(), Infallible> {
            Ok(())
        }
    }

    struct Failing<'a>(&'a [u8]);

    impl Read for Failing<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::Error::other("bad sector")),
                count => Ok(count),
            }
        }
    }

    #[test]
    fn blocks_are_full_but_the_last() {
        let mut collected = Collected::default();
        let mut cutter = BlockCutter::new(&mut collected, BLOCK_SIZE);
        let bytes: Vec<u8> = (0..BLOCK_SIZE * 2 + 5).map(|at| (at % 251) as u8).collect();
        for part in bytes.chunks(700_001) {
            cutter.write(part).unwrap();
        }
        let size = cutter.finish().unwrap();
        assert_eq!((size.blocks, size.bytes), (3, bytes.len() as u64));
        let lengths: Vec<usize> = collected.0.iter().map(Vec::len).collect();
        assert_eq!(lengths, [BLOCK_SIZE, BLOCK_SIZE, 5]);
        assert_eq!(collected.0.concat(), bytes);
    }

    #[test]
    fn a_stream_that_ends_with_a_block_has_no_empty_one() {
        let mut collected = Collected::default();
        let mut cutter = BlockCutter::new(&mut collected, BLOCK_SIZE);
        cutter.write_zeros(BLOCK_SIZE as u64).unwrap();
        assert_eq!(cutter.finish().unwrap().blocks, 1);
        assert_eq!(collected.0.len(), 1);
    }

    #[test]
    fn a_copy_has_the_promised_size_whatever_the_reader_gives() {
        let mut collected = Collected::default();
        let mut cutter = BlockCutter::new(&mut collected, BLOCK_SIZE);
        let longer = cutter.copy(&mut &b"abcdef"[..], 4).unwrap();
        assert!(longer.missing == 0 && longer.error.is_none());
        let shorter = cutter.copy(&mut &b"gh"[..], 4).unwrap();
        assert!(shorter.missing == 2 && shorter.error.is_none());
        let torn = cutter.copy(&mut Failing(b"i"), 3).unwrap();
        assert!(torn.missing == 2 && torn.error.is_some());
        cutter.finish().unwrap();
        assert_eq!(collected.0.concat(), b"abcdgh\0\0i\0\0");
    }
}
