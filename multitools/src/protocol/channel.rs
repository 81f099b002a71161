//! Control traffic on its socket: each word is its length in four bytes and MessagePack.

use crate::wire::codec;
use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, Read, Write};
use std::marker::PhantomData;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, PoisonError};

const LENGTH: usize = 4;

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
    word: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> ControlReader<T> {
    pub(crate) fn new() -> Self {
        ControlReader {
            bytes: Vec::new(),
            taken: 0,
            word: PhantomData,
        }
    }

    /// Reads once. `Ok(0)` is the end.
    pub(crate) fn fill(&mut self, mut socket: &UnixStream) -> io::Result<usize> {
        let mut chunk = [0; 16 << 10];
        loop {
            match socket.read(&mut chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(0),
                Err(error) => return Err(error),
                Ok(read) => {
                    self.bytes.drain(..self.taken);
                    self.taken = 0;
                    self.bytes.extend_from_slice(&chunk[..read]);
                    return Ok(read);
                }
            }
        }
    }

    /// The next word that is complete.
    pub(crate) fn next(&mut self) -> io::Result<Option<T>> {
        let rest = &self.bytes[self.taken..];
        let Some((length, rest)) = rest.split_first_chunk::<LENGTH>() else {
            return Ok(None);
        };
        let length = u32::from_le_bytes(*length) as usize;
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
}

impl ControlWriter {
    pub(crate) fn new(socket: UnixStream) -> Self {
        ControlWriter {
            socket: Mutex::new(socket),
        }
    }

    /// Writes a word. An error means that the supervisor has gone, which the reading side sees too.
    pub(crate) fn write<T: Serialize>(&self, word: &T) -> io::Result<()> {
        let bytes = encode(word)?;
        let mut socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
        socket.write_all(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let mut reader = ControlReader::<String>::new();
        for word in words {
            assert_eq!(reader.wait(&there).unwrap(), Some(word));
        }
        writer.join().unwrap();
        assert_eq!(reader.wait(&there).unwrap(), None);
    }
}
