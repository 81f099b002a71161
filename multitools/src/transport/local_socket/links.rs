//! The thread that reads an agent's sockets.

use super::arrivals::Arrivals;
use super::drains::Drains;
use super::frame_writer::FrameWriter;
use super::incoming::{Incoming, Progress, Replies};
use super::mail::{Command, Mail};
use crate::deadline;
use crate::id::AgentId;
use crate::sys;
use crate::transport::{Arrival, Identity};
use interprocess::local_socket::prelude::*;
use interprocess::os::unix::uds_local_socket::{Listener, Stream};
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Registry, Token, Waker};
use rustix::net::Shutdown;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

const MAIL: Token = Token(0);
const LISTENER: Token = Token(1);
const FIRST_LINK: usize = 2;

/// How much is read at once.
const CHUNK: usize = 64 << 10;

/// How many connections may be waiting for their greeting: what a stranger can pile up.
const UNGREETED: usize = 1024;

/// How long a connection may wait for the rest of its greeting. Peers send it at once; a stranger is not to
/// keep a descriptor of this process for ever.
const GREETING_TIME: Duration = Duration::from_secs(10);

struct Outgoing {
    peer: AgentId,
    link: Arc<FrameWriter>,
    replies: Replies,
}

/// The state of the thread.
pub(super) struct LinkThread {
    identity: Identity,
    inbox: Arc<Arrivals>,
    listener: Listener,
    poll: Poll,
    mail: Arc<Mail>,
    incoming: BTreeMap<usize, Incoming>,
    /// Connections that had not sent their greeting when they came, and by when they have to.
    strangers: VecDeque<(Instant, usize)>,
    outgoing: BTreeMap<usize, Outgoing>,
    next: usize,
    paused: bool,
    /// Whether peers are told that this agent is gone.
    refusing: bool,
    /// Whether somebody may be left whom there was no descriptor for.
    unaccepted: bool,
    /// Who filled the inbox last: after a pause the next one has its turn first.
    latest: usize,
    drains: Drains,
    chunk: Vec<u8>,
}

impl LinkThread {
    /// Starts the thread; the mail's [`Command::Close`] ends it.
    pub(super) fn start(
        identity: Identity,
        listener: Listener,
        inbox: Arc<Arrivals>,
    ) -> io::Result<Arc<Mail>> {
        let poll = Poll::new()?;
        let mail = Arc::new(Mail::new(Waker::new(poll.registry(), MAIL)?));
        watch(poll.registry(), &listener, LISTENER, Interest::READABLE)?;
        let mut thread = LinkThread {
            identity,
            inbox,
            listener,
            poll,
            mail: Arc::clone(&mail),
            incoming: BTreeMap::new(),
            strangers: VecDeque::new(),
            outgoing: BTreeMap::new(),
            next: FIRST_LINK,
            paused: false,
            refusing: false,
            unaccepted: false,
            latest: 0,
            drains: Drains::default(),
            chunk: vec![0; CHUNK],
        };
        std::thread::Builder::new()
            .name("multitools-links".into())
            .stack_size(256 << 10)
            .spawn(move || thread.run())?;
        Ok(mail)
    }

