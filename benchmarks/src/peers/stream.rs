//! Messages on a stream of bytes: the length in four bytes, then the message.

use super::Link;
use crate::job::Result;
use std::io::{self, BufWriter, Read, Write};

const HEADER: usize = 4;
/// What is written from where it is.
const LARGE: usize = 64 << 10;

/// How the messages are written.
pub trait Writing: Sized {
    type Writer<S: Write>: Write;
    fn writer<S: Write>(stream: S) -> Self::Writer<S>;
}

/// A system call for each message.
pub struct PerMessage;

impl Writing for PerMessage {
    type Writer<S: Write> = S;
    fn writer<S: Write>(stream: S) -> S {
        stream
    }
}

/// A system call for each 64 KiB, and to flush.
pub struct Buffered;

impl Writing for Buffered {
    type Writer<S: Write> = BufWriter<S>;
    fn writer<S: Write>(stream: S) -> BufWriter<S> {
        BufWriter::with_capacity(64 << 10, stream)
    }
}

/// A stream with its buffers. It is read with as few system calls as it takes, however it is written.
pub struct StreamLink<S: Write, W: Writing> {
    reader: S,
    writer: W::Writer<S>,
    frame: Vec<u8>,
    input: Vec<u8>,
    filled: usize,
}

impl<S: Read + Write, W: Writing> StreamLink<S, W> {
    /// From the two handles of one stream.
    pub fn new(reader: S, writer: S) -> StreamLink<S, W> {
        StreamLink {
            reader,
            writer: W::writer(writer),
            frame: Vec::new(),
            input: vec![0; 64 << 10],
            filled: 0,
        }
    }

    /// Reads once, into what is free of the buffer.
    fn fill(&mut self) -> Result<()> {
        let read = self.reader.read(&mut self.input[self.filled..])?;
        if read == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        self.filled += read;
        Ok(())
    }
}

impl<S: Read + Write, W: Writing> Link for StreamLink<S, W> {
    fn send(&mut self, message: &[u8]) -> Result<()> {
        let header = u32::try_from(message.len())?.to_le_bytes();
        if message.len() >= LARGE {
            // A second call costs less than a copy.
            self.writer.write_all(&header)?;
            return Ok(self.writer.write_all(message)?);
        }
        self.frame.clear();
        self.frame.extend_from_slice(&header);
        self.frame.extend_from_slice(message);
        Ok(self.writer.write_all(&self.frame)?)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.writer.flush()?)
    }

    fn receive(&mut self, mut on_message: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut begin = 0;
        loop {
            let rest = &self.input[begin..self.filled];
            let length = rest
                .first_chunk::<HEADER>()
                .map(|it| u32::from_le_bytes(*it) as usize);
            let frame = HEADER + length.unwrap_or(0);
            match rest.get(HEADER..frame) {
                Some(message) if length.is_some() => {
                    on_message(message)?;
                    begin += frame;
                }
                _ if begin > 0 => break,
                _ => {
                    if self.input.len() < frame {
                        self.input.resize(frame, 0);
                    }
                    self.fill()?;
                }
            }
        }
        // What is left is the beginning of a message, which the rest is to follow.
        self.input.copy_within(begin..self.filled, 0);
        self.filled -= begin;
        Ok(())
    }
}
