//! What every agent has in its hands, whatever it declares that it sends.

use super::audiences::Audiences;
use super::long_texts::{cut, pieces};
use super::mishaps::Mishap;
use super::misses::Misses;
use super::news::News;
use super::retries::Retries;
use super::rounds::Rounds;
use super::sites::Sites;
use super::watching::Departures;
use crate::deadline;
use crate::error::{InputError, SendError, WaitError};
use crate::id::{AgentId, Ids};
use crate::message::{
    Ancestry, AnyMessage, InputMessage, InputResponseMessage, Message, PrintMessage,
};
use crate::protocol::{AgentSettings, ControlWriter, StatusPage, ToSupervisor};
use crate::router::{Directory, SUPERVISOR, Target};
use crate::transport::{Awaited, Connection, Transport, Waited};
use crate::wire::frame::{Call, ReplyPath};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The inside of a [`Context`](super::Context).
pub(crate) struct Core {
    pub(super) id: AgentId,
    pub(super) name: Option<String>,
    pub(super) settings: AgentSettings,
    pub(super) news: Arc<News>,
    pub(super) directory: Arc<Mutex<Directory>>,
    pub(super) audiences: Audiences,
    pub(super) supervisor: Arc<ControlWriter>,
    pub(super) status: StatusPage,
    /// `None` in a process of a `ProcessList`.
    pub(super) transport: Option<Connection>,
    pub(super) sites: Sites,
    pub(super) serving: Option<Call>,
    /// Where answers are that have not left this process.
    pub(super) unsent_answers: Vec<Arc<dyn ReplyPath>>,
    /// The last message that was handled, whose place the next one takes.
    pub(super) hand: Option<Box<AnyMessage>>,
    /// Whether the supervisor sees a message in hand.
    pub(super) in_hand: bool,
    pub(super) mishap: Option<Mishap>,
    pub(super) misses: Misses,
    pub(super) retries: Retries,
    /// The number of the last request. The first one is the time at which this incarnation began, and no
    /// agent asks more often than once in a nanosecond: so an answer to an earlier one is none to this.
    pub(super) next_request: u64,
    pub(super) departures: Departures,
    /// How many long waits the supervisor was told of.
    pub(super) waits: u64,
    /// How often the supervisor was asked for what it has held back.
    pub(super) catch_ups: u64,
    /// The news that have been looked at, and whether they told to stop or to leave.
    pub(super) heeded: u64,
    pub(super) stopping: bool,
    pub(super) leaving: bool,
    pub(super) rounds: Rounds,
}

impl Core {
    /// For a process that has no supervisor.
    #[cfg(test)]
    #[allow(clippy::unwrap_used)]
    pub(super) fn detached() -> Core {
        let (socket, _) = std::os::unix::net::UnixStream::pair().unwrap();
        Core {
            id: AgentId::new(0, 0),
            name: None,
            settings: AgentSettings::default(),
            news: Arc::new(News::new(None)),
            directory: Arc::default(),
            audiences: Audiences::default(),
            supervisor: Arc::new(ControlWriter::new(socket, 1 << 20)),
            status: StatusPage::create().unwrap(),
            transport: None,
            sites: Sites::default(),
            serving: None,
            unsent_answers: Vec::new(),
            hand: None,
            in_hand: false,
            mishap: None,
            misses: Misses::default(),
            retries: Retries::default(),
            next_request: 0,
            departures: Departures::default(),
            waits: 0,
            catch_ups: 0,
            heeded: 0,
            stopping: false,
            leaving: false,
            rounds: Rounds::default(),
        }
    }

    pub(super) fn ids(&self, name: &str) -> Ids {
        self.directory().named(name).to_vec().into()
    }

    /// Waits until the supervisor has told of all agents that a target names. They run: this agent has
    /// their ids from themselves, or from others who have been told. Whether that word has come.
    pub(super) fn await_word_of(&mut self, target: &Target<'_>, deadline: Instant) -> bool {
        loop {
            let seen = self.news.count();
            let ids = target.ids();
            let directory = self.directory();
            let missing = ids.iter().any(|id| directory.has_yet_to_hear_of(*id));
            drop(directory);
            if !missing {
                return true;
            }
            if self.is_stopping()
                || self.wait(Awaited::Nothing, seen, Some(deadline)) == Waited::Late
            {
                return false;
            }
        }
    }

    /// The running agents that a target stands for.
    pub(super) fn ids_of(&self, target: &Target<'_>) -> Ids {
        let audience = self.directory().audience(self.id, target, &Ancestry::ROOT);
        audience.unwrap_or_default().addressees.into()
    }