    fn run(&mut self) {
        let mut events = Events::with_capacity(256);
        loop {
            let wait = self.turn_away_the_silent();
            match self.poll.poll(&mut events, wait) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    tracing::error!(%error, "the links of this agent cannot be watched");
                    return;
                }
                Ok(()) => {}
            }
            if std::mem::take(&mut self.unaccepted) {
                self.accept();
            }
            for event in &events {
                match event.token() {
                    MAIL => {
                        if self.obey_commands().is_break() {
                            return;
                        }
                    }
                    LISTENER => self.accept(),
                    Token(link) => self.link_is_ready(link, event.is_writable()),
                }
            }
        }
    }

    fn obey_commands(&mut self) -> std::ops::ControlFlow<()> {
        for command in self.mail.take() {
            match command {
                Command::Watch { peer, link } => self.watch_link(peer, link),
                Command::Drain => self.drain(Arrival::Drained, |_| true),
                Command::BidFarewell { peer } => {
                    self.drain(Arrival::Left(peer), |link| link.may_be_of(peer));
                }
                Command::Resume => self.resume(),
                Command::Refuse => self.refuse(),
                Command::Close => return std::ops::ControlFlow::Break(()),
            }
        }
        std::ops::ControlFlow::Continue(())
    }

    fn watch_link(&mut self, peer: AgentId, link: Arc<FrameWriter>) {
        let token = self.number();
        let both = Interest::READABLE | Interest::WRITABLE;
        if let Err(error) = watch(self.poll.registry(), link.stream(), Token(token), both) {
            tracing::error!(%error, %peer, "a link cannot be watched");
            link.close();
            self.inbox.peer_gone(peer);
            return;
        }
        let replies = Replies::new(self.identity.limits.message);
        self.outgoing.insert(
            token,
            Outgoing {
                peer,
                link,
                replies,
            },
        );
    }

    /// Takes in all who have connected.
    fn accept(&mut self) {
        loop {
            match self.listener.accept() {
                Ok(stream) => self.admit(stream),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    // It stays in the queue without being told of again.
                    self.unaccepted = true;
                    return;
                }
            }
        }
    }

    fn admit(&mut self, stream: Stream) {
        if self.refusing {
            return;
        }
        let user = stream.peer_creds().ok().and_then(|peer| peer.euid());
        if user != Some(sys::process::user()) {
            self.inbox
                .refused(format!("a connection of another user ({user:?})"));
            return;
        }
        let token = self.number();
        let both = Interest::READABLE | Interest::WRITABLE;
        if let Err(error) = watch(self.poll.registry(), &stream, Token(token), both) {
            tracing::error!(%error, "a connection cannot be watched");
            return;
        }
        let link = Incoming::new(stream, self.identity.limits.message);
        self.incoming.insert(token, link);
        self.strangers
            .push_back((deadline::after(GREETING_TIME), token));
        self.limit_ungreeted();
        // What an inbox without room is given, it takes for the sign that reading goes on.
        if !self.paused {
            self.read_incoming(token);
        }
    }

    /// Closes connections whose greeting does not come. How long until the next one has to have come.
    fn turn_away_the_silent(&mut self) -> Option<Duration> {
        let now = Instant::now();
        while let Some((by, token)) = self.strangers.front().copied() {
            match self.incoming.get(&token) {
                Some(link) if !link.is_greeted() => {
                    if now < by {
                        return Some(by - now);
                    }
                    // An agent that takes nothing in for now has not looked at what came.
                    if link.has_greeting_to_read() {
                        let later = deadline::since(now, GREETING_TIME);
                        self.strangers.push_back((later, token));
                    } else {
                        self.inbox
                            .refused("a connection that never sent its greeting".into());
                        self.remove_incoming(token);
                    }
                }
                _ => {}
            }
            self.strangers.pop_front();
        }
        None
    }

    fn limit_ungreeted(&mut self) {
        let mut waiting = self.incoming.iter().filter(|(_, link)| !link.is_greeted());
        let oldest = waiting.next().map(|(token, _)| *token);
        if let (Some(oldest), true) = (oldest, waiting.count() >= UNGREETED) {
            self.inbox
                .refused("a connection that never sent its greeting".into());
            self.remove_incoming(oldest);
        }
    }

    fn link_is_ready(&mut self, token: usize, writable: bool) {
        if let Some(link) = self.incoming.get_mut(&token) {
            link.readable = true;
            if writable && !link.writer().is_flushed() {
                link.writer().flush();
                self.inbox.room();
            }
            if !self.paused {
                self.read_incoming(token);
            }
            return;
        }
        let Some(outgoing) = self.outgoing.get_mut(&token) else {
            return;
        };
        if writable {
            outgoing.link.flush();
            self.inbox.room();
        }
        let progress = outgoing
            .replies
            .read(outgoing.link.stream(), &self.inbox, &mut self.chunk);
        if let Progress::Refused(error) = &progress {
            self.inbox
                .refused(format!("{} sent {error}", outgoing.peer));
        }
        if progress != Progress::Empty {
            self.remove_outgoing(token);
        }
    }

    fn read_incoming(&mut self, token: usize) {
        let Some(link) = self.incoming.get_mut(&token) else {
            return;
        };
        match link.read(&self.identity, &self.inbox, &mut self.chunk) {
            Progress::Empty => self.drained(token),
            Progress::Full => {
                self.paused = true;
                self.latest = token;
            }
            // Answers may still have to leave by it.
            Progress::Ended if self.refusing && !link.writer().is_flushed() => {}
            Progress::Ended => self.remove_incoming(token),
            Progress::Refused(error) => {
                self.inbox.refused(format!("a peer sent {error}"));
                self.remove_incoming(token);
            }
        }
    }

    fn resume(&mut self) {
        self.paused = false;
        let mut readable: Vec<usize> = self
            .incoming
            .iter()
            .filter(|(_, link)| link.readable)
            .map(|(token, _)| *token)
            .collect();
        let served = readable.partition_point(|token| *token <= self.latest);
        readable.rotate_left(served);
        for token in readable {
            if self.paused {
                return;
            }
            self.read_incoming(token);
        }
    }

    /// What peers had sent is read and let go of, so that who waits for room finds out.
    fn refuse(&mut self) {
        self.refusing = true;
        for link in self.incoming.values_mut() {
            link.readable = true;
            // An error says that the peer has gone.
            let _ = rustix::net::shutdown(link.writer().stream(), Shutdown::Read);
        }
        self.resume();
    }

    /// What was sent before is in the sockets by now: accept them all, and read each to its end.
    fn drain(&mut self, then: Arrival, concerns: impl Fn(&Incoming) -> bool) {
        self.accept();
        let mut unread = BTreeSet::new();
        for (token, link) in &mut self.incoming {
            if concerns(link) {
                link.readable = true;
                unread.insert(*token);
            }
        }
        self.drains.add(unread, then);
        if !self.paused {
            self.resume();
        }
        self.finish_drains();
    }

    fn drained(&mut self, token: usize) {
        self.drains.note_read(token);
        self.finish_drains();
    }

    fn finish_drains(&mut self) {
        for word in self.drains.take() {
            self.inbox.drained(word);
        }
    }

    fn remove_incoming(&mut self, token: usize) {
        if let Some(link) = self.incoming.remove(&token) {
            link.writer().close();
            self.forget(link.writer().stream());
            self.inbox.room();
        }
        self.drained(token);
    }

    fn remove_outgoing(&mut self, token: usize) {
        if let Some(outgoing) = self.outgoing.remove(&token) {
            outgoing.link.close();
            self.forget(outgoing.link.stream());
            self.inbox.peer_gone(outgoing.peer);
            self.inbox.room();
        }
    }

    fn forget(&self, stream: &Stream) {
        let descriptor = stream.as_fd().as_raw_fd();
        if let Err(error) = self.poll.registry().deregister(&mut SourceFd(&descriptor)) {
            tracing::debug!(%error, "a socket was not watched");
        }
    }

    fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }
}

fn watch(
    registry: &Registry,
    source: &impl AsFd,
    token: Token,
    interest: Interest,
) -> io::Result<()> {
    let descriptor = source.as_fd().as_raw_fd();
    registry.register(&mut SourceFd(&descriptor), token, interest)
}
