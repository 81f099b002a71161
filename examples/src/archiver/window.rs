//! How much work may be under way.

use std::collections::{BTreeMap, VecDeque};

/// Flow control by credit: who may be given the next block, and whether anybody may.
///
/// A worker has room for `depth` blocks and gives its room back block by block. Blocks that are compressed
/// but not yet written count against a second limit, so that one slow block, or a slow disk, does not
/// pile up the others in memory.
#[derive(Debug)]
pub struct Window<Worker> {
    room: VecDeque<Worker>,
    /// The blocks that are with a worker, by their numbers.
    out: BTreeMap<u64, Worker>,
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
            out: BTreeMap::new(),
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

    /// The worker that gets the next block, of which the first has the number 0. `None` when one of the limits is reached.
    pub fn give(&mut self) -> Option<Worker> {
        if self.under_way() >= self.limit {
            return None;
        }
        let worker = self.room.pop_front()?;
        self.out.insert(self.given, worker);
        self.given += 1;
        Some(worker)
    }

    /// Whether all that was given out is written, and all room given back.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.under_way() == 0 && self.out.is_empty()
    }

    fn under_way(&self) -> u64 {
        self.given - self.written
    }

    /// The worker that has the block with this number is done with it. `false` when that is known: a block
    /// that was handled twice gives its room back once.
    pub fn returned(&mut self, block: u64) -> bool {
        let worker = self.out.remove(&block);
        self.room.extend(worker);
        worker.is_some()
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
        assert!(window.returned(1));
        assert_eq!(window.give(), Some('b'));
        assert_eq!(window.give(), None);
        assert!(!window.returned(1), "it is back already");
        assert_eq!(window.give(), None);
    }

    #[test]
    fn blocks_that_are_not_written_hold_up_the_next() {
        let mut window = Window::new(&['a'], 1);
        for block in 0..Window::<char>::limit(1, 1) as u64 {
            assert_eq!(window.give(), Some('a'));
            window.returned(block);
        }
        assert_eq!(window.give(), None);
        window.written(1);
        assert_eq!(window.give(), Some('a'));
        window.returned(2);
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
                    false => assert!(window.returned(0)),
                }
            }
            assert!(window.is_settled());
        }
    }
}
