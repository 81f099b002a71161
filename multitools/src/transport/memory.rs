//! Links within one process, for tests: the seam without sockets.

use super::{Appetite, Identity, Inbox, Link, LinkError, Transport};
use crate::id::AgentId;
use crate::wire::frame::{Call, Frame, FrameReader, ReplyPath};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Instant;

/// Where the transports of one test find each other.
#[derive(Clone, Default)]
pub(super) struct Hub(Arc<Mutex<HashMap<AgentId, Weak<End>>>>);

struct End {
    inbox: Arc<dyn Inbox>,
    full: AtomicBool,
}

pub(super) struct Memory {
    hub: Hub,
    identity: Identity,
    end: Arc<End>,
}

impl Memory {
    pub(super) fn open(hub: &Hub, identity: &Identity, inbox: Arc<dyn Inbox>) -> Memory {
        let end = Arc::new(End {
            inbox,
            full: AtomicBool::new(false),
        });
        let mut ends = hub.0.lock().unwrap();
        ends.insert(identity.id, Arc::downgrade(&end));
        Memory {
            hub: hub.clone(),
            identity: identity.clone(),
            end,
        }
    }
}

impl Transport for Memory {
    fn connect(&self, peer: AgentId) -> Result<Arc<dyn Link>, LinkError> {
        let ends = self.hub.0.lock().unwrap();
        let receiver = ends.get(&peer).and_then(Weak::upgrade);
        Ok(Arc::new(MemoryLink {
            receiver: receiver
                .map(|end| Arc::downgrade(&end))
                .ok_or(LinkError::Closed)?,
            sender: Arc::downgrade(&self.end),
            limit: self.identity.message_limit,
        }))
    }

    fn drain(&self, then: Box<dyn FnOnce() + Send>) {
        then();
    }

    fn refuse(&self) {}

    fn resume(&self) {
        self.end.full.store(false, Ordering::SeqCst);
        let ends = self.hub.0.lock().unwrap();
        for end in ends.values().filter_map(Weak::upgrade) {
            end.inbox.room();
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let mut ends = self.hub.0.lock().unwrap();
        ends.remove(&self.identity.id);
        for end in ends.values().filter_map(Weak::upgrade) {
            end.inbox.peer_gone(self.identity.id);
        }
    }
}

struct MemoryLink {
    receiver: Weak<End>,
    sender: Weak<End>,
    limit: usize,
}

impl Link for MemoryLink {
    fn try_send(&self, frame: &[u8]) -> Result<(), LinkError> {
        let receiver = self.receiver.upgrade().ok_or(LinkError::Closed)?;
        if receiver.full.load(Ordering::SeqCst) {
            return Err(LinkError::Full);
        }
        let mut reader = FrameReader::new(self.limit);
        let delivered = reader.push(frame, |frame| {
            let Frame::Message {
                envelope,
                request,
                body,
            } = frame
            else {
                panic!("only messages travel forward");
            };
            let call = request.map(|(request, budget)| Call {
                request,
                deadline: Instant::now() + budget,
                reply_path: Arc::new(MemoryReplies(self.sender.clone())),
            });
            if receiver.inbox.deliver(envelope, call, body) == Appetite::Full {
                receiver.full.store(true, Ordering::SeqCst);
            }
            Ok(())
        });
        delivered.map_err(|error| panic!("{error}"))
    }

    fn is_flushed(&self) -> bool {
        true
    }
}

struct MemoryReplies(Weak<End>);

impl ReplyPath for MemoryReplies {
    fn reply(&self, frame: &[u8]) {
        let mut reader = FrameReader::new(usize::MAX);
        let _ = reader.push(frame, |frame| {
            if let (Frame::Reply { request, answer }, Some(end)) = (frame, self.0.upgrade()) {
                end.inbox.answered(request, answer);
            }
            Ok(())
        });
    }

    fn is_flushed(&self) -> bool {
        true
    }
}
