//! One agent as its supervisor knows it.

use super::finishing::Round;
use super::outbound::Outbound;
use super::report::Cause;
use super::restarting::Again;
use super::retrying::GivenBack;
use super::spawning::{Former, Spawned};
use super::standard_error::StandardError;
use super::watching::{Down, Fall};
use crate::catalog::AgentEntry;
use crate::id::AgentId;
use crate::limits::Limits;
use crate::message::Ancestry;
use crate::protocol::{
    CHUNK, ControlReader, Idle, MOST_AGENTS, Outcome, SUPERVISOR_ID, StatusPage, ToAgent,
    ToSupervisor,
};
use crate::router;
use crate::sys;
use crate::transport::Place;
use rustix::io::ioctl_fionread;
use std::collections::HashMap;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::time::Duration;

/// How much is read from one agent before the others have their turn.
pub(super) const READS_AT_A_TURN: usize = 16;

/// How many places an agent may say that it sends from, and how much is kept of the name of one.
const MOST_SITES: usize = 1 << 16;
const LONGEST_SITE: usize = 4 << 10;

/// What to look at where a process has not come up.
const BEFORE_RUN: &str = "what `main` does before runs in every agent's process, where the standard input is the line to the supervisor and cannot be read";

/// A process of the run.
pub(super) struct Member {
    pub(super) id: AgentId,
    /// Its first incarnation: what had the slot before was another agent.
    pub(super) since: u16,
    /// Its place in the order of adding: that of slots is another, once they have been used again.
    pub(super) sequence: usize,
    /// For people: its name, or its id and type where it bears none.
    pub(super) label: String,
    pub(super) name: Option<String>,
    /// `None` for a plain command.
    pub(super) agent: Option<AgentSide>,
    pub(super) child: Child,
    /// Readable when the process has ended.
    pub(super) watch: OwnedFd,
    pub(super) ready: bool,
    /// Whether it has been told to go.
    pub(super) going: bool,
    pub(super) outcome: Option<Outcome>,
    /// When its end was, if it has told of it.
    pub(super) ended_at: Option<u64>,
    /// Why it could not begin.
    pub(super) unfit: Option<String>,
    pub(super) exit: Option<ExitStatus>,
    /// How many processes the kernel had killed for want of memory when it was started.
    pub(super) memory_kills: u64,
    /// Whether it was killed because it did not leave.
    pub(super) killed_for_staying: bool,
    /// Whether it has been told that it is killed.
    pub(super) killed: bool,
    pub(super) limits: Limits,
    /// The number of the first change of the population that it has not been told of.
    pub(super) told: u64,
    /// How many words it has been told, from the word to go on.
    pub(super) words: u64,
    /// Where it waits, as of its latest word of that.
    pub(super) idle: Option<Idle>,
    pub(super) round: Round,
    /// How it has ended, as others are told.
    pub(super) down: Option<Down>,
    /// Why it is being ended because of another.
    pub(super) fall: Option<Fall>,
    /// How it is started again; `None` where it never is.
    pub(super) again: Option<Again>,
    pub(super) given_back: GivenBack,
    /// Of one that another agent has spawned.
    pub(super) spawned: Option<Spawned>,
    /// Who had the slot before.
    pub(super) former: Option<Former>,
}

/// What there is besides the process where it is an agent.
pub(super) struct AgentSide {
    pub(super) entry: &'static AgentEntry,
    pub(super) control: UnixStream,
    pub(super) reader: ControlReader<ToSupervisor>,
    pub(super) outbound: Outbound,
    pub(super) status: Arc<StatusPage>,
    pub(super) stderr: StandardError,
    /// What it has said and [`look_ahead`](Self::look_ahead) has read.
    pub(super) unheard: Vec<ToSupervisor>,
    /// The places that it sends from.
    pub(super) sites: HashMap<u32, String>,
    /// Whether it can say no more.
    pub(super) silent: bool,
    /// Why what it says cannot be understood.
    pub(super) gibberish: Option<String>,
}

/// Whether a socket has more to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Remaining {
    Nothing,
    Perhaps,
}

