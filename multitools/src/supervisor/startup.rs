//! Starting the processes of a run.

use super::builder::{Plan, Settings, Work};
use super::console::Console;
use super::events::EventSource;
use super::finishing::Round;
use super::member::{AgentSide, Member};
use super::outbound::{Outbound, word};
use super::restarting::Again;
use super::retrying::GivenBack;
use super::standard_error::StandardError;
use super::{Notice, RunError, Supervisor};
use crate::catalog::{self, AgentEntry};
use crate::id::AgentId;
use crate::launch::{launch, spawn_watched};
use crate::limits::Limits;
use crate::protocol::{
    ControlReader, Remedy, RunIdentity, Start, StatusPage, ToAgent, Unfinished, check_arguments,
    longest_value, longest_word,
};
use crate::restart::Restart;
use crate::sys::{self, memory_kills::MemoryKills};
use crate::transport::{self, Backend, Occupied};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::io;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// The members of a run while they are being started. Dropped before all have been, it kills them.
pub(super) struct Starting {
    pub(super) members: Members,
    pub(super) launcher: Launcher,
}

/// What it takes to start an agent of a run.
pub(super) struct Launcher {
    pub(super) backend: Backend,
    identity: RunIdentity,
    settings: Settings,
    memory_kills: OnceCell<MemoryKills>,
}

/// The processes of a run. None of them outlives it.
#[derive(Default)]
pub(super) struct Members(pub(super) Vec<Member>);

impl Drop for Members {
    fn drop(&mut self) {
        for member in self.0.iter_mut().filter(|member| !member.has_ended()) {
            member.kill();
            let _ = member.child.wait();
        }
    }
}

impl Supervisor<'_> {
    /// Whether what is unread of an agent that is started again will be kept, with what it has in hand where
    /// it declares `retry` (rule R14): in shared memory, with the limits set by now, and not over sockets,
    /// which a run uses where the system has no such memory for it or `MULTITOOLS_TRANSPORT=socket` asks for
    /// that. For programs that would wait for what is lost.
    ///
    /// Returns at once; asks the system for the memory, and gives it back.
    ///
    /// ```no_run
    /// use multitools::{Restart, RunError, Supervisor, process};
    ///
    /// #[process(restart = on_failure)]
    /// fn work() { /* .. */ }
    ///
    /// fn main() -> Result<(), RunError> {
    ///     multitools::init();
    ///     let mut supervisor = Supervisor::new();
    ///     let keeps = supervisor.keeps_mailboxes();
    ///     let mut worker = supervisor.add(work::with());
    ///     if !keeps {
    ///         worker.restart(Restart::never());
    ///     }
    ///     supervisor.supervise().map(drop)
    /// }
    /// ```
    #[must_use]
    pub fn keeps_mailboxes(&self) -> bool {
        matches!(choose(&self.settings).0, Backend::SharedMemory(_))
    }
}

fn choose(settings: &Settings) -> (Backend, Option<io::Error>) {
    transport::choose(transport::Limits {
        mailbox: settings.agents.mailbox_bytes,
        message: settings.agents.message_limit,
    })
}

/// Whether the processes of all can be told who to be.
pub(super) fn check_lengths(plans: &[Plan], message_limit: usize) -> Result<(), RunError> {
    let most = longest_value(message_limit);
    for plan in plans {
        let Work::Agent { entry, arguments } = &plan.work else {
            continue;
        };
        check_arguments(entry.path, arguments, most, Remedy::MessageLimit).map_err(|source| {
            let agent = plan.label();
            RunError::Arguments { agent, source }
        })?;
    }
    Ok(())
}

impl Starting {
    pub(super) fn new(settings: Settings, console: &mut Console<'_>) -> Result<Starting, RunError> {
        sys::descriptors::raise_limit();
        let (backend, unavailable) = choose(&settings);
        if let Some(error) = unavailable {
            let reason = error.to_string();
            console.notice(&Notice::NoSharedMemory { reason });
        }
        Ok(Starting {
            members: Members::default(),
            launcher: Launcher {
                backend,
                identity: new_identity()?,
                settings,
                memory_kills: OnceCell::new(),
            },
        })
    }

    /// Starts one process and watches it.
    pub(super) fn start(&mut self, plan: Plan, events: &EventSource) -> Result<(), RunError> {
        let index = self.members.0.len();
        let id = AgentId::new(u32::try_from(index).unwrap_or(u32::MAX), 0);
        let label = match &plan.name {
            Some(name) => name.clone(),
            None => format!("{id} ({})", plan.path()),
        };
        let started = match plan.work {
            Work::Agent { entry, arguments } => self.launcher.start(
                id,
                Origin {
                    name: plan.name,
                    label: label.clone(),
                    entry,
                    arguments,
                    limits: plan.limits,
                    sites: HashMap::new(),
                },
                plan.restart,
                Occupied::new(),
                None,
            ),
            Work::Command(command) => start_command(&self.launcher, id, plan.name, &label, command),
        };
        let failed = |source| RunError::Start {
            agent: label.clone(),
            source,
        };
        let member = started.map_err(failed)?;
        self.members.0.push(member);
        events
            .watch(index, &mut self.members.0[index])
            .map_err(|source| RunError::Start {
                agent: label,
                source,
            })
    }
}

