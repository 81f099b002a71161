//! Where everything is in the memory of a run. Pure.
//!
//! The file is far larger than any memory and costs what is touched, so everything has a place of its
//! own from the beginning: nothing is allocated, and nobody has to be asked.
//!
//! | part | for each | content |
//! | --- | --- | --- |
//! | inboxes | agent | what it sleeps on, and who has sent to it |
//! | slots | agent, incarnation | its large messages |
//! | pairs | receiver, sender | control words, the answer, and the ring |
//! | population | | how many agents the run has had, and from 64 + 8 n on how many of slot n have ended, by the supervisor |
//!
//! An inbox:
//!
//! | bytes | content |
//! | --- | --- |
//! | 0 | whether the agent sleeps, and for what |
//! | 64 | 0 before the agent has come up, 1 while it takes messages, 2 afterwards, 3 when it is gone |
//! | 72 | the first incarnation of the agent that has the slot: what had it before was another |
//! | 128 | how often it was told of room |
//! | 192 | the processor it last waited on, plus one |
//! | 200 | how many rows of senders are in use |
//! | 32768 + 8 n | a slot that is lent to this agent: 1 + that of the sender, in the upper half; its generation; and the number of the slot, in the lowest two bytes |
//! | 256 + 16 n | bit m of the first word: agent 64 n + m has sent something; of the second: has ever sent |
//!
//! The control words of a pair, each in the hand of one side:
//!
//! | bytes | by | content |
//! | --- | --- | --- |
//! | 0 | sender | where the ring's next frame will begin; the highest bit once it is closed |
//! | 64 | receiver | where the oldest frame begins |
//! | 128 | sender | 1 while it waits for room |
//! | 136 | sender | the number of the latest request whose answer it has taken out of a slot, or will not |
//! | 144 | sender | where the end of the ring begins that it left when it wrapped last; in the upper half from where it has leapt there, or the highest number |
//! | 152 | receiver | 1 while it waits until the answer has been taken out of its slot |
//! | 256 | receiver | the number of the request that was answered last |
//! | 264 | receiver | of the answer: the outcome, in the highest byte, and the length |
//! | 272 | receiver | where it is: 0 here, else 1 + the slot of the receiver, and in the upper half its generation |
//! | 280 | receiver | the number of the request that it has begun last; nought once the supervisor has seen to it |
//! | 288 to 3775 | receiver | the answer |
//! | 3776 + 40 g | receiver | of the sender's generation g, bit m of word n: slot 64 n + m has been read and may be used again |
//! | 4096 + 2560 g + 8 n | receiver | the number of the message that was read last in slot n |
//!
//! A slot begins with the number of the message in it, nought while it is being written to. Its frame follows.

use super::ring::HOT;
use crate::id::AgentId;
use crate::sys::shared_file::GRAIN;

/// How many agents a run may have.
pub(super) const MOST_AGENTS: u64 = 1 << 16;

pub(super) mod inbox {
    pub(in super::super) const SLEEP: usize = 0;
    pub(in super::super) const STATE: usize = 64;
    pub(in super::super) const SINCE: usize = 72;
    pub(in super::super) const ROOM: usize = 128;
    pub(in super::super) const PROCESSOR: usize = 192;
    pub(in super::super) const ROWS_IN_USE: usize = 200;
    const ROWS: usize = 256;
    const LEASES: usize = 32 << 10;
    /// How many slots may be lent to an agent at once.
    pub(in super::super) const MOST_LEASES: usize = 512;

    pub(in super::super) const fn lease(n: usize) -> usize {
        LEASES + 8 * n
    }
    /// Of 64 senders: who has sent something.
    pub(in super::super) const fn pending(row: usize) -> usize {
        ROWS + 16 * row
    }
    /// Of 64 senders: who has ever sent something.
    pub(in super::super) const fn connected(row: usize) -> usize {
        ROWS + 16 * row + 8
    }
}

