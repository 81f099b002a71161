//! The thread that listens to the supervisor.

use super::news::News;
use super::watches::Watches;
use crate::id::AgentId;
use crate::protocol::{ControlReader, ControlWriter, ToAgent, ToSupervisor};
use crate::router::{Change, Directory};
use crate::sys;
use crate::transport::{Alarm, Ledger, Turned};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

/// What the threads of an agent share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) news: Arc<News>,
    pub(super) directory: Arc<Mutex<Directory>>,
    pub(super) watches: Arc<Mutex<Watches>>,
    /// Where the links themselves do not remember what was sent.
    pub(super) ledger: Option<Arc<Ledger>>,
    pub(super) supervisor: Arc<ControlWriter>,
}

impl Shared {
    fn tell_supervisor(&self, word: &ToSupervisor) {
        // The listening thread sees the supervisor's end and acts on it.
        let _ = self.supervisor.write(word);
    }

    pub(super) fn change_directory(&self, changes: impl IntoIterator<Item = Change>) {
        let mut directory = self
            .directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            watches.follow(&change);
            directory.apply(change);
        }
        // Before anybody can see the change: what is remembered of the population is forgotten by this count, and
        // may not be mixed with what is looked up anew.
        self.news.count_one();
        drop((directory, watches));
        self.news.ring();
    }
}

/// Listens to the supervisor until it has gone, and then takes this process with it: an agent without
/// a supervisor has nobody to work for (rule R16).
pub(super) struct Listener {
    pub(super) socket: UnixStream,
    pub(super) reader: ControlReader<ToAgent>,
    pub(super) shared: Shared,
    pub(super) alarm: Option<Arc<Alarm>>,
}

/// The thread for a [`Listener`]. It takes a moment to start, which is better spent while there is nothing
/// to do but to wait.
pub(super) struct ListeningThread(Sender<Listener>);

impl ListeningThread {
    pub(super) fn start() -> std::io::Result<ListeningThread> {
        let (sender, receiver) = channel::<Listener>();
        std::thread::Builder::new()
            .name("multitools-control".into())
            .stack_size(256 << 10)
            .spawn(move || {
                if let Ok(mut listener) = receiver.recv() {
                    while let Ok(true) = listener.listen() {}
                    sys::process::vanish();
                }
            })?;
        Ok(ListeningThread(sender))
    }

    /// Has it listen from now on.
    pub(super) fn listen(self, listener: Listener) {
        // It waits for nothing else.
        let _ = self.0.send(listener);
    }
}

impl Listener {
    /// Obeys what has been said, and waits for more. Whether there is any.
    fn listen(&mut self) -> std::io::Result<bool> {
        while let Some(word) = self.reader.next()? {
            self.obey(word);
        }
        if let Some(alarm) = &self.alarm {
            alarm.attend_until_readable()?;
        }
        Ok(self.reader.fill(&self.socket)? != 0)
    }

    fn obey(&self, word: ToAgent) {
        match word {
            ToAgent::Changed(changes) => self.follow(changes.0),
            ToAgent::Finish => self.shared.news.change(|state| state.rounds += 1),
            ToAgent::Leave => self.shared.news.change(|state| state.leaving = true),
            ToAgent::Stop(changes) => {
                // First: whoever finds somebody gone has to find as well that the run is being stopped.
                self.shared.news.state().stopping = true;
                self.follow(changes.0);
            }
            ToAgent::Unanswered { request } => self.shared.news.change(|state| {
                state.leave_unanswered(request);
            }),
            ToAgent::GivenBack(message) => self.shared.news.change(|state| {
                state.given_back.push(message);
            }),
            ToAgent::Input { request, result } => {
                let result = result.map_err(Into::into);
                self.shared.news.change(|state| {
                    state.inputs.insert(request, result);
                });
            }
            ToAgent::Spawned { request, result } => self.shared.news.change(|state| {
                if let Ok(id) = &result {
                    state.ends.insert(*id, None);
                }
                state.spawned.insert(request, result);
            }),
            ToAgent::SpawnedEnded { id, result } => self.shared.news.change(|state| {
                if let Some(end) = state.ends.get_mut(&id) {
                    *end = Some(result.map(|encoded| encoded.0));
                }
            }),
            ToAgent::CaughtUp => self.shared.news.change(|state| state.catch_ups += 1),
            ToAgent::Unknown(id) => {
                let watches = &self.shared.watches;
                let mut watches = watches.lock().unwrap_or_else(PoisonError::into_inner);
                watches.follow_unknown(id);
                drop(watches);
                self.shared.news.change(|_| ());
            }
            ToAgent::Start(_) | ToAgent::Go(_) => {}
        }
    }

