//! What an agent that has ended leaves behind of requests and answers.

use super::Occupied;
use super::estate::Estate;
use super::inbox::InboxReader;
use super::layout::{answer_slot, generation, pair};
use crate::id::AgentId;
use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::Ordering::SeqCst;

impl Estate {
    /// Takes the notes of requests that an agent which has ended had begun and not answered, each after the slot of
    /// who has asked: these are told once.
    pub(crate) fn take_unanswered(&self, agent: AgentId) -> io::Result<BTreeSet<(u32, u64)>> {
        let inbox = InboxReader::map(&self.file, &self.layout, agent)?;
        let mut unanswered = BTreeSet::new();
        for asker in inbox.connected() {
            let control = match self.control(asker, agent) {
                Ok(control) => control,
                // That is no reason to keep it from the others.
                Err(error) => {
                    tracing::error!(%agent, %asker, %error, "who has asked waits in vain");
                    continue;
                }
            };
            let asked = control.word(pair::ASKED).swap(0, SeqCst);
            if asked > control.word(pair::ANSWERED).load(SeqCst) {
                unanswered.insert((asker.slot(), asked));
            }
        }
        Ok(unanswered)
    }

    /// The word of where an answer is, if it is in a slot and has not been taken out.
    pub(super) fn untaken_answer(&self, asker: AgentId, asked: AgentId) -> io::Result<Option<u64>> {
        let control = self.control(asker, asked)?;
        let read = |word| control.word(word).load(SeqCst);
        let (place, is_untaken) = (
            read(pair::ANSWER_PLACE),
            read(pair::ANSWERED) > read(pair::TAKEN),
        );
        Ok((is_untaken && place != 0).then_some(place))
    }

    /// The slots of an incarnation that answers are in which have not been taken out.
    pub(super) fn slots_of_answers(&self, answerer: AgentId) -> io::Result<Occupied> {
        let inbox = InboxReader::map(&self.file, &self.layout, answerer)?;
        let mut slots = Occupied::new();
        for asker in inbox.connected() {
            let place = self.untaken_answer(asker, answerer)?.and_then(answer_slot);
            let own = place.filter(|(of, _)| *of == generation(answerer));
            slots.extend(own.and_then(|(_, slot)| u16::try_from(slot).ok()));
        }
        Ok(slots)
    }
}
