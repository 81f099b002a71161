//! Words to an agent that may be slow to read: the supervisor never blocks on one.

use super::events::RoomWatch;
use crate::protocol::{ToAgent, encode};
use std::collections::VecDeque;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;

/// What is still to be written to one agent.
#[derive(Default)]
pub(super) struct Outbound {
    words: VecDeque<Arc<[u8]>>,
    written: usize,
    /// By which it is told of room, and whether it wants to be.
    room: Option<RoomWatch>,
    wants_room: bool,
    is_being_read: bool,
}

/// A word that goes to several agents is encoded once.
pub(super) fn word(word: &ToAgent) -> Option<Arc<[u8]>> {
    match encode(word) {
        Ok(bytes) => Some(bytes.into()),
        Err(error) => {
            tracing::error!(%error, "a word to an agent cannot be encoded");
            None
        }
    }
}

impl Outbound {
    /// Appends a word and writes what there is room for.
    pub(super) fn send(&mut self, socket: &UnixStream, word: Arc<[u8]>) {
        self.words.push_back(word);
        self.flush(socket);
    }

    /// Has what finds no room wait for it.
    pub(super) fn watch_room(&mut self, socket: &UnixStream, watch: RoomWatch) {
        self.room = Some(watch);
        self.ask_for_room(socket);
    }

    /// Whether the agent has made room by reading: it need not have where everything found room as it was.
    pub(super) fn is_being_read(&self) -> bool {
        self.is_being_read
    }

    /// Writes what there is room for.
    pub(super) fn flush(&mut self, socket: &UnixStream) {
        let begun = (self.written > 0).then_some((self.words.len(), self.written));
        self.write(socket);
        self.is_being_read |= begun.is_some_and(|begun| begun != (self.words.len(), self.written));
        self.ask_for_room(socket);
    }

    fn ask_for_room(&mut self, socket: &UnixStream) {
        let wanted = !self.words.is_empty();
        if wanted != self.wants_room
            && let Some(room) = &self.room
        {
            self.wants_room = wanted;
            if let Err(error) = room.set(socket, wanted) {
                tracing::error!(%error, "an agent hears no more words");
            }
        }
    }

    /// An agent that has gone needs no more words; its end is seen elsewhere.
    fn write(&mut self, mut socket: &UnixStream) {
        while let Some(word) = self.words.front() {
            match socket.write(&word[self.written..]) {
                Ok(written) => {
                    self.written += written;
                    if self.written == word.len() {
                        self.words.pop_front();
                        self.written = 0;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(_) => {
                    self.words.clear();
                    self.written = 0;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_long_word_that_is_being_read_is_told_from_one_that_nobody_takes() {
        let (here, there) = UnixStream::pair().unwrap();
        here.set_nonblocking(true).unwrap();
        let mut outbound = Outbound::default();
        outbound.send(&here, vec![7; 4 << 20].into());
        outbound.flush(&here);
        assert!(!outbound.is_being_read(), "nobody takes it");
        let mut taken = vec![0; 1 << 20];
        while !outbound.is_being_read() {
            assert_ne!((&there).read(&mut taken).unwrap(), 0);
            outbound.flush(&here);
        }
    }
}