impl Member {
    /// Whether its process has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.exit.is_some()
    }

    /// Whether it has ended for good.
    pub(super) fn is_gone(&self) -> bool {
        self.has_ended() && !self.is_awaited()
    }

    /// Whether it is to be started again.
    pub(super) fn is_awaited(&self) -> bool {
        self.again.as_ref().is_some_and(|again| again.due.is_some())
    }

    /// What others are told of it; `None` of a plain command.
    pub(super) fn entry(&self) -> Option<router::Member> {
        let entry = self.agent.as_ref()?.entry;
        Some(router::Member {
            id: self.id,
            since: self.since,
            kind: Arc::new(router::Kind {
                name: self.name.clone(),
                agent: entry.key,
                listens: entry.listens.iter().map(Ancestry::key).collect(),
            }),
        })
    }

    pub(super) fn is_resident(&self) -> bool {
        self.agent
            .as_ref()
            .is_some_and(|agent| agent.entry.resident)
    }

    pub(super) fn is_logger(&self) -> bool {
        self.agent.as_ref().is_some_and(|agent| agent.entry.logger)
    }

    /// Sends an encoded word, if this is an agent that is there to hear it.
    pub(super) fn tell(&mut self, word: Option<Arc<[u8]>>) {
        if self.exit.is_none()
            && let (Some(agent), Some(word)) = (&mut self.agent, word)
        {
            self.words += 1;
            agent.outbound.send(&agent.control, word);
        }
    }

    pub(super) fn tell_word(&mut self, word: &ToAgent) {
        self.tell(super::outbound::word(word));
    }

    /// Asks the process to end. An agent leads a group; a plain command belongs to ours.
    pub(super) fn terminate(&self) {
        match self.agent {
            Some(_) => sys::process::terminate_with_group(self.child.id()),
            None => sys::process::terminate(self.child.id()),
        }
    }

    /// Kills the process, and what it has started.
    pub(super) fn kill(&self) {
        match self.agent {
            Some(_) => sys::process::kill_with_group(self.child.id()),
            None => sys::process::kill(self.child.id()),
        }
    }

    /// Ends what a process that has ended has started. Until it is reaped its number is not given to
    /// another.
    pub(super) fn end_group(&self) {
        if self.agent.is_some() {
            sys::process::kill_with_group(self.child.id());
        }
    }

    /// Ends a process that has said something that is no word: where the next one begins cannot be told,
    /// and nobody would hear what it waits to say.
    pub(super) fn end_gibberish(&mut self) {
        let agent = self.agent.as_ref();
        let Some(gibberish) = agent.and_then(|agent| agent.gibberish.as_ref()) else {
            return;
        };
        if self.outcome.is_none() {
            let text = format!("what it wrote to its supervisor is no word: {gibberish}");
            self.outcome = Some(Outcome::failed(text));
            self.ended_at = Some(sys::clock::now());
        }
        self.kill();
    }

    /// Takes the exit status of a process that has ended.
    pub(super) fn reap(&mut self) {
        let status = self.child.wait();
        if let (Err(error), None) = (&status, &self.outcome) {
            // Other code of the program has waited for it, as for any child that ends.
            let text = format!("how its process has ended is not known: {error}");
            self.outcome = Some(Outcome::failed(text));
        }
        self.exit = Some(status.unwrap_or_else(|_| ExitStatus::from_raw(0)));
    }

    /// What is known of a process that has not come up in time.
    pub(super) fn lateness(&self, timeout: Duration) -> String {
        let agent = self.agent.as_ref();
        if agent.is_some_and(|agent| agent.outbound.is_being_read()) {
            return format!(
                "its process reached `run!` or `multitools::init()`, and was not done with its arguments within {timeout:?}"
            );
        }
        format!(
            "its process did not reach `run!` or `multitools::init()` within {timeout:?}; {BEFORE_RUN}"
        )
    }

    /// When it failed, whether its process has ended by now or is about to. An agent that ended without
    /// a word comes before all that tell a time: they may have failed because it was gone, and it did
    /// not fail because of them.
    pub(super) fn failed_at(&self) -> Option<u64> {
        if self.is_awaited() || self.is_ending() || self.is_secret() {
            return None;
        }
        let failed = match (&self.outcome, self.exit, &self.agent) {
            (Some(Outcome::Done(_)), ..) => self.fall.is_some() || self.has_used_up_restarts(),
            (Some(_), ..) => true,
            (None, Some(_), _) => self.cause().is_some(),
            (None, None, agent) => agent.as_ref().is_some_and(|agent| agent.silent),
        };
        failed.then(|| self.ended_at.unwrap_or(0))
    }

    /// Where the message is that it has in hand, if that came from another agent.
    pub(super) fn begun(&self) -> Option<Place> {
        let status = &self.agent.as_ref()?.status;
        let sender = status.handling()?.sender;
        // The page is the agent's own to write.
        if sender.slot() as usize >= MOST_AGENTS {
            return None;
        }
        let place = status.place();
        (sender != SUPERVISOR_ID).then_some(Place { sender, place })
    }

    /// Whether it is not started again because it has been too often.
    pub(super) fn has_used_up_restarts(&self) -> bool {
        self.again.as_ref().is_some_and(|again| again.exhausted)
    }

    /// What went wrong with a process that has ended; `None` when nothing did.
    pub(super) fn cause(&self) -> Option<Cause> {
        if let Some(fall) = &self.fall {
            return Some(fall.cause.clone());
        }
        if let Some(outcome) = &self.outcome {
            let again = self.has_used_up_restarts().then_some(Cause::EndedAgain);
            return Cause::told_by(outcome).or(again);
        }
        if self.killed_for_staying {
            return Some(Cause::DidNotLeave);
        }
        let exit = self.exit?;
        if self.agent.is_none() && exit.success() {
            return None;
        }
        let signal = exit.signal().map(|number| Cause::Signal {
            number,
            name: signal_hook::low_level::signal_name(number).unwrap_or("an unnamed signal"),
            core_dumped: exit.core_dumped(),
        });
        if !self.ready && self.agent.is_some() {
            let reason = self.unfit.clone().unwrap_or_else(|| {
                let end =
                    signal.map_or_else(|| format!("ended ({exit})"), |signal| signal.to_string());
                format!(
                    "its process {end} before it reached `run!` or `multitools::init()`; {BEFORE_RUN}"
                )
            });
            return Some(Cause::NeverReady { reason });
        }
        Some(signal.unwrap_or(Cause::Exit {
            code: exit.code().unwrap_or(-1),
        }))
    }
}

