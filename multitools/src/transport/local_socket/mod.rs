//! Links over local sockets: the portable backend.
//!
//! Each agent listens at a name made of the run and its id. A sender connects once for each peer,
//! proves with the run's token that it belongs here, and writes its frames; answers come back on the
//! same connection. On Linux the names are abstract, so nothing is left behind in a file system, and
//! the kernel tells which user a connection is from.

mod arrivals;
mod drains;
mod frame_writer;
mod incoming;
mod links;
mod mail;
#[cfg(any(test, fuzzing))]
pub(crate) mod noise;

use super::ledger::{self, Ledger};
use super::{
    Arrival, Awaited, Begun, Bell, Identity, Link, LinkError, Lost, Transport, Turned, Wait, Waited,
};
use crate::id::AgentId;
use crate::wire::frame::{Answer, Greeting};
use crate::wire::head::Head;
use crate::wire::parcel::Parcel;
use crate::wire::sink::{Sink, Spill, Written};
use arrivals::{Arrivals, Arrived};
use frame_writer::FrameWriter;
use interprocess::local_socket::{
    ConnectOptions, GenericNamespaced, ListenerNonblockingMode, ListenerOptions, Name, prelude::*,
};
use interprocess::os::unix::uds_local_socket::{Listener, Stream};
use links::LinkThread;
use mail::{Command, Mail};
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// The transport of one agent over local sockets.
pub(crate) struct LocalSockets {
    identity: Identity,
    mail: Arc<Mail>,
    arrivals: Arc<Arrivals>,
    ledger: Arc<Ledger>,
    links: Vec<SocketLink>,
    /// By the slot of the peer: a later incarnation takes the place of an earlier one, with its descriptor.
    by_slot: HashMap<u32, Link>,
    frame: Vec<u8>,
    head: Option<Head>,
}

struct SocketLink {
    peer: AgentId,
    end: End,
}

/// Where a link leads.
enum End {
    Myself,
    Peer(Arc<FrameWriter>),
    /// The peer has gone, and its socket is let go of.
    Gone,
}

impl LocalSockets {
    /// Begins to listen and starts the thread that reads.
    pub(super) fn open(identity: &Identity, turned: Arc<dyn Turned>) -> io::Result<LocalSockets> {
        let listener: Listener = ListenerOptions::new()
            .name(socket_name(identity.run, identity.id)?)
            .nonblocking(ListenerNonblockingMode::Both)
            .create_sync_as()?;
        let mailbox = identity.limits.mailbox;
        let arrivals = Arc::new(Arrivals::new(mailbox, turned));
        let mail = LinkThread::start(identity.clone(), listener, Arc::clone(&arrivals))?;
        Ok(LocalSockets {
            identity: identity.clone(),
            mail,
            arrivals,
            ledger: Arc::new(Ledger::new(ledger::horizon(mailbox))),
            links: Vec::new(),
            by_slot: HashMap::new(),
            frame: Vec::new(),
            head: None,
        })
    }

    fn dial(&self, peer: AgentId) -> io::Result<FrameWriter> {
        let stream: Stream = ConnectOptions::new()
            .name(socket_name(self.identity.run, peer)?)
            .nonblocking_stream(true)
            .connect_sync_as()?;
        Ok(FrameWriter::new(stream))
    }

