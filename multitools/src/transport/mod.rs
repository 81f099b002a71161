//! How messages get from one agent to another: the seam, and what is behind it.
//!
//! A [`Transport`] belongs to its agent's own thread, which sends through it, takes out of it what has
//! come, and waits on it. Everything that the thread can be waiting for ends such a wait, so that no wait
//! is for one thing only (rule R17); other threads of the agent end it by its [`Bell`].

#[cfg(test)]
mod conformance;
mod connection;
mod ledger;
mod local_socket;
#[cfg(test)]
mod memory;
mod shared_memory;

pub(crate) use connection::Connection;
pub(crate) use ledger::{Ledger, SentAccount};
#[cfg(any(test, fuzzing))]
pub(crate) use local_socket::noise as socket_noise;
#[cfg(any(test, fuzzing))]
pub(crate) use shared_memory::noise as ring_noise;
pub(crate) use shared_memory::{Alarm, Estate, Occupied, Place, Unread};

use crate::id::AgentId;
use crate::wire::frame::Answer;
use crate::wire::head::{Envelope, Head};
use crate::wire::parcel::Parcel;
use crate::wire::sink::{Sink, Written};
use local_socket::LocalSockets;
use shared_memory::SharedMemory;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// In the environment of a program: `socket` to have its agents talk over sockets, `memory` for what holds
/// without it.
pub(crate) const CHOICE: &str = "MULTITOOLS_TRANSPORT";

/// What carries the messages of a run, made by its supervisor.
pub(crate) enum Backend {
    /// Memory that all agents share.
    SharedMemory(Estate),
    /// Sockets.
    LocalSockets,
}

/// The one place where a backend is chosen: shared memory where the system has it, unless
/// `MULTITOOLS_TRANSPORT=socket` asks for the other. With why it has not.
pub(crate) fn choose(limits: Limits) -> (Backend, Option<io::Error>) {
    if std::env::var_os(CHOICE).is_some_and(|choice| choice == "socket") {
        return (Backend::LocalSockets, None);
    }
    match Estate::create(limits) {
        Ok(estate) => (Backend::SharedMemory(estate), None),
        Err(error) => (Backend::LocalSockets, Some(error)),
    }
}

/// Opens the transport of an agent, with the descriptor of the shared memory where the run has one.
pub(crate) fn open(
    identity: &Identity,
    memory: Option<OwnedFd>,
    told: Arc<dyn Turned>,
) -> io::Result<Connection> {
    Ok(match memory {
        Some(memory) => Connection::SharedMemory(Box::new(SharedMemory::open(identity, memory)?)),
        None => Connection::LocalSockets(Box::new(LocalSockets::open(identity, told)?)),
    })
}

/// Who an agent is to its peers.
#[derive(Clone)]
pub(crate) struct Identity {
    /// Tells this run's sockets from those of others; no secret.
    pub(crate) run: u64,
    /// What proves that a peer belongs to the run.
    pub(crate) token: [u8; 16],
    /// The agent itself.
    pub(crate) id: AgentId,
    pub(crate) limits: Limits,
    /// Where messages of earlier incarnations still are.
    pub(crate) occupied: Occupied,
}

/// How much there may be, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Unread in a mailbox.
    pub(crate) mailbox: usize,
    /// In the body of a message.
    pub(crate) message: usize,
}

/// An agent's connection to all its peers, itself included.
pub(crate) trait Transport: Send {
    /// The link for sending to a peer, opened on first use.
    fn link(&mut self, peer: AgentId) -> Result<Link, LinkError>;

    /// Begins a frame, whose head will take so many bytes. Where it is for one link only, it may be
    /// written to its very place. [`seal`](Self::seal) follows, and then [`post`](Self::post).
    fn compose(&mut self, only: Option<Link>, head: usize) -> Sink<'_>;
    /// Completes the frame. When it has been lost for want of room, the next [`compose`](Self::compose)
    /// has room for it.
    fn seal(&mut self, head: Head, written: Written) -> Result<(), Lost>;
    /// Puts the frame into a peer's mailbox, whole or not at all. Never blocks.
    fn post(&mut self, link: Link) -> Result<(), LinkError>;
    /// Completes the frame of a message that is no request and puts it into the mailbox of the one peer it is
    /// for; then it is done with. Otherwise it is as [`seal`](Self::seal) leaves it.
    fn send(&mut self, link: Link, envelope: &Envelope, written: Written) -> Result<(), Unsent> {
        let head = Head::of_written(*envelope, written).ok_or(Unsent::Lost)?;
        self.seal(head, written).map_err(|Lost| Unsent::Lost)?;
        self.post(link).map_err(Unsent::Refused)?;
        self.discard();
        Ok(())
    }
    /// The body of the frame, unless it has been posted.
    fn body(&self) -> Vec<u8>;
    /// The frame is done with.
    fn discard(&mut self);

