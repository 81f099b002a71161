//! What can happen to a supervisor, and waiting for it.

use super::member::Member;
use crate::sys::signals::StopSignals;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Registry, Token, Waker};
use std::collections::BTreeSet;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Everything that can happen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Event {
    /// An agent has said something, or takes more words.
    Control(usize),
    /// An agent has written to its standard error.
    StandardError(usize),
    /// A process has ended.
    Exit(usize),
    /// Ctrl-C, or SIGTERM.
    Signal,
    /// A line has been read.
    Input,
}

const SIGNAL: Token = Token(0);
const INPUT: Token = Token(1);
const FIRST_MEMBER: usize = 4;
const SOURCES: usize = 3;

/// `epoll` counts milliseconds in 31 bits. Waking early does no harm.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// The sources of all events.
pub(super) struct EventSource {
    poll: Poll,
    /// That of the poll, also for those who say themselves what they wait for.
    registry: Rc<Registry>,
    buffer: Events,
    input: Arc<Waker>,
    signals: StopSignals,
    /// Sources that were left with something to read.
    unfinished: BTreeSet<Event>,
}

/// By which the loop is told of room in the control socket of one agent. Not all the time: each word that an agent
/// reads makes room.
pub(super) struct RoomWatch {
    registry: Rc<Registry>,
    token: Token,
}

impl RoomWatch {
    /// Whether the loop is to be told from now on. If there is room already, it is.
    pub(super) fn set(&self, socket: &impl AsFd, wanted: bool) -> io::Result<()> {
        let descriptor = socket.as_fd().as_raw_fd();
        let interest = match wanted {
            true => Interest::READABLE | Interest::WRITABLE,
            false => Interest::READABLE,
        };
        self.registry
            .reregister(&mut SourceFd(&descriptor), self.token, interest)
    }
}

impl EventSource {
    pub(super) fn new() -> io::Result<EventSource> {
        let poll = Poll::new()?;
        let registry = Rc::new(poll.registry().try_clone()?);
        let mut signals = StopSignals::receive()?;
        registry.register(signals.source(), SIGNAL, Interest::READABLE)?;
        let input = Arc::new(Waker::new(&registry, INPUT)?);
        Ok(EventSource {
            poll,
            registry,
            buffer: Events::with_capacity(256),
            input,
            signals,
            unfinished: BTreeSet::new(),
        })
    }

    /// Watches a process and, where it is an agent, what it says.
    pub(super) fn watch(&self, index: usize, member: &mut Member) -> io::Result<()> {
        self.register(&member.watch, Event::Exit(index))?;
        if let Some(agent) = &mut member.agent {
            let control = Event::Control(index);
            self.register(&agent.control, control)?;
            self.register(agent.stderr.source(), Event::StandardError(index))?;
            let watch = RoomWatch {
                registry: Rc::clone(&self.registry),
                token: Token(control.number()),
            };
            agent.outbound.watch_room(&agent.control, watch);
        }
        Ok(())
    }

    fn register(&self, source: &impl AsFd, event: Event) -> io::Result<()> {
        let descriptor = source.as_fd().as_raw_fd();
        let token = Token(event.number());
        self.registry
            .register(&mut SourceFd(&descriptor), token, Interest::READABLE)
    }

    /// Stops watching a process that is about to be replaced. To close its descriptors is not enough:
    /// a process that is just being started elsewhere in this program may have them for a moment, and
    /// what they tell would be taken for the new one's.
    pub(super) fn forget(&self, member: &Member) {
        let mut sources = vec![member.watch.as_fd().as_raw_fd()];
        if let Some(agent) = &member.agent {
            sources.push(agent.control.as_fd().as_raw_fd());
            sources.push(agent.stderr.source().as_fd().as_raw_fd());
        }
        for source in sources {
            if let Err(error) = self.registry.deregister(&mut SourceFd(&source)) {
                tracing::error!(%error, "a process that has ended is still watched");
            }
        }
    }

    /// Has the event come again, though its source may be silent.
    pub(super) fn revisit(&mut self, event: Event) {
        self.unfinished.insert(event);
    }

    /// Wakes the loop when a line has been read.
    pub(super) fn input_waker(&self) -> Arc<Waker> {
        Arc::clone(&self.input)
    }

    /// Readable while there are signals to be [taken](Self::take_signals).
    pub(super) fn readable_with_signals(&mut self) -> io::Result<OwnedFd> {
        self.signals.source().as_fd().try_clone_to_owned()
    }

    /// How many times the run was asked to stop since the last call.
    pub(super) fn take_signals(&mut self) -> usize {
        self.signals.take()
    }

    /// Waits for events, until the deadline at most. What agents say comes before their ends.
    pub(super) fn wait(&mut self, deadline: Option<Instant>) -> io::Result<Vec<Event>> {
        let timeout = if self.unfinished.is_empty() {
            deadline.map(|deadline| {
                let left = deadline.saturating_duration_since(Instant::now());
                left.min(LONGEST_WAIT)
            })
        } else {
            Some(Duration::ZERO)
        };
        match self.poll.poll(&mut self.buffer, timeout) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => other?,
        }
        let mut events = std::mem::take(&mut self.unfinished);
        for event in &self.buffer {
            events.insert(Event::of(event.token()));
        }
        Ok(events.into_iter().collect())
    }
}

impl Event {
    fn number(self) -> usize {
        match self {
            Event::Signal => SIGNAL.0,
            Event::Input => INPUT.0,
            Event::Control(index) => FIRST_MEMBER + index * SOURCES,
            Event::StandardError(index) => FIRST_MEMBER + index * SOURCES + 1,
            Event::Exit(index) => FIRST_MEMBER + index * SOURCES + 2,
        }
    }

    fn of(token: Token) -> Event {
        match token {
            SIGNAL => Event::Signal,
            INPUT => Event::Input,
            Token(number) => {
                let index = (number - FIRST_MEMBER) / SOURCES;
                match (number - FIRST_MEMBER) % SOURCES {
                    0 => Event::Control(index),
                    1 => Event::StandardError(index),
                    _ => Event::Exit(index),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_number_of_its_own() {
        let mut events = vec![Event::Signal, Event::Input];
        for index in 0..5 {
            events.extend([
                Event::Control(index),
                Event::StandardError(index),
                Event::Exit(index),
            ]);
        }
        for event in events {
            assert_eq!(Event::of(Token(event.number())), event);
        }
    }
}