    fn connect(&self, peer: AgentId) -> Result<Arc<FrameWriter>, LinkError> {
        let writer = Arc::new(self.dial(peer).map_err(|error| match error.kind() {
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
        writer.try_send(&greeting.to_bytes())?;
        // It may have been sent to before it was up. Its end is seen once it is watched.
        self.arrivals.peer_is_there(peer);
        self.mail.post(Command::Watch {
            peer,
            link: Arc::clone(&writer),
        });
        Ok(writer)
    }

    /// Closes this side of the sockets of those who have gone. Their links stay, for somebody may remember
    /// them, until a later incarnation takes them over.
    fn let_go_of_the_gone(&mut self) {
        for link in &mut self.links {
            if matches!(link.end, End::Peer(_)) && self.arrivals.is_gone(link.peer) {
                link.end = End::Gone;
            }
        }
    }

    fn closed(&self, peer: AgentId) -> LinkError {
        self.arrivals.peer_gone(peer);
        LinkError::Closed
    }
}

fn socket_name(run: u64, id: AgentId) -> io::Result<Name<'static>> {
    format!("multitools-{run:016x}-{}.{}", id.slot(), id.incarnation())
        .to_ns_name::<GenericNamespaced>()
}

impl Transport for LocalSockets {
    fn link(&mut self, peer: AgentId) -> Result<Link, LinkError> {
        let known = self.by_slot.get(&peer.slot()).copied();
        if let Some(link) = known
            && self.links[link.0].peer == peer
        {
            // A process that is being torn down can take a last connection after the others are closed.
            return match self.arrivals.is_gone(peer) {
                false => Ok(link),
                true => Err(LinkError::Closed),
            };
        }
        let end = match peer == self.identity.id {
            true => End::Myself,
            false => End::Peer(self.connect(peer).map_err(|error| match error {
                LinkError::Closed => self.closed(peer),
                LinkError::Full => LinkError::Full,
            })?),
        };
        self.let_go_of_the_gone();
        let open = SocketLink { peer, end };
        if let Some(link) = known {
            self.links[link.0] = open;
            return Ok(link);
        }
        let link = Link(self.links.len());
        self.links.push(open);
        self.by_slot.insert(peer.slot(), link);
        Ok(link)
    }

    fn compose(&mut self, _: Option<Link>, head: usize) -> Sink<'_> {
        let limit = self.identity.limits.message;
        Sink::new(&mut [], Spill::Growing(&mut self.frame), head, limit)
    }

    fn seal(&mut self, head: Head, written: Written) -> Result<(), Lost> {
        let Written::Spilled(_) = written else {
            return Err(Lost);
        };
        head.write(&mut self.frame);
        self.head = Some(head);
        Ok(())
    }

    fn post(&mut self, link: Link) -> Result<(), LinkError> {
        let (SocketLink { peer, end }, Some(head)) = (&self.links[link.0], self.head) else {
            return Err(LinkError::Full);
        };
        let (peer, weight) = (*peer, ledger::weight(self.frame.len()));
        let (kind, body) = (head.envelope.message_type(), &self.frame[head.size()..]);
        let sent = self.ledger.record(peer, kind, weight, || match end {
            End::Peer(writer) => writer.try_send(&self.frame),
            End::Gone => Err(LinkError::Closed),
            End::Myself if self.arrivals.deliver_to_self(head.envelope, body) => Ok(()),
            End::Myself => Err(LinkError::Full),
        });
        sent.map_err(|error| match error {
            LinkError::Closed => self.closed(peer),
            LinkError::Full => LinkError::Full,
        })
    }

    fn body(&self) -> Vec<u8> {
        self.head
            .map_or_else(Vec::new, |head| self.frame[head.size()..].to_vec())
    }

    fn discard(&mut self) {
        self.head = None;
    }

    fn receive(&mut self, into: &mut Parcel, mut begun: impl Begun) -> Option<Arrival> {
        let (arrived, resume) = self.arrivals.take();
        if resume {
            self.mail.post(Command::Resume);
        }
        match arrived? {
            Arrived::Message(parcel) => {
                let request = parcel.call.as_ref().map_or(0, |call| call.request);
                begun(parcel.envelope, 0, request);
                *into = parcel;
                Some(Arrival::Message)
            }
            Arrived::Word(word) => Some(word),
        }
    }

    fn answer(&mut self, _: Link, request: u64) -> Option<Answer> {
        self.arrivals.answer(request)
    }

    fn is_closed(&self, link: Link) -> bool {
        self.arrivals.is_gone(self.links[link.0].peer)
    }

    fn gone(&self) -> Vec<AgentId> {
        self.arrivals.gone()
    }

    fn drain(&mut self) {
        self.mail.post(Command::Drain);
    }

    fn bid_farewell(&mut self, peer: AgentId) {
        self.mail.post(Command::BidFarewell { peer });
    }

    fn refuse(&mut self) {
        self.arrivals.close();
        self.mail.post(Command::Refuse);
    }

    fn is_flushed(&self) -> bool {
        let mut ends = self.links.iter().map(|link| &link.end);
        ends.all(|end| match end {
            End::Peer(writer) => writer.is_flushed(),
            End::Myself | End::Gone => true,
        })
    }

    fn wait(&mut self, wait: &Wait<'_>) -> Waited {
        let peer = match wait.what_for {
            Awaited::Answer(link, _) => Some(self.links[link.0].peer),
            _ => None,
        };
        self.arrivals.wait(wait, peer)
    }

    fn bell(&self) -> Arc<dyn Bell> {
        Arc::clone(&self.arrivals) as Arc<dyn Bell>
    }

    fn ledger(&self) -> Option<Arc<Ledger>> {
        Some(Arc::clone(&self.ledger))
    }
}

impl Drop for LocalSockets {
    fn drop(&mut self) {
        self.mail.post(Command::Close);
    }
}
