//! Control traffic on its socket: each word is its length in four bytes and MessagePack.
//!
//! Agents are not trusted with the memory of their supervisor: what they say has a bound, which both sides
//! know, and nothing is kept of a word that says it is longer.

use crate::error::EncodeError;
use crate::wire::codec;
use rustix::buffer::spare_capacity;
use rustix::io::Errno;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::{self, Write};
use std::marker::PhantomData;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, PoisonError};

const LENGTH: usize = 4;

/// How much is read at once.
pub(crate) const CHUNK: usize = 16 << 10;

/// How long a word of an agent may be where its messages may not be longer.
const LONGEST_WORD: usize = 64 << 20;

/// What there is to a word besides a message, result or text.
pub(crate) const WORD_OVERHEAD: usize = 64 << 10;

/// How long a word of an agent may be, in bytes, whose messages may have so many.
pub(crate) fn longest_word(message_limit: usize) -> usize {
    let longest = message_limit.saturating_add(WORD_OVERHEAD);
    longest.max(LONGEST_WORD).min(u32::MAX as usize)
}

/// How long the arguments or the result of an agent may be, in bytes, whose messages may have so many.
pub(crate) fn longest_value(message_limit: usize) -> usize {
    longest_word(message_limit) - WORD_OVERHEAD
}

/// Whether somebody can do something about a value that is too long.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// The supervisor, by another limit.
    MessageLimit,
    Nothing,
}

/// What is wrong with a value of so many bytes, where it may have `most`.
pub(crate) fn excess(bytes: usize, most: usize, remedy: Remedy) -> Option<String> {
    let remedy = match remedy {
        Remedy::MessageLimit => ": `message_limit` raises it",
        Remedy::Nothing => "",
    };
    (bytes > most).then(|| format!("has {bytes} bytes, where {most} is the limit{remedy}"))
}

/// Refuses the arguments of an agent where they would make its first word too long.
pub(crate) fn check_arguments(
    type_name: &'static str,
    arguments: &[u8],
    most: usize,
    remedy: Remedy,
) -> Result<(), EncodeError> {
    excess(arguments.len(), most, remedy).map_or(Ok(()), |excess| {
        let reason = format!("it {excess}");
        Err(EncodeError { type_name, reason })
    })
}

/// A value that has been encoded before: it goes into a word as one block, not byte by byte.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Encoded(#[serde(with = "crate::wire::bytes")] pub(crate) Vec<u8>);

/// One word, ready to be written.
pub(crate) fn encode<T: Serialize>(word: &T) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; LENGTH];
    codec::append_to(word, &mut bytes).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len() - LENGTH).map_err(io::Error::other)?;
    bytes[..LENGTH].copy_from_slice(&length.to_le_bytes());
    Ok(bytes)
}

/// Cuts what comes over a control socket into words.
pub(crate) struct ControlReader<T> {
    bytes: Vec<u8>,
    taken: usize,
    longest: usize,
    word: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> ControlReader<T> {
    /// A reader that refuses words of more than `longest` bytes.
    pub(crate) fn new(longest: usize) -> Self {
        ControlReader {
            bytes: Vec::new(),
            taken: 0,
            longest,
            word: PhantomData,
        }
    }

    /// Reads once. `Ok(0)` is the end.
    pub(crate) fn fill(&mut self, socket: &UnixStream) -> io::Result<usize> {
        self.forget_taken();
        self.bytes.reserve(CHUNK);
        loop {
            match rustix::io::read(socket, spare_capacity(&mut self.bytes)) {
                Err(Errno::INTR) => {}
                Err(Errno::CONNRESET) => return Ok(0),
                read => return Ok(read?),
            }
        }
    }

    /// Takes bytes in.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.forget_taken();
        self.bytes.extend_from_slice(bytes);
    }

    fn forget_taken(&mut self) {
        self.bytes.drain(..self.taken);
        self.taken = 0;
    }

    /// The next word that is complete.
    pub(crate) fn next(&mut self) -> io::Result<Option<T>> {
        let rest = &self.bytes[self.taken..];
        let Some((length, rest)) = rest.split_first_chunk::<LENGTH>() else {
            return Ok(None);
        };
        let length = u32::from_le_bytes(*length) as usize;
        if length > self.longest {
            let longest = self.longest;
            return Err(io::Error::other(format!(
                "a word of {length} bytes, where {longest} is the limit"
            )));
        }
        let Some(word) = rest.get(..length) else {
            return Ok(None);
        };
        let word = codec::decode(word).map_err(io::Error::other)?;
        self.taken += LENGTH + length;
        Ok(Some(word))
    }

