//! Links over local sockets: the portable backend.
//!
//! Each agent listens at a name made of the run and its id. A sender connects once for each peer,
//! proves with the run's token that it belongs here, and writes its frames; answers come back on the
//! same connection. On Linux the names are abstract, so nothing is left behind in a file system, and
//! the kernel tells which user a connection is from.

use super::frame_writer::FrameWriter;
use super::links::{Command, LinkThread, Mail};
use super::{Identity, Inbox, Link, LinkError, Transport};
use crate::id::AgentId;
use crate::wire::frame::Greeting;
use interprocess::local_socket::{
    ConnectOptions, GenericNamespaced, ListenerNonblockingMode, ListenerOptions, Name, prelude::*,
};
use interprocess::os::unix::uds_local_socket::{Listener, Stream};
use std::io;
use std::sync::Arc;

/// The transport of one agent over local sockets.
pub(crate) struct LocalSockets {
    identity: Identity,
    mail: Arc<Mail>,
}

impl LocalSockets {
    /// Begins to listen and starts the thread that reads.
    pub(super) fn open(identity: &Identity, inbox: Arc<dyn Inbox>) -> io::Result<LocalSockets> {
        let listener: Listener = ListenerOptions::new()
            .name(socket_name(identity.run, identity.id)?)
            .nonblocking(ListenerNonblockingMode::Both)
            .create_sync_as()?;
        let mail = LinkThread::start(identity.clone(), listener, inbox)?;
        Ok(LocalSockets {
            identity: identity.clone(),
            mail,
        })
    }

    fn dial(&self, peer: AgentId) -> io::Result<FrameWriter> {
        let stream: Stream = ConnectOptions::new()
            .name(socket_name(self.identity.run, peer)?)
            .nonblocking_stream(true)
            .connect_sync_as()?;
        Ok(FrameWriter::new(stream))
    }
}

fn socket_name(run: u64, id: AgentId) -> io::Result<Name<'static>> {
    format!("multitools-{run:016x}-{}.{}", id.slot(), id.incarnation())
        .to_ns_name::<GenericNamespaced>()
}

impl Transport for LocalSockets {
    fn connect(&self, peer: AgentId) -> Result<Arc<dyn Link>, LinkError> {
        let link = Arc::new(self.dial(peer).map_err(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => LinkError::Closed,
            // The lack is on this side, as of descriptors: the peer lives.
            _ => {
                tracing::warn!(%peer, %error, "no connection");
                LinkError::Full
            }
        })?);
        let greeting = Greeting {
            token: self.identity.token,
            sender: self.identity.id,
        };
        link.try_send(&greeting.to_bytes())?;
        self.mail.post(Command::Watch {
            peer,
            link: Arc::clone(&link),
        });
        Ok(link)
    }

    fn drain(&self, then: Box<dyn FnOnce() + Send>) {
        self.mail.post(Command::Drain(then));
    }

    fn refuse(&self) {
        self.mail.post(Command::Refuse);
    }

    fn resume(&self) {
        self.mail.post(Command::Resume);
    }
}

impl Drop for LocalSockets {
    fn drop(&mut self) {
        self.mail.post(Command::Close);
    }
}

impl Link for FrameWriter {
    fn try_send(&self, frame: &[u8]) -> Result<(), LinkError> {
        FrameWriter::try_send(self, frame)
    }

    fn is_flushed(&self) -> bool {
        FrameWriter::is_flushed(self)
    }
}