    /// What has come: the oldest message, which is put into the parcel in place of what was there, or
    /// news of what came. A message is said to have `begun` before it counts as read, so that one of the
    /// two is true of it whenever this process may be killed.
    fn receive(&mut self, into: &mut Parcel, begun: impl Begun) -> Option<Arrival>;
    /// From now on a message stays where it came through until it is [`finish`](Self::finish)ed, so that the
    /// next incarnation finds it there; that of `first` comes first. Links that keep nothing take no heed.
    fn retain(&mut self, _first: Option<AgentId>) {}
    /// The message that was received last is done.
    fn finish(&mut self) {}
    /// Looks at all senders again: one may have been killed between sending something and telling of it.
    fn look_again(&mut self) {}

    /// The answer to a request, if it has come. An answer to an earlier one is none.
    fn answer(&mut self, link: Link, request: u64) -> Option<Answer>;
    /// Looks for the answer to a request no more: it need not be kept.
    fn give_up_answer(&mut self, _link: Link, _request: u64) {}
    /// Takes back what has been read and may be in the way of an answer of so many bytes.
    fn make_room_for_answer(&mut self, _len: usize) {}
    /// Has room be told of as soon as there is some for an answer that has found none.
    fn ask_for_room_for_answer(&mut self) {}
    /// Whether the peer is known to have gone.
    fn is_closed(&self, link: Link) -> bool;
    /// The peers that were found gone.
    fn gone(&self) -> Vec<AgentId>;

    /// Has [`Arrival::Drained`] arrive after everything that has been sent until now.
    fn drain(&mut self);
    /// Has [`Arrival::Left`] arrive after everything that a peer has sent whose process has ended.
    fn bid_farewell(&mut self, peer: AgentId);
    /// The agent takes no more messages: peers find it gone, while its own messages and answers leave.
    fn refuse(&mut self);
    /// Whether everything that was accepted has left this process, answers included.
    fn is_flushed(&self) -> bool;

    /// Waits until there may be something to see.
    fn wait(&mut self, wait: &Wait<'_>) -> Waited;
    /// Ends a wait from another thread.
    fn bell(&self) -> Arc<dyn Bell>;
    /// The timer for long waits, where this has one. From now on whoever reads from this socket attends to it.
    fn alarm(&mut self, _socket: BorrowedFd<'_>) -> Option<Arc<Alarm>> {
        None
    }
    /// What was sent to whom, where the links themselves do not remember it.
    fn ledger(&self) -> Option<Arc<Ledger>>;
}

/// Whoever is told of strangers that were turned away, by any thread.
pub(crate) trait Turned: Send + Sync {
    /// Somebody who does not belong here, or who sent bytes that are no frames, was turned away.
    fn away(&self, reason: String);
}

/// Ends a wait.
pub(crate) trait Bell: Send + Sync {
    fn ring(&self);
}

/// A number for an open link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Link(usize);

/// The frame was lost for want of room: it has to be written again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Lost;

/// Why a frame was not sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unsent {
    /// It was lost for want of room: it has to be written again.
    Lost,
    /// The link did not take it.
    Refused(LinkError),
}

/// Is told of a message that is about to count as read, with its place, which
/// [`Estate::hand_over`] wants to know, and its number if it is a request, otherwise nought.
pub(crate) trait Begun: FnMut(Envelope, u64, u64) {}
impl<F: FnMut(Envelope, u64, u64)> Begun for F {}

/// What has come.
pub(crate) enum Arrival {
    /// A message, in the order its sender sent it.
    Message,
    /// See [`Transport::drain`].
    Drained,
    /// See [`Transport::bid_farewell`].
    Left(AgentId),
    /// A peer has sent bytes that are no frames. Nothing more comes from it.
    Refused(String),
}

/// Why a link did not take a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LinkError {
    /// There is no room for it now; a wait for room will end. Or no descriptor for the link.
    Full,
    /// The peer has gone.
    Closed,
}

/// What an agent waits for.
pub(crate) struct Wait<'a> {
    pub(crate) what_for: Awaited,
    /// Counts what other threads of the agent have to say.
    pub(crate) news: &'a AtomicU64,
    /// How much of that has been seen.
    pub(crate) seen: u64,
    pub(crate) deadline: Option<Instant>,
    /// Without a deadline: how long it sleeps at most before it is [`Late`](Waited::Late).
    pub(crate) patience: Option<Duration>,
}

impl Wait<'_> {
    fn has_news(&self) -> bool {
        self.news.load(Ordering::SeqCst) != self.seen
    }

    /// When a sleep ends that begins now.
    fn end_of_sleep(&self, now: impl FnOnce() -> Instant) -> Option<Instant> {
        self.deadline.or_else(|| {
            self.patience
                .and_then(|patience| now().checked_add(patience))
        })
    }
}

/// What ends a wait, besides news.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Awaited {
    /// A message.
    Message,
    /// The answer to a request, or the peer's end.
    Answer(Link, u64),
    /// Room at a peer that was full, the peer's end, or that something has left this process.
    Room,
    /// Nothing else.
    Nothing,
}

/// How a wait ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Waited {
    /// There may be something to see.
    News,
    /// The deadline has passed.
    Late,
}
