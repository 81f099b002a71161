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

    /// Writes what there is room for.
    pub(super) fn flush(&mut self, socket: &UnixStream) {
        self.write(socket);
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