pub(super) mod pair {
    pub(in super::super) const HEAD: usize = 0;
    pub(in super::super) const TAIL: usize = 64;
    pub(in super::super) const WAITING: usize = 128;
    pub(in super::super) const TAKEN: usize = 136;
    pub(in super::super) const LEAP: usize = 144;
    pub(in super::super) const TAKING: usize = 152;
    pub(in super::super) const ANSWERED: usize = 256;
    pub(in super::super) const ANSWER_SIZE: usize = 264;
    pub(in super::super) const ANSWER_PLACE: usize = 272;
    pub(in super::super) const ASKED: usize = 280;
    pub(in super::super) const ANSWER: usize = 288;
    /// How long an answer may be that has no slot.
    pub(in super::super::super) const ANSWER_ROOM: usize = RELEASED - ANSWER;
    const RELEASED: usize = 4096 - 8 * super::SLOTS / 64 * super::GENERATIONS;

    /// Of a slot that a generation of the sender has used: the number of the message that was read there last.
    pub(in super::super) const fn read(generation: usize, slot: usize) -> usize {
        4096 + 8 * (super::SLOTS * generation + slot)
    }

    /// Of the slots that a generation of the sender has used: which may be used again.
    pub(in super::super) const fn released(generation: usize, word: usize) -> usize {
        RELEASED + 8 * (super::SLOTS / 64 * generation + word)
    }
}

/// What is in a slot before its frame.
pub(super) const SLOT_HEAD: usize = 8;

/// How many slots an agent may have in use at once.
pub(super) const SLOTS: usize = 320;

/// So many incarnations of an agent have slots of their own, so that what an earlier one has sent stays.
pub(super) const GENERATIONS: usize = 8;

/// Which of them an incarnation uses.
pub(super) fn generation(of: AgentId) -> usize {
    usize::from(of.incarnation()) % GENERATIONS
}

/// Where an answer is that is in a slot, as a word.
pub(super) fn answer_place(generation: usize, slot: usize) -> u64 {
    (generation as u64) << 32 | (slot as u64 + 1)
}

/// The generation and the slot of such a word. `None` where it names no slot.
pub(super) fn answer_slot(place: u64) -> Option<(usize, usize)> {
    let generation = (place >> 32) as usize;
    let slot = (place as u32 as usize).checked_sub(1)?;
    (generation < GENERATIONS && slot < SLOTS).then_some((generation, slot))
}

/// What is longer goes into a slot, where the ring is not so small that less does.
const LONGEST_IN_RING: usize = 64 << 10;

// And no frame is longer than what comes before an early wrap, nor than a quarter of the ring.
const _: () = assert!(LONGEST_IN_RING <= HOT.0);

/// Slots begin and end at large pages.
const SLOT_GRAIN: usize = 2 << 20;

/// The most and the least that a ring may have.
const LARGEST_RING: usize = 64 << 20;
const SMALLEST_RING: usize = 4 << 10;

/// The places in the memory of one run, which depend on its limits alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// How many bytes a ring has.
    pub(super) ring: usize,
    /// How many bytes a slot has.
    pub(super) slot: usize,
    /// The longest frame that goes through the ring.
    pub(super) longest: usize,
}

impl Layout {
    /// The places for mailboxes of so many bytes and messages of so many bytes at most.
    pub(super) fn new(mailbox: usize, message_limit: usize, overhead: usize) -> Layout {
        let ring = mailbox.clamp(SMALLEST_RING, LARGEST_RING) & !7;
        let slot = SLOT_HEAD + message_limit.min(u32::MAX as usize) + overhead;
        Layout {
            ring,
            slot: slot.next_multiple_of(SLOT_GRAIN),
            longest: (ring / 4).min(LONGEST_IN_RING) & !7,
        }
    }

    /// How large the file is.
    pub(super) fn len(&self) -> u64 {
        self.population() + POPULATION as u64
    }

