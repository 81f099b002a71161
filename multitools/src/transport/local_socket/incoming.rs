//! The receiving ends: one connection of a peer, and the backward direction of one's own.

use super::arrivals::{Appetite, Arrivals};
use super::frame_writer::FrameWriter;
use crate::id::AgentId;
use crate::sys::clock;
use crate::transport::Identity;
use crate::wire::frame::{Call, Frame, FrameError, FrameReader, Greeting, ReplyPath};
use interprocess::os::unix::uds_local_socket::Stream;
use rustix::io::ioctl_fionread;
use std::io::{self, Read};
use std::sync::Arc;

/// How reading from a socket ended for now.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Progress {
    /// It has nothing more at the moment.
    Empty,
    /// The inbox takes nothing more at the moment.
    Full,
    /// The peer has closed it.
    Ended,
    /// The peer does not belong here, or does not speak our language.
    Refused(FrameError),
}

/// A connection that a peer has opened to send on.
pub(super) struct Incoming {
    writer: Arc<FrameWriter>,
    greeting: Vec<u8>,
    peer: Option<AgentId>,
    reader: FrameReader,
    /// Whether the socket may have something to read.
    pub(super) readable: bool,
}

impl Incoming {
    pub(super) fn new(stream: Stream, message_limit: usize) -> Incoming {
        Incoming {
            writer: Arc::new(FrameWriter::new(stream)),
            greeting: Vec::with_capacity(Greeting::LENGTH),
            peer: None,
            reader: FrameReader::new(message_limit),
            readable: true,
        }
    }

    pub(super) fn writer(&self) -> &FrameWriter {
        &self.writer
    }

    /// Whether the peer has proved that it belongs to the run.
    pub(super) fn is_greeted(&self) -> bool {
        self.peer.is_some()
    }

    /// Whether it is of this peer, as far as is known.
    pub(super) fn may_be_of(&self, peer: AgentId) -> bool {
        self.peer.is_none_or(|known| known == peer)
    }

    /// Whether what the socket holds completes the greeting.
    pub(super) fn has_greeting_to_read(&self) -> bool {
        let there = ioctl_fionread(self.writer.stream()).unwrap_or(0);
        there + self.greeting.len() as u64 >= Greeting::LENGTH as u64
    }

    /// Reads until there is nothing more, and delivers what is complete.
    pub(super) fn read(
        &mut self,
        identity: &Identity,
        inbox: &Arrivals,
        chunk: &mut [u8],
    ) -> Progress {
        loop {
            let read = match read_some(self.writer.stream(), chunk) {
                Ok(read) => read,
                Err(progress) => {
                    self.readable = false;
                    return progress;
                }
            };
            match self.take_in(&chunk[..read], identity, inbox) {
                Ok(Appetite::Hungry) => {}
                Ok(Appetite::Full) => return Progress::Full,
                Err(error) => return Progress::Refused(error),
            }
        }
    }

    /// Takes in what has come, in any pieces.
    pub(super) fn take_in(
        &mut self,
        mut bytes: &[u8],
        identity: &Identity,
        inbox: &Arrivals,
    ) -> Result<Appetite, FrameError> {
        let peer = match self.peer {
            Some(peer) => peer,
            None => {
                let missing = Greeting::LENGTH - self.greeting.len();
                let (greeting, rest) = bytes.split_at(missing.min(bytes.len()));
                self.greeting.extend_from_slice(greeting);
                let Some(greeting) = self.greeting.first_chunk() else {
                    return Ok(Appetite::Hungry);
                };
                bytes = rest;
                *self
                    .peer
                    .insert(Greeting::check(greeting, &identity.token)?)
            }
        };
        let mut appetite = Appetite::Hungry;
        let writer = &self.writer;
        self.reader.push(bytes, |frame| {
            appetite = deliver(frame, peer, writer, inbox)?;
            Ok(())
        })?;
        Ok(appetite)
    }
}

/// Hands a frame over. What was read before an inbox was full is delivered all the same.
fn deliver(
    frame: Frame,
    peer: AgentId,
    writer: &Arc<FrameWriter>,
    inbox: &Arrivals,
) -> Result<Appetite, FrameError> {
    let Frame::Message {
        envelope,
        request,
        body,
    } = frame
    else {
        return Err(FrameError::Kind(3));
    };
    if envelope.sender != peer {
        return Err(FrameError::Greeting);
    }
    let call = request.map(|(request, end)| Call {
        request,
        deadline: clock::of_shared(end),
        reply_path: Arc::clone(writer) as Arc<dyn ReplyPath>,
    });
    Ok(inbox.deliver(envelope, call, body))
}

/// The backward direction of a link that this agent has opened: replies.
pub(super) struct Replies {
    reader: FrameReader,
}

impl Replies {
    pub(super) fn new(message_limit: usize) -> Replies {
        Replies {
            reader: FrameReader::new(message_limit),
        }
    }

    /// Reads until there is nothing more, and delivers what is complete.
    pub(super) fn read(&mut self, stream: &Stream, inbox: &Arrivals, chunk: &mut [u8]) -> Progress {
        loop {
            let read = match read_some(stream, chunk) {
                Ok(read) => read,
                Err(progress) => return progress,
            };
            let taken = self.reader.push(&chunk[..read], |frame| match frame {
                Frame::Reply { request, answer } => {
                    inbox.answered(request, answer);
                    Ok(())
                }
                Frame::Message { .. } => Err(FrameError::Kind(1)),
            });
            if let Err(error) = taken {
                return Progress::Refused(error);
            }
        }
    }
}

fn read_some(mut stream: &Stream, chunk: &mut [u8]) -> Result<usize, Progress> {
    loop {
        match stream.read(chunk) {
            Ok(0) => return Err(Progress::Ended),
            Ok(read) => return Ok(read),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(Progress::Empty),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(Progress::Ended),
        }
    }
}
