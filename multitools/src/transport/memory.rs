//! Links within one process, for tests: the seam with nothing behind it.

use super::{
    Arrival, Awaited, Begun, Bell, Identity, Ledger, Limits, Link, LinkError, Lost, Transport,
    Wait, Waited,
};
use crate::id::AgentId;
use crate::sys::clock;
use crate::wire::body::Body;
use crate::wire::frame::{Answer, Call, ReplyPath};
use crate::wire::head::Head;
use crate::wire::parcel::Parcel;
use crate::wire::sink::{Sink, Spill, Written};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// What a message counts for besides its body.
const MESSAGE: usize = 64;

/// Where the transports of one test find each other: one lock for all, so that every step is one.
#[derive(Clone, Default)]
pub(super) struct Hub(Arc<Shared>);

#[derive(Default)]
struct Shared {
    mailboxes: Mutex<HashMap<AgentId, Mailbox>>,
    changed: Condvar,
}

#[derive(Default)]
struct Mailbox {
    /// `None` where the agent asked when it has everything.
    queue: VecDeque<Result<Parcel, Arrival>>,
    bytes: usize,
    closed: bool,
    /// Counts what makes room at others, and how much of it the agent has seen.
    rooms: (u64, u64),
    answer: Option<(u64, Answer)>,
}

pub(crate) struct Memory {
    hub: Hub,
    id: AgentId,
    limits: Limits,
    peers: Vec<AgentId>,
    frame: Vec<u8>,
    head: Option<Head>,
}

impl Hub {
    fn change<T>(&self, change: impl FnOnce(&mut HashMap<AgentId, Mailbox>) -> T) -> T {
        let result = change(&mut self.0.mailboxes.lock().unwrap());
        self.0.changed.notify_all();
        result
    }

    fn is_closed(&self, peer: AgentId) -> bool {
        self.change(|all| all.get(&peer).is_none_or(|mailbox| mailbox.closed))
    }
}

impl Memory {
    pub(super) fn open(hub: &Hub, identity: &Identity) -> Memory {
        hub.change(|all| all.insert(identity.id, Mailbox::default()));
        Memory {
            hub: hub.clone(),
            id: identity.id,
            limits: identity.limits,
            peers: Vec::new(),
            frame: Vec::new(),
            head: None,
        }
    }
}

fn tell_of_room(all: &mut HashMap<AgentId, Mailbox>) {
    for mailbox in all.values_mut() {
        mailbox.rooms.0 += 1;
    }
}

impl Transport for Memory {
    fn link(&mut self, peer: AgentId) -> Result<Link, LinkError> {
        if self.hub.is_closed(peer) {
            return Err(LinkError::Closed);
        }
        self.peers.push(peer);
        Ok(Link(self.peers.len() - 1))
    }