    /// Waits for the next word on a blocking socket. `None` at the end.
    pub(crate) fn wait(&mut self, socket: &UnixStream) -> io::Result<Option<T>> {
        loop {
            if let Some(word) = self.next()? {
                return Ok(Some(word));
            }
            if self.fill(socket)? == 0 {
                return Ok(None);
            }
        }
    }
}

/// The writing side of a blocking control socket, shared by the threads of an agent. The supervisor
/// always reads, so writing waits no longer than it is busy.
pub(crate) struct ControlWriter {
    socket: Mutex<UnixStream>,
    longest: usize,
}

impl ControlWriter {
    /// A writer of words that may have `longest` bytes.
    pub(crate) fn new(socket: UnixStream, longest: usize) -> Self {
        ControlWriter {
            socket: Mutex::new(socket),
            longest,
        }
    }

    /// How long a result or a text may be.
    pub(crate) fn room(&self) -> usize {
        self.longest - WORD_OVERHEAD
    }

    /// Writes a word. An error means that the supervisor has gone, which the reading side sees too, or that
    /// the word is too long, which whoever puts much into one has to see to.
    pub(crate) fn write<T: Serialize>(&self, word: &T) -> io::Result<()> {
        let bytes = encode(word)?;
        if bytes.len() - LENGTH > self.longest {
            tracing::error!(length = bytes.len(), "a word to the supervisor is too long");
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
        socket.write_all(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Outcome, ToAgent};
    use std::io::Read;

    #[test]
    fn words_survive_any_fragmentation() {
        let (here, there) = UnixStream::pair().unwrap();
        let words: Vec<String> = (0..50).map(|n| "word ".repeat(n)).collect();
        let bytes: Vec<u8> = words
            .iter()
            .flat_map(|word| encode(word).unwrap())
            .collect();
        let writer = std::thread::spawn(move || {
            for piece in bytes.chunks(7) {
                (&here).write_all(piece).unwrap();
            }
        });
        let mut reader = ControlReader::<String>::new(1000);
        for word in words {
            assert_eq!(reader.wait(&there).unwrap(), Some(word));
        }
        writer.join().unwrap();
        assert_eq!(reader.wait(&there).unwrap(), None);
    }

    #[test]
    fn a_word_that_says_it_is_too_long_is_refused_before_it_comes() {
        let (here, there) = UnixStream::pair().unwrap();
        let mut reader = ControlReader::<String>::new(1000);
        (&here).write_all(&1001_u32.to_le_bytes()).unwrap();
        let error = reader.wait(&there).unwrap_err().to_string();
        assert_eq!(error, "a word of 1001 bytes, where 1000 is the limit");
        let writer = ControlWriter::new(here, WORD_OVERHEAD + 1000);
        let too_long = " ".repeat(WORD_OVERHEAD + 1001);
        assert!(writer.write(&too_long).is_err());
        drop(writer);
        let mut rest = Vec::new();
        (&there).read_to_end(&mut rest).unwrap();
        assert!(rest.is_empty(), "of what is too long nothing is written");
    }

    /// What a value of the same type would be that goes byte by byte.
    #[derive(Serialize)]
    enum ByteByByte {
        Done(Vec<u16>),
        GivenBack(Vec<u16>),
    }

    #[test]
    fn what_has_been_encoded_before_goes_into_a_word_as_one_block() {
        let done = Outcome::Done(vec![7; 9]);
        let word = codec::encode(&done).unwrap();
        assert!(codec::decode::<Outcome>(&word).is_ok());
        let slow = codec::encode(&ByteByByte::Done(vec![7; 9])).unwrap();
        assert!(codec::decode::<Outcome>(&slow).is_err());
        let slow = codec::encode(&ByteByByte::GivenBack(vec![7; 9])).unwrap();
        assert!(codec::decode::<ToAgent>(&slow).is_err());
        assert_eq!(codec::encode(&Encoded(Vec::new())).unwrap(), [0xc4, 0]);
    }

    #[test]
    fn what_is_too_long_is_told_with_the_limit_and_with_what_raises_it() {
        assert_eq!(longest_value(16 << 20), (64 << 20) - WORD_OVERHEAD);
        assert_eq!(longest_value(100 << 20), 100 << 20);
        assert_eq!(excess(5, 5, Remedy::Nothing), None);
        let told = check_arguments("Agent", &[0; 6], 5, Remedy::MessageLimit).unwrap_err();
        assert_eq!(
            told.to_string(),
            "`Agent` cannot be encoded: it has 6 bytes, where 5 is the limit: `message_limit` raises it"
        );
    }
}
