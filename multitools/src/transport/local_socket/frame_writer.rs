//! Writing whole frames to a socket that may be full.

use crate::transport::LinkError;
use crate::wire::frame::{self, Answer, ReplyPath};
use interprocess::os::unix::uds_local_socket::Stream;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A socket's writing side. What the socket took only in part is kept and follows before all else,
/// so the peer never sees a torn frame while this process lives.
pub(super) struct FrameWriter {
    stream: Stream,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rest: Vec<u8>,
    written: usize,
    closed: bool,
}

impl FrameWriter {
    pub(super) fn new(stream: Stream) -> FrameWriter {
        FrameWriter {
            stream,
            state: Mutex::default(),
        }
    }

    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Accepts a frame whole or not at all.
    pub(super) fn try_send(&self, frame: &[u8]) -> Result<(), LinkError> {
        let mut state = self.state();
        self.write_rest(&mut state)?;
        if !state.rest.is_empty() {
            return Err(LinkError::Full);
        }
        let written = self.write(&mut state, frame)?;
        if written == 0 {
            return Err(LinkError::Full);
        }
        state.rest.extend_from_slice(&frame[written..]);
        Ok(())
    }

    /// Accepts a frame whether or not the socket has room.
    fn queue(&self, frame: &[u8]) -> Result<(), LinkError> {
        let mut state = self.state();
        state.rest.extend_from_slice(frame);
        self.write_rest(&mut state)
    }

    /// Writes what has been kept, as far as there is room.
    pub(super) fn flush(&self) {
        let mut state = self.state();
        let _ = self.write_rest(&mut state);
    }

    pub(super) fn is_flushed(&self) -> bool {
        let state = self.state();
        state.rest.is_empty() || state.closed
    }

    /// The peer has gone.
    pub(super) fn close(&self) {
        self.state().closed = true;
    }

    fn write_rest(&self, state: &mut State) -> Result<(), LinkError> {
        while state.written < state.rest.len() {
            let rest = std::mem::take(&mut state.rest);
            let written = self.write(state, &rest[state.written..]);
            state.rest = rest;
            match written? {
                0 => return Ok(()),
                written => state.written += written,
            }
        }
        state.rest.clear();
        state.written = 0;
        Ok(())
    }

    /// How much the socket took; nought when it is full.
    fn write(&self, state: &mut State, bytes: &[u8]) -> Result<usize, LinkError> {
        if state.closed {
            return Err(LinkError::Closed);
        }
        loop {
            match (&self.stream).write(bytes) {
                Ok(written) => return Ok(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(0),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => {
                    state.closed = true;
                    return Err(LinkError::Closed);
                }
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReplyPath for FrameWriter {
    fn reply(&self, request: u64, answer: &Answer<&[u8]>) -> bool {
        // Whoever asked and has gone needs no answer.
        let _ = self.queue(&frame::reply(request, answer));
        true
    }

    fn is_flushed(&self) -> bool {
        FrameWriter::is_flushed(self)
    }
}
