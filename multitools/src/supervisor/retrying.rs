//! What becomes of the message that an agent had in hand when it ended: it is lost, handled again by the
//! next incarnation, or given back to its sender.

use super::main_loop::Supervision;
use super::member::Member;
use super::outbound::word;
use super::restarting::Again;
use super::{Notice, Undelivered, accounts};
use crate::id::AgentId;
use crate::message::{Message, PoisonMessage};
use crate::protocol::{self, SUPERVISOR_ID, ToAgent, Unfinished};
use crate::transport::{Backend, Estate};
use crate::wire::codec;
use crate::wire::head::Envelope;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// Whose doing the end of an agent is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Blame {
    /// Its own: it has failed.
    Itself,
    /// That of another of its group.
    Another,
    /// Nobody's: it has returned.
    Nobody,
}

/// What becomes of the message in hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    /// It is done, or there is none, or it is not handled twice.
    Over,
    /// It is handled again.
    Again(Unfinished),
    /// It is given back.
    Poison,
}

/// The messages that an agent has been given back, and that it has not begun.
#[derive(Default)]
pub(super) struct GivenBack {
    /// The words, and who had failed.
    waiting: VecDeque<(Arc<[u8]>, String)>,
    /// How many the incarnation has begun that are here no more.
    begun: u64,
}

impl GivenBack {
    /// Forgets those that have been begun, by the agent's own count.
    fn forget(&mut self, begun: u64) {
        while self.begun < begun && self.waiting.pop_front().is_some() {
            self.begun += 1;
        }
    }
}

impl Member {
    /// Takes what it has been given back and has not begun when its process has ended.
    pub(super) fn take_given_back(&mut self) -> GivenBack {
        if let Some(agent) = &self.agent {
            self.given_back.forget(agent.status.given_back());
        }
        let waiting = std::mem::take(&mut self.given_back).waiting;
        GivenBack { waiting, begun: 0 }
    }

    /// Tells what has been given back while nobody was there to be told.
    pub(super) fn tell_given_back(&mut self) {
        let words: Vec<_> = self.given_back.waiting.iter().cloned().collect();
        words
            .into_iter()
            .for_each(|(word, _)| self.tell(Some(word)));
    }
}