    pub(super) fn wait_for(&mut self, name: &str, waited: Duration) -> Result<Ids, WaitError> {
        if self.transport.is_none() {
            return Err(WaitError::Unsupervised);
        }
        let deadline = deadline::after(waited);
        loop {
            let seen = self.news.count();
            if self.is_stopping() {
                return Err(WaitError::Stopped);
            }
            let ids = self.ids(name);
            if !ids.is_empty() {
                return Ok(ids);
            }
            if self.wait(Awaited::Nothing, seen, Some(deadline)) == Waited::Late {
                let similar = self.directory().name_like(name).map(str::to_owned);
                let name = name.to_owned();
                return Err(WaitError::Timeout {
                    name,
                    waited,
                    similar,
                });
            }
        }
    }

    pub(super) fn print(&mut self, text: String) {
        if self.transport.is_none() {
            print_directly(&text);
            return;
        }
        for piece in pieces(&text, self.supervisor.room()) {
            self.tell_supervisor(&ToSupervisor::Print(piece.to_owned()));
        }
        self.be_overheard(|| PrintMessage::new(text));
    }

    pub(super) fn prompt(
        &mut self,
        prompt: String,
        timeout: Option<Duration>,
    ) -> Result<String, InputError> {
        if self.transport.is_none() {
            return Err(InputError::Unsupervised);
        }
        let deadline = timeout.map(deadline::after);
        let request = self.number_request();
        self.tell_supervisor(&ToSupervisor::Input {
            request,
            prompt: cut(prompt.clone()),
        });
        let source = self.id;
        self.be_overheard(|| InputMessage::new(source, prompt));
        let answer = loop {
            let seen = self.news.count();
            if let Some(answer) = self.news.state().inputs.remove(&request) {
                break answer;
            }
            if self.is_stopping() {
                break Err(InputError::Stopped);
            }
            if self.wait(Awaited::Nothing, seen, deadline) == Waited::Late {
                self.tell_supervisor(&ToSupervisor::InputWithdrawn { request });
                break Err(InputError::Timeout(timeout.unwrap_or_default()));
            }
        };
        if let Ok(line) = &answer {
            let line = line.clone();
            self.be_overheard(|| InputResponseMessage::new(line));
        }
        answer
    }

    /// Lets those who listen to exactly this type hear what passes between the agent and the
    /// supervisor (rule R3). Nobody else is told, and nobody waits for a slow listener's error.
    pub(super) fn be_overheard<M: Message>(&mut self, message: impl FnOnce() -> M) {
        if self.directory().has_exact_listeners(M::ANCESTRY.key())
            && let Err(error) = self.overhear(&message())
        {
            tracing::debug!(%error, "a listener missed {}", M::NAME);
        }
    }

    fn overhear<M: Message>(&mut self, message: &M) -> Result<(), SendError> {
        let audience = self
            .directory()
            .audience(self.id, &SUPERVISOR, &M::ANCESTRY)
            .unwrap_or_default();
        self.send_copies(&audience.listeners, message).map(drop)
    }

    pub(super) fn directory(&self) -> MutexGuard<'_, Directory> {
        self.directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Without a supervisor this process is about to end, so there is nobody to tell of a failure.
    pub(super) fn tell_supervisor(&self, word: &ToSupervisor) {
        if let Err(error) = self.supervisor.write(word) {
            tracing::debug!(%error, "the supervisor has gone");
        }
    }

    pub(super) fn number_request(&mut self) -> u64 {
        self.next_request += 1;
        self.next_request
    }

    /// Whether the supervisor has told this agent to stop, also where that is not heeded yet: it may be why
    /// somebody is not found.
    pub(super) fn is_told_to_stop(&self) -> bool {
        self.news.state().stopping
    }

    /// Whether the supervisor wants this agent to stop.
    #[inline]
    pub(super) fn is_stopping(&mut self) -> bool {
        let count = self.news.count();
        if self.heeded != count {
            self.heed_news(count);
        }
        self.stopping
    }

    /// Looks at what the supervisor has said.
    #[cold]
    fn heed_news(&mut self, count: u64) {
        self.heeded = count;
        let mut state = self.news.state();
        self.stopping |= state.stopping;
        self.retries.take_in(&mut state.given_back);
        if let Some(transport) = &mut self.transport {
            // The news may be that somebody has been killed.
            transport.look_again();
            let downs = self.departures.watches().take_downs();
            self.departures.await_messages(transport, downs);
            let leaves = state.leaving && !std::mem::replace(&mut self.leaving, true);
            if self.rounds.follow(state.rounds) || leaves {
                self.rounds.drains += 1;
                transport.drain();
            }
        }
    }
}

fn print_directly(text: &str) {
    use std::io::Write;
    // A closed standard output is no reason to fail: nobody is there to read.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

#[cfg(test)]
#[path = "core_tests.rs"]
mod tests;