    fn compose(&mut self, _: Option<Link>, head: usize) -> Sink<'_> {
        let spill = Spill::Growing(&mut self.frame);
        Sink::new(&mut [], spill, head, self.limits.message)
    }

    fn seal(&mut self, head: Head, written: Written) -> Result<(), Lost> {
        assert!(matches!(written, Written::Spilled(_)));
        head.write(&mut self.frame);
        self.head = Some(head);
        Ok(())
    }

    fn post(&mut self, link: Link) -> Result<(), LinkError> {
        let (peer, head) = (self.peers[link.0], self.head.unwrap());
        let body = self.body();
        let call = head.request().map(|(request, end)| Call {
            request,
            deadline: clock::of_shared(end),
            reply_path: Arc::new(Replies(self.hub.clone(), self.id)),
        });
        let limit = self.limits.mailbox;
        self.hub.change(|all| {
            let mailbox = all.get_mut(&peer).unwrap();
            if mailbox.closed {
                return Err(LinkError::Closed);
            }
            if mailbox.bytes > 0 && mailbox.bytes + body.len() > limit {
                return Err(LinkError::Full);
            }
            mailbox.bytes += body.len() + MESSAGE;
            mailbox.queue.push_back(Ok(Parcel {
                envelope: head.envelope,
                call,
                body: Body::from(body),
            }));
            Ok(())
        })
    }

    fn body(&self) -> Vec<u8> {
        let size = self.head.map_or(self.frame.len(), |head| head.size());
        self.frame[size..].to_vec()
    }

    fn discard(&mut self) {
        self.head = None;
    }

    fn receive(&mut self, into: &mut Parcel, mut begun: impl Begun) -> Option<Arrival> {
        self.hub.change(|all| {
            let mailbox = all.get_mut(&self.id).unwrap();
            let parcel = match mailbox.queue.pop_front()? {
                Ok(parcel) => parcel,
                Err(word) => return Some(word),
            };
            begun(parcel.envelope, 0, 0);
            mailbox.bytes -= parcel.body.as_slice().len() + MESSAGE;
            *into = parcel;
            tell_of_room(all);
            Some(Arrival::Message)
        })
    }

    fn answer(&mut self, _: Link, request: u64) -> Option<Answer> {
        self.hub.change(|all| {
            let mailbox = all.get_mut(&self.id).unwrap();
            let answer = mailbox.answer.take_if(|(number, _)| *number == request)?;
            Some(answer.1)
        })
    }

    fn is_closed(&self, link: Link) -> bool {
        self.hub.is_closed(self.peers[link.0])
    }

    fn gone(&self) -> Vec<AgentId> {
        let peers = self.peers.iter().copied();
        peers.filter(|peer| self.hub.is_closed(*peer)).collect()
    }

    fn drain(&mut self) {
        self.hub.change(|all| {
            let mailbox = all.get_mut(&self.id).unwrap();
            mailbox.queue.push_back(Err(Arrival::Drained));
        });
    }

    fn bid_farewell(&mut self, peer: AgentId) {
        self.hub.change(|all| {
            let mailbox = all.get_mut(&self.id).unwrap();
            mailbox.queue.push_back(Err(Arrival::Left(peer)));
        });
    }

    fn refuse(&mut self) {
        self.hub.change(|all| {
            all.get_mut(&self.id).unwrap().closed = true;
            tell_of_room(all);
        });
    }

    fn is_flushed(&self) -> bool {
        true
    }

    fn wait(&mut self, wait: &Wait<'_>) -> Waited {
        let end = wait.end_of_sleep(Instant::now);
        let mut all = self.hub.0.mailboxes.lock().unwrap();
        loop {
            let mailbox = all.get_mut(&self.id).unwrap();
            let answered = mailbox.answer.as_ref().map(|(number, _)| *number);
            let (rooms, seen) = mailbox.rooms;
            let there = match wait.what_for {
                Awaited::Message => !mailbox.queue.is_empty(),
                Awaited::Room => rooms != seen,
                Awaited::Nothing => false,
                Awaited::Answer(link, request) => {
                    let peer = self.peers[link.0];
                    answered == Some(request) || all.get(&peer).is_none_or(|peer| peer.closed)
                }
            };
            if there || wait.has_news() {
                if wait.what_for == Awaited::Room {
                    all.get_mut(&self.id).unwrap().rooms.1 = rooms;
                }
                return Waited::News;
            }
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            let changed = &self.hub.0.changed;
            all = match left {
                None => changed.wait(all).unwrap(),
                Some(Duration::ZERO) => return Waited::Late,
                Some(left) => changed.wait_timeout(all, left).unwrap().0,
            };
        }
    }

    fn bell(&self) -> Arc<dyn Bell> {
        Arc::new(self.hub.clone())
    }

    fn ledger(&self) -> Option<Arc<Ledger>> {
        None
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.refuse();
    }
}

impl Bell for Hub {
    fn ring(&self) {
        self.change(|_| ());
    }
}

struct Replies(Hub, AgentId);

impl ReplyPath for Replies {
    fn reply(&self, request: u64, answer: &Answer<&[u8]>) -> bool {
        self.0.change(|all| {
            let mailbox = all.get_mut(&self.1).unwrap();
            let newest = mailbox.answer.as_ref().map_or(0, |(number, _)| *number);
            if request >= newest {
                let (outcome, body) = answer.parts();
                let answer = Answer::of_parts(outcome, body.to_vec()).unwrap();
                mailbox.answer = Some((request, answer));
            }
        });
        true
    }

    fn is_flushed(&self) -> bool {
        true
    }
}