impl Supervision<'_> {
    /// Leaves the mailbox of an agent that has ended to its next incarnation. What the links do not keep is
    /// reported as lost.
    pub(super) fn hand_over(&mut self, index: usize, blame: Blame) {
        let member = &self.members.0[index];
        let (id, begun) = (member.id, member.begun());
        self.changes.push(self.absence(index));
        let Backend::SharedMemory(estate) = &self.launcher.backend else {
            self.balance(id);
            return;
        };
        let fate = fate(estate, member, blame);
        let poison = (fate == Fate::Poison).then(|| begun.map(|begun| estate.copy(id, begun)));
        let (skipped, unfinished) = match fate {
            Fate::Again(unfinished) => (None, Some(unfinished)),
            Fate::Over | Fate::Poison => (begun, None),
        };
        if let Err(error) = estate.hand_over(id, skipped) {
            tracing::error!(%id, %error, "some of its messages are lost");
        }
        let mut unanswered = estate.take_unanswered(id).unwrap_or_else(|error| {
            tracing::error!(%id, %error, "some who have asked wait in vain");
            BTreeSet::new()
        });
        let in_hand_again = unfinished.is_some() && begun.is_some();
        if let Some(again) = &mut self.members.0[index].again {
            again.unfinished = unfinished;
        }
        if let Some((asker, request)) = self.request_in_hand(index) {
            let in_hand = (asker.slot(), request);
            match in_hand_again {
                true => unanswered.remove(&in_hand),
                false => unanswered.insert(in_hand),
            };
        }
        self.tell_who_asked(unanswered);
        match poison.flatten() {
            None => {}
            Some(Ok(Some(body))) => self.give_back(index, body),
            Some(other) => tracing::error!(%id, ?other, "a message cannot be given back"),
        }
    }

    /// Whoever has asked what was begun waits in vain.
    fn tell_who_asked(&mut self, unanswered: BTreeSet<(u32, u64)>) {
        for (asker, request) in unanswered {
            if let Some(member) = self.members.0.get_mut(asker as usize) {
                member.tell_word(&ToAgent::Unanswered { request });
            }
        }
    }

    /// The request in hand, and who has asked.
    fn request_in_hand(&self, index: usize) -> Option<(AgentId, u64)> {
        let status = &self.members.0[index].agent.as_ref()?.status;
        let asker = status.handling()?.sender;
        let request = status.request();
        (request != 0 && asker != SUPERVISOR_ID).then_some((asker, request))
    }

    /// Gives the message in hand back to its sender, unless that has asked: then it has been told already.
    fn give_back(&mut self, index: usize, body: Vec<u8>) {
        let status = self.members.0[index].agent.as_ref();
        let Some(handling) = status.and_then(|agent| agent.status.handling()) else {
            return;
        };
        let message = self.describe(handling);
        let asked = self.request_in_hand(index).is_some();
        let sender = handling.sender.slot() as usize;
        let there =
            self.members.0.get(sender).is_some_and(|member| {
                member.agent.is_some() && (index == sender || !member.is_gone())
            });
        if there && !asked {
            let envelope = Envelope::new(handling.message_type, handling.sender, handling.site);
            let source = self.members.0[index].id;
            let poison = PoisonMessage::new(source, message.message.clone(), envelope, body);
            let encoded = codec::encode(&poison).ok();
            let word = encoded.and_then(|poison| word(&ToAgent::GivenBack(poison)));
            let from = self.members.0[index].label.clone();
            self.give(sender, word, from);
        }
        self.console.notice(&Notice::Poison {
            agent: self.members.0[index].label.clone(),
            message,
            returned: there,
        });
    }

    fn give(&mut self, to: usize, word: Option<Arc<[u8]>>, from: String) {
        let Some(word) = word else { return };
        let member = &mut self.members.0[to];
        if let Some(agent) = &member.agent
            && !member.has_ended()
        {
            member.given_back.forget(agent.status.given_back());
        }
        let there = member.going;
        member.given_back.waiting.push_back((word.clone(), from));
        if there {
            member.tell(Some(word));
        }
    }

    /// Adds to what is lost with an agent what it has been given back and has not begun.
    pub(super) fn add_given_back(&mut self, id: AgentId, lost: &mut Vec<Undelivered>) {
        let given_back = self.members.0[id.slot() as usize].take_given_back();
        for (_, from) in given_back.waiting {
            accounts::add(lost, &from, PoisonMessage::NAME, 1);
        }
    }
}

fn fate(estate: &Estate, member: &Member, blame: Blame) -> Fate {
    let (Some(agent), Some(again)) = (&member.agent, &member.again) else {
        return Fate::Over;
    };
    let Again {
        policy, unfinished, ..
    } = again;
    let earlier = agent.status.again();
    let Some(begun) = member.begun() else {
        let waits = unfinished.filter(|_| earlier == protocol::Again::Waiting);
        return waits.map_or(Fate::Over, Fate::Again);
    };
    let retries = policy.retries();
    let there = retries > 0
        && estate
            .is_unfinished(member.id, begun)
            .inspect_err(|error| tracing::error!(%error, "a message cannot be handled again"))
            .unwrap_or(false);
    let before = match earlier {
        protocol::Again::Begun(failures) => failures,
        protocol::Again::Waiting | protocol::Again::Done => 0,
    };
    let again = |failures| {
        Fate::Again(Unfinished {
            sender: begun.sender,
            failures,
        })
    };
    match blame {
        _ if !there => Fate::Over,
        Blame::Itself if before < retries => again(before + 1),
        Blame::Itself => Fate::Poison,
        Blame::Another => again(before),
        Blame::Nobody => Fate::Over,
    }
}
