//! How much work may be under way.

use std::collections::VecDeque;

/// Flow control by credit: who may be given the next block, and whether anybody may.
///
/// A worker has room for `depth` blocks and gives its room back block by block. Blocks that are compressed
/// but not yet written count against a second limit, so that one slow block, or a slow disk, does not
/// pile up the others in memory.
#[derive(Debug)]
pub struct Window<Worker> {
    room: VecDeque<Worker>,
    whole_room: usize,
    given: u64,
    written: u64,
    limit: u64,
}

impl<Worker: Copy> Default for Window<Worker> {
    /// Room with nobody.
    fn default() -> Self {
        Window::new(&[], 0)
    }
}

impl<Worker: Copy> Window<Worker> {
    /// Room for `depth` blocks with each worker.
    #[must_use]
    pub fn new(workers: &[Worker], depth: usize) -> Window<Worker> {
        let room: VecDeque<Worker> = workers.repeat(depth).into();
        Window {
            whole_room: room.len(),
            given: 0,
            written: 0,
            limit: Window::<Worker>::limit(workers.len(), depth) as u64,
            room,
        }
    }

    /// How many blocks may be given out and not yet written; no more than these can ever wait for an
    /// earlier one.
    #[must_use]
    pub fn limit(workers: usize, depth: usize) -> usize {
        2 * workers * depth
    }

    /// The worker that gets the next block, `None` when one of the limits is reached.
    pub fn give(&mut self) -> Option<Worker> {
        if self.under_way() >= self.limit {
            return None;
        }
        let worker = self.room.pop_front()?;
        self.given += 1;
        Some(worker)
    }

    /// Whether all that was given out is written, and all room given back.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.under_way() == 0 && self.room.len() == self.whole_room
    }

    fn under_way(&self) -> u64 {
        self.given - self.written
    }

    /// A worker is done with a block.
    pub fn returned(&mut self, worker: Worker) {
        self.room.push_back(worker);
    }

    /// So many blocks are written by now.
    pub fn written(&mut self, blocks: u64) {
        // Never beyond what was given out, or the limit could be evaded.
        self.written = blocks.clamp(self.written, self.given);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_take_turns_until_their_room_is_full() {
        let mut window = Window::new(&['a', 'b'], 2);
        let given: String = std::iter::from_fn(|| window.give()).collect();
        assert_eq!(given, "abab");
    }

    #[test]
    fn who_is_done_gets_the_next() {
        let mut window = Window::new(&['a', 'b'], 2);
        while window.give().is_some() {}
        window.returned('b');
        assert_eq!(window.give(), Some('b'));
        assert_eq!(window.give(), None);
    }

    #[test]
    fn blocks_that_are_not_written_hold_up_the_next() {
        let mut window = Window::new(&['a'], 1);
        for _ in 0..Window::<char>::limit(1, 1) {
            assert_eq!(window.give(), Some('a'));
            window.returned('a');
        }
        assert_eq!(window.give(), None);
        window.written(1);
        assert_eq!(window.give(), Some('a'));
        window.returned('a');
        assert_eq!(window.give(), None);
    }

    #[test]
    fn credits_may_come_home_in_any_order() {
        for written_first in [true, false] {
            let mut window = Window::new(&['a'], 1);
            assert!(window.is_settled());
            window.give();
            for written in [written_first, !written_first] {
                assert!(!window.is_settled());
                match written {
                    true => window.written(1),
                    false => window.returned('a'),
                }
            }
            assert!(window.is_settled());
        }
    }
}