/// What an agent is made of, each time that it is started.
#[derive(Clone)]
pub(super) struct Origin {
    pub(super) name: Option<String>,
    pub(super) label: String,
    pub(super) entry: &'static AgentEntry,
    pub(super) arguments: Vec<u8>,
    pub(super) limits: Limits,
    /// The places that earlier incarnations have sent from.
    pub(super) sites: HashMap<u32, String>,
}

impl Launcher {
    /// How many processes have been killed for want of memory. To look for that takes a while, which the
    /// first process needs to come up anyway.
    pub(super) fn memory_kills(&self) -> &MemoryKills {
        self.memory_kills.get_or_init(MemoryKills::find)
    }

    /// Starts the process of an agent, which then waits to be told to go.
    pub(super) fn start(
        &self,
        id: AgentId,
        origin: Origin,
        restart: Restart,
        occupied: Occupied,
        unfinished: Option<Unfinished>,
    ) -> io::Result<Member> {
        let status = StatusPage::create()?;
        let memory = match &self.backend {
            Backend::SharedMemory(estate) => {
                estate.admit(id);
                Some(estate.descriptor())
            }
            Backend::LocalSockets => None,
        };
        let under_test = self.settings.under_test;
        let mut launched = launch(under_test, true, &status, memory, Stdio::piped())?;
        let stderr = launched.child.stderr.take();
        let stderr = stderr.ok_or_else(|| io::Error::other("the standard error is not a pipe"))?;
        launched.control.set_nonblocking(true)?;
        let start = Start {
            agent: origin.entry.key,
            id,
            name: origin.name.clone(),
            arguments: origin.arguments.clone(),
            fingerprint: catalog::fingerprint(),
            run: Some(self.identity),
            settings: self.settings.agents,
            occupied,
            restartable: !restart.is_never(),
            retries: restart.retries() > 0,
            unfinished,
            limits: origin.limits,
            known_sites: u32::try_from(origin.sites.len()).unwrap_or(u32::MAX),
        };
        let mut outbound = Outbound::default();
        if let Some(word) = word(&ToAgent::Start(Box::new(start))) {
            outbound.send(&launched.control, word);
        }
        Ok(Member {
            id,
            since: 0,
            sequence: id.slot() as usize,
            label: origin.label.clone(),
            name: origin.name.clone(),
            watch: launched.watch,
            child: launched.child,
            agent: Some(AgentSide {
                entry: origin.entry,
                control: launched.control,
                reader: ControlReader::new(longest_word(self.settings.agents.message_limit)),
                outbound,
                status: Arc::new(status),
                stderr: StandardError::new(stderr)?,
                unheard: Vec::new(),
                sites: origin.sites.clone(),
                silent: false,
                gibberish: None,
            }),
            ready: false,
            going: false,
            outcome: None,
            ended_at: None,
            unfit: None,
            exit: None,
            memory_kills: self.memory_kills().known(),
            killed_for_staying: false,
            killed: false,
            limits: origin.limits,
            down: None,
            told: 0,
            words: 0,
            idle: None,
            round: Round::default(),
            fall: None,
            again: Again::new(origin, restart),
            given_back: GivenBack::default(),
            spawned: None,
            former: None,
        })
    }
}

fn start_command(
    launcher: &Launcher,
    id: AgentId,
    name: Option<String>,
    label: &str,
    mut command: Command,
) -> io::Result<Member> {
    sys::process::bind_to_parent(&mut command);
    let (child, watch) = spawn_watched(&mut command)?;
    Ok(Member {
        id,
        since: 0,
        sequence: id.slot() as usize,
        label: label.to_owned(),
        name,
        agent: None,
        watch,
        child,
        ready: true,
        going: true,
        outcome: None,
        ended_at: None,
        unfit: None,
        exit: None,
        memory_kills: launcher.memory_kills().known(),
        killed_for_staying: false,
        killed: false,
        limits: Limits::none(),
        down: None,
        told: 0,
        words: 0,
        idle: None,
        round: Round::default(),
        fall: None,
        again: None,
        given_back: GivenBack::default(),
        spawned: None,
        former: None,
    })
}

/// A name for the run that no other run has, and a secret.
fn new_identity() -> Result<RunIdentity, RunError> {
    let mut random = [0; 24];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let (run, token) = random.split_at(8);
    let mut identity = RunIdentity {
        run: 0,
        token: [0; 16],
    };
    identity.token.copy_from_slice(token);
    identity.run = run.iter().fold(0, |run, byte| run << 8 | u64::from(*byte));
    Ok(identity)
}