    /// Where it says how many agents the run has had.
    pub(super) fn population(&self) -> u64 {
        self.pairs() + MOST_AGENTS * MOST_AGENTS * self.pair_stride()
    }

    pub(super) fn inbox(&self, of: AgentId) -> u64 {
        u64::from(of.slot()) * INBOX as u64
    }

    pub(super) fn slots(&self, of: AgentId) -> u64 {
        let arena = u64::from(of.slot()) * GENERATIONS as u64 + generation(of) as u64;
        MOST_AGENTS * INBOX as u64 + arena * (SLOTS * self.slot) as u64
    }

    pub(super) fn pair(&self, sender: AgentId, receiver: AgentId) -> u64 {
        let pair = u64::from(receiver.slot()) * MOST_AGENTS + u64::from(sender.slot());
        self.pairs() + pair * self.pair_stride()
    }

    /// How many bytes of a pair are mapped.
    pub(super) fn pair_len(&self) -> usize {
        CONTROL + self.ring.next_multiple_of(GRAIN)
    }

    fn pairs(&self) -> u64 {
        MOST_AGENTS * (INBOX as u64 + (GENERATIONS * SLOTS * self.slot) as u64)
    }

    fn pair_stride(&self) -> u64 {
        self.pair_len() as u64
    }
}

/// How many bytes the numbers of agents have.
pub(super) const POPULATION: usize = GRAIN + 8 * MOST_AGENTS as usize;

/// Where in them those of agents that have ended begin.
pub(super) const ENDED: usize = 64;

/// How many bytes an inbox has.
pub(super) const INBOX: usize = GRAIN;

/// How many bytes the control words of a pair have; its ring follows.
pub(super) const CONTROL: usize = GRAIN;

const _: () = assert!(inbox::connected(MOST_AGENTS as usize / 64) <= inbox::lease(0));
const _: () = assert!(inbox::lease(inbox::MOST_LEASES) <= INBOX);
const _: () = assert!(pair::read(GENERATIONS, 0) <= CONTROL);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_an_answer_names_its_slot() {
        for (generation, slot) in [(0, 0), (0, SLOTS - 1), (GENERATIONS - 1, 7)] {
            let place = answer_place(generation, slot);
            assert_eq!(answer_slot(place), Some((generation, slot)));
        }
        let outside = [
            0,
            answer_place(GENERATIONS, 0),
            answer_place(0, SLOTS),
            u64::MAX,
        ];
        assert!(outside.iter().all(|place| answer_slot(*place).is_none()));
    }

    #[test]
    fn nothing_overlaps_within_any_limits() {
        for (mailbox, message) in [(0, 0), (8 << 20, 16 << 20), (usize::MAX, usize::MAX)] {
            let layout = Layout::new(mailbox, message, 40);
            let (first, last) = (AgentId::new(0, 0), AgentId::new(u16::MAX.into(), 7));
            let arena = (SLOTS * layout.slot) as u64;
            let parts = [
                (layout.inbox(first), INBOX as u64),
                (layout.inbox(last), INBOX as u64),
                (layout.slots(first), arena),
                (layout.slots(AgentId::new(0, 1)), arena),
                (layout.slots(last), arena),
                (layout.pair(first, first), layout.pair_stride()),
                (layout.pair(last, first), layout.pair_stride()),
                (layout.pair(first, last), layout.pair_stride()),
                (layout.pair(last, last), layout.pair_stride()),
                (layout.population(), POPULATION as u64),
            ];
            for ((begin, len), (next, _)) in parts.iter().zip(&parts[1..]) {
                assert!(begin + len <= *next, "{layout:?}");
            }
            let (begin, len) = parts[parts.len() - 1];
            assert_eq!(begin + len, layout.len());
            assert!(i64::try_from(layout.len()).is_ok());
            assert!(parts.iter().all(|(begin, _)| begin % GRAIN as u64 == 0));
            assert!(layout.longest * 4 <= layout.ring);
        }
    }
}
