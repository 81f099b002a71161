//! The memory of a run in the hands of its supervisor, who keeps it alive and settles what an agent that
//! has ended leaves behind.

use super::inbox::Inbox;
use super::incoming::IN_SLOT;
use super::layout::{CONTROL, Layout, pair};
use super::ring::{self, Consumer, Corrupt};
use crate::id::AgentId;
use crate::sys::shared_file::{SharedFile, View};
use crate::transport::Limits;
use crate::wire::head::{Head, LONGEST_HEAD};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};

/// The memory of a run.
pub(crate) struct Estate {
    file: SharedFile,
    layout: Layout,
    limits: Limits,
}

/// A message that was accepted and not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) sender: AgentId,
    /// Dense id of its type; `None` for what could not be told.
    pub(crate) message_type: Option<u32>,
}

impl Estate {
    pub(crate) fn create(limits: Limits) -> io::Result<Estate> {
        let layout = Layout::new(limits.mailbox, limits.message, LONGEST_HEAD);
        let file = SharedFile::create("multitools-run", layout.len())?;
        Ok(Estate {
            file,
            layout,
            limits,
        })
    }

    /// What each agent is given.
    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// Lets nobody send to an agent that has ended, and finds out what it leaves unread. What was
    /// published before is counted, and whoever publishes after it is refused.
    pub(crate) fn settle(&self, agent: AgentId) -> io::Result<Vec<Unread>> {
        let inbox = Inbox::map(&self.file, &self.layout, agent)?;
        inbox.bury();
        let mut unread = Vec::new();
        for sender in inbox.connected() {
            let place = self.layout.pair(sender, agent);
            let control = self.file.window(place, CONTROL)?;
            ring::close(control.word(pair::HEAD));
            let data_place = place + CONTROL as u64;
            let data_len = self.layout.pair_len() - CONTROL;
            let data = self.file.view(data_place, data_len)?;
            let consumer = Consumer::new(self.layout.ring, control.word(pair::TAIL));
            let listed = consumer.and_then(|consumer| {
                self.list(consumer, control.word(pair::HEAD), &data, &mut unread)
            });
            if listed.is_err() {
                let message_type = None;
                unread.push(Unread {
                    sender,
                    message_type,
                });
            }
            // Nobody reads it again.
            self.file.discard(data_place, data_len as u64)?;
        }
        Ok(unread)
    }

    fn list(
        &self,
        mut consumer: Consumer,
        head_word: &std::sync::atomic::AtomicU64,
        data: &View,
        unread: &mut Vec<Unread>,
    ) -> Result<(), Corrupt> {
        let mut walked = 0;
        while let Some((at, most)) = consumer.next(head_word, |at| data.load(at))? {
            let word = |n: usize| (8 * n + 8 <= most).then(|| data.load(at + 8 * n));
            let head = Head::of_words(word, self.limits.message);
            let Ok(Some(head)) = head else {
                return Err(Corrupt);
            };
            let length = match head.detail {
                IN_SLOT => 8,
                _ => head.length as usize,
            };
            let size = (head.size() + length).next_multiple_of(8);
            walked += size;
            if size > most || walked > self.layout.ring {
                return Err(Corrupt);
            }
            unread.push(Unread {
                sender: head.envelope.sender,
                message_type: Some(head.envelope.message_type),
            });
            consumer.skip(size);
        }
        Ok(())
    }
}