    fn follow(&self, changes: Vec<Change>) {
        let ended: Vec<AgentId> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Ended(id, _) | Change::Away { id, .. } => Some(*id),
                Change::Joined(_) => None,
            })
            .collect();
        self.shared.change_directory(changes);
        for id in ended {
            if let Some(ledger) = &self.shared.ledger {
                ledger.close(id, |account| {
                    self.shared.tell_supervisor(&ToSupervisor::Sent(account));
                });
            }
        }
    }
}

/// How many strangers are told of one by one. Of those that follow, the supervisor is told whenever their
/// number has doubled: whoever knocks without end does not have it talk without end.
const EACH_TOLD: u64 = 16;

/// Tells the supervisor of strangers.
pub(super) struct Doorman {
    supervisor: Arc<ControlWriter>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    strangers: u64,
    told: u64,
}

impl Doorman {
    pub(super) fn new(supervisor: Arc<ControlWriter>) -> Doorman {
        Doorman {
            supervisor,
            seen: Mutex::default(),
        }
    }
}

impl Turned for Doorman {
    fn away(&self, reason: String) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.strangers += 1;
        if seen.strangers > EACH_TOLD && !seen.strangers.is_power_of_two() {
            return;
        }
        let times = seen.strangers - seen.told;
        seen.told = seen.strangers;
        let reason = match times {
            1 => reason,
            more => format!("{more} more, the last of which was {reason}"),
        };
        // Without a supervisor this process is about to end.
        let _ = self
            .supervisor
            .write(&ToSupervisor::Refused { reason, times });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_knocks_without_end_is_counted_and_told_of_now_and_then() {
        let (here, there) = UnixStream::pair().unwrap();
        let doorman = Doorman::new(Arc::new(ControlWriter::new(here, 1 << 20)));
        for _ in 0..5000 {
            doorman.away("a stranger".to_owned());
        }
        drop(doorman);
        let mut reader = ControlReader::<ToSupervisor>::new(1000);
        let mut told = Vec::new();
        while let Some(word) = reader.wait(&there).unwrap() {
            let ToSupervisor::Refused { reason, times } = word else {
                panic!("{word:?}");
            };
            told.push((reason, times));
        }
        assert_eq!(told[15], ("a stranger".to_owned(), 1));
        let more = "16 more, the last of which was a stranger";
        assert_eq!(told[16], (more.to_owned(), 16));
        assert_eq!(told.len(), 24, "{told:?}");
        assert_eq!(told.iter().map(|(_, times)| times).sum::<u64>(), 4096);
    }

    #[test]
    fn r10_a_change_has_been_counted_when_it_can_be_seen() {
        let (socket, _) = UnixStream::pair().unwrap();
        let shared = Shared {
            news: Arc::new(News::new(None)),
            directory: Arc::default(),
            watches: Arc::default(),
            ledger: None,
            supervisor: Arc::new(ControlWriter::new(socket, 1 << 20)),
        };
        let id = AgentId::new(1, 0);
        let is_there = || shared.directory.lock().unwrap().is_running(id);
        std::thread::scope(|scope| {
            // Whoever counts by what this guards would come no further than to the directory.
            let _state = shared.news.state();
            scope.spawn(|| shared.change_directory([Change::joined(id, 0)]));
            while !is_there() {
                std::thread::yield_now();
            }
            assert_eq!(shared.news.count(), 1);
        });
    }
}