impl AgentSide {
    /// Reads what the agent says, a turn's worth.
    pub(super) fn read(&mut self, mut word: impl FnMut(ToSupervisor)) -> Remaining {
        for earlier in std::mem::take(&mut self.unheard) {
            word(earlier);
        }
        self.read_on(word)
    }

    /// Reads what there is of an agent that has ended. A process that it has started may have the socket
    /// too, and write to it for ever: that is not waited for.
    pub(super) fn read_rest(&mut self, mut word: impl FnMut(ToSupervisor)) {
        let left = ioctl_fionread(&self.control).unwrap_or(0);
        let turns = left / (READS_AT_A_TURN * CHUNK) as u64 + 1;
        for _ in 0..=turns {
            if self.read(&mut word) == Remaining::Nothing {
                return;
            }
        }
    }

    /// Reads a turn's worth for later, to learn of the places it has sent from by now.
    pub(super) fn look_ahead(&mut self) -> Remaining {
        let mut unheard = std::mem::take(&mut self.unheard);
        let remaining = self.read_on(|word| unheard.push(word));
        self.unheard = unheard;
        remaining
    }

    fn read_on(&mut self, mut word: impl FnMut(ToSupervisor)) -> Remaining {
        for _ in 0..READS_AT_A_TURN {
            if self.gibberish.is_some() {
                return Remaining::Nothing;
            }
            match self.reader.fill(&self.control) {
                Ok(0) => {
                    self.silent = true;
                    return Remaining::Nothing;
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Remaining::Nothing;
                }
                Err(error) => {
                    tracing::warn!(%error, "an agent's control socket cannot be read");
                    return Remaining::Nothing;
                }
            }
            loop {
                match self.reader.next() {
                    Ok(Some(ToSupervisor::Site {
                        number,
                        file,
                        line,
                        column,
                    })) => {
                        let file = &file[..file.floor_char_boundary(LONGEST_SITE)];
                        let place = format!("{file}:{line}:{column}");
                        if self.sites.len() < MOST_SITES {
                            self.sites.insert(number, place);
                        }
                    }
                    Ok(Some(next)) => word(next),
                    Ok(None) => break,
                    Err(error) => {
                        self.gibberish = Some(error.to_string());
                        break;
                    }
                }
            }
        }
        Remaining::Perhaps
    }
}
