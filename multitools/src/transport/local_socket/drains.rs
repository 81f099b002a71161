//! What has to be read before something may be said.

use crate::transport::Arrival;
use std::collections::BTreeSet;

/// What peers had sent before a command came, as far as it is still to be read, and what arrives then.
struct Drain {
    unread: BTreeSet<usize>,
    then: Arrival,
}

/// All that wait for something to be read.
#[derive(Default)]
pub(super) struct Drains(Vec<Drain>);

impl Drains {
    /// Has something arrive when these connections have been read.
    pub(super) fn add(&mut self, unread: BTreeSet<usize>, then: Arrival) {
        self.0.push(Drain { unread, then });
    }

    /// All that was in a connection has been read.
    pub(super) fn note_read(&mut self, token: usize) {
        for drain in &mut self.0 {
            drain.unread.remove(&token);
        }
    }

    /// Takes what arrives now, in the order of the commands.
    pub(super) fn take(&mut self) -> Vec<Arrival> {
        let done = self.0.extract_if(.., |drain| drain.unread.is_empty());
        done.map(|drain| drain.then).collect()
    }
}
