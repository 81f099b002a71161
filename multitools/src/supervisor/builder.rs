//! Putting a run together.

use super::companions::check_groups;
use super::console::Console;
use super::idling::HANG_GRACE;
use super::main_loop::Supervision;
use super::startup::check_lengths;
use super::{Notice, Report, Results, RunError};
use crate::agent::{Agent, Behaviour};
use crate::catalog::{self, AgentEntry, AgentRegistration};
use crate::error::EncodeError;
use crate::limits::Limits;
use crate::message::AnyMessage;
use crate::output::Output;
use crate::protocol::AgentSettings;
use crate::restart::Restart;
use crate::wire::codec;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::process::Command;
use std::time::Duration;

/// A run in the making: the long form of [`run!`](crate::run).
///
/// ```no_run
/// use multitools::{process, RunError, Supervisor};
///
/// #[process]
/// fn multiply(one: i64, two: i64) -> i64 { one * two }
///
/// fn main() -> Result<(), RunError> {
///     multitools::init();
///     let mut supervisor = Supervisor::new();
///     let products: Vec<_> = (1..=3).map(|n| supervisor.add(multiply::with(n, n)).output()).collect();
///     let mut results = supervisor.on_print(|line| println!("CAUGHT {line}")).supervise()?;
///     for product in products {
///         println!("{}", results.take(product)?);
///     }
///     Ok(())
/// }
/// ```
#[must_use = "a supervisor does nothing until `supervise` is called"]
pub struct Supervisor<'h> {
    pub(super) plans: Vec<Plan>,
    pub(super) console: Console<'h>,
    pub(super) settings: Settings,
    /// The first thing that is wrong with what was added.
    trouble: Option<RunError>,
}

/// What is to be started.
pub(super) struct Plan {
    pub(super) name: Option<String>,
    pub(super) work: Work,
    pub(super) restart: Restart,
    pub(super) limits: Limits,
}

impl Plan {
    /// What it is.
    pub(super) fn path(&self) -> &'static str {
        match &self.work {
            Work::Agent { entry, .. } => entry.path,
            Work::Command(_) => "command",
        }
    }

    /// For people: its name, or its type where it bears none.
    pub(super) fn label(&self) -> String {
        let path = || self.path().to_owned();
        self.name.clone().unwrap_or_else(path)
    }
}

pub(super) enum Work {
    Agent {
        entry: &'static AgentEntry,
        arguments: Vec<u8>,
    },
    Command(Command),
}

/// The limits of a run.
#[derive(Clone, Copy)]
pub(super) struct Settings {
    pub(super) agents: AgentSettings,
    pub(super) start_timeout: Duration,
    pub(super) leave_grace: Duration,
    pub(super) hang_grace: Option<Duration>,
    pub(super) warn_of_commands: bool,
    pub(super) under_test: bool,
}

impl Default for Supervisor<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'h> Supervisor<'h> {
    /// A run without agents.
    pub fn new() -> Self {
        let mut supervisor = Supervisor {
            plans: Vec::new(),
            console: Console::default(),
            settings: Settings {
                agents: AgentSettings::default(),
                start_timeout: Duration::from_secs(10),
                leave_grace: Duration::from_secs(5),
                hang_grace: None,
                warn_of_commands: true,
                under_test: catalog::test_entry().is_some(),
            },
            trouble: None,
        };
        supervisor.hang_grace(HANG_GRACE);
        supervisor
    }

    /// A run of every registered agent that has a `Default` and is not `manual`: what `run!()` does.
    pub fn registered() -> Self {
        let mut supervisor = Self::new();
        let mut entries: Vec<_> = inventory::iter::<AgentRegistration>
            .into_iter()
            .map(|registration| registration.0)
            .filter(|entry| !entry.manual)
            .collect();
        entries.sort_by_key(|entry| in_source_order(entry.location));
        supervisor.trouble = catalog::unheard_among(&entries).map(RunError::Unheard);
        let mut without_default = Vec::new();
        for entry in entries {
            match entry.default {
                Some(make) => supervisor.plan(entry.name.map(str::to_owned), entry, make()),
                None => without_default.push(format!("`{}` ({})", entry.path, entry.location)),
            }
        }
        if !without_default.is_empty() {
            supervisor.trouble = Some(RunError::NoDefault(without_default));
        }
        supervisor
    }

    /// Adds an agent or a process, under the name and with the restarts that it declares. Its fields may have
    /// 64 MiB less 64 KiB, encoded, or the [`message_limit`](Self::message_limit) if that is more, as its result may:
    /// [`supervise`](Self::supervise) refuses more with [`RunError::Arguments`].
    pub fn add<A: Agent + Behaviour>(&mut self, agent: A) -> Added<'_, 'h, A::Output> {
        self.add_as(A::NAME.map(str::to_owned), &agent)
    }

    /// Adds an agent or a process under a name of its own.
    pub fn add_named<A: Agent + Behaviour>(
        &mut self,
        name: impl Into<String>,
        agent: A,
    ) -> Added<'_, 'h, A::Output> {
        self.add_as(Some(name.into()), &agent)
    }

    /// Adds an agent or a process that bears no name in this run.
    pub fn add_unnamed<A: Agent + Behaviour>(&mut self, agent: A) -> Added<'_, 'h, A::Output> {
        self.add_as(None, &agent)
    }

    fn add_as<A: Agent + Behaviour>(
        &mut self,
        name: Option<String>,
        agent: &A,
    ) -> Added<'_, 'h, A::Output> {
        self.plan(name, A::entry(), codec::encode(agent));
        self.added()
    }

    /// Adds a plain command. It is started and waited for, but takes no messages, of which a warning
    /// reminds; an exit status other than 0 is a failure.
    pub fn add_command(&mut self, command: Command) -> Added<'_, 'h, ()> {
        let name = command.get_program().to_string_lossy().into_owned();
        self.plans.push(Plan {
            name: Some(name),
            work: Work::Command(command),
            restart: Restart::never(),
            limits: Limits::none(),
        });
        self.added()
    }

    fn plan(
        &mut self,
        name: Option<String>,
        entry: &'static AgentEntry,
        arguments: Result<Vec<u8>, EncodeError>,
    ) {
        match arguments {
            Ok(arguments) => self.plans.push(Plan {
                name,
                work: Work::Agent { entry, arguments },
                restart: entry.restart,
                limits: entry.limits,
            }),
            Err(source) => {
                let agent = entry.path.to_owned();
                self.trouble
                    .get_or_insert(RunError::Arguments { agent, source });
            }
        }
    }

    fn added<T>(&mut self) -> Added<'_, 'h, T> {
        let output = Output::new(self.plans.len().saturating_sub(1));
        Added {
            supervisor: self,
            output,
            result: PhantomData,
        }
    }

    /// Takes the lines that agents print; without it they go to the standard output (rule R18).
    pub fn on_print(&mut self, handler: impl FnMut(&str) + 'h) -> &mut Self {
        self.console.on_print = Some(Box::new(handler));
        self
    }

    /// Takes the messages that agents send to [`SUPERVISOR`](crate::SUPERVISOR); without it they are
    /// reported, and the run goes on.
    pub fn on_object(&mut self, handler: impl FnMut(&AnyMessage) + 'h) -> &mut Self {
        self.console.on_object = Some(Box::new(handler));
        self
    }

    /// Takes what goes wrong without ending anybody; without it that is printed to the standard error.
    pub fn on_notice(&mut self, handler: impl FnMut(&Notice) + 'h) -> &mut Self {
        self.console.on_notice = Some(Box::new(handler));
        self
    }

    /// Takes the report of the failure that ends the run; without it that is printed to the standard
    /// error. The report is in the [`RunError`] as well.
    pub fn on_failure(&mut self, handler: impl FnMut(&Report) + 'h) -> &mut Self {
        self.console.on_failure = Some(Box::new(handler));
        self
    }

    /// Is called once when all agents have ended, whether the run has succeeded or not.
    pub fn on_finish(&mut self, handler: impl FnOnce() + 'h) -> &mut Self {
        self.console.on_finish = Some(Box::new(handler));
        self
    }

    /// How long a `send` may wait for room in a mailbox: 5 s unless set (rule R7).
    pub fn send_timeout(&mut self, timeout: Duration) -> &mut Self {
        self.settings.agents.send_timeout = timeout;
        self
    }

    /// How long [`Addr::ask`](crate::Addr::ask) waits for an answer: 5 s unless set (rule R8).
    pub fn ask_timeout(&mut self, timeout: Duration) -> &mut Self {
        self.settings.agents.ask_timeout = timeout;
        self
    }

    /// How many bytes of messages of one sender a mailbox holds before that sender has to wait: 8 MiB
    /// unless set, 4 KiB at least and, but for messages of more than 64 KiB, 64 MiB at most. Over sockets
    /// the limit is for all senders together, and what is on its way comes on top (rule R7).
    pub fn mailbox_limit(&mut self, bytes: usize) -> &mut Self {
        self.settings.agents.mailbox_bytes = bytes;
        self
    }

    /// How many bytes a message may have: 16 MiB unless set, 4 GiB at most (rule R7). The fields of an agent and
    /// its result may have as many, and 64 MiB less 64 KiB in any case.
    pub fn message_limit(&mut self, bytes: usize) -> &mut Self {
        self.settings.agents.message_limit = bytes.min(u32::MAX as usize);
        self
    }

    /// How long agents may take to come up: 10 s unless set. At the beginning of a run so much time may pass
    /// without the process of any agent coming up, so that a large run has longer; an agent that is spawned or
    /// started again has it for itself, from its start on.
    pub fn start_timeout(&mut self, timeout: Duration) -> &mut Self {
        self.settings.start_timeout = timeout;
        self
    }

    /// How long an agent may take to leave before it is sent SIGTERM, and 2 s later killed: 5 s unless
    /// set (rule R11).
    pub fn leave_grace(&mut self, grace: Duration) -> &mut Self {
        self.settings.leave_grace = grace;
        self
    }

    /// Whether a plain command causes a warning: yes unless set.
    pub fn warn_of_commands(&mut self, warn: bool) -> &mut Self {
        self.settings.warn_of_commands = warn;
        self
    }

    /// Children start through a `#[multitools::test]`, since this is a test binary.
    #[doc(hidden)]
    pub fn under_test(&mut self, under_test: bool) -> &mut Self {
        self.settings.under_test |= under_test;
        self
    }

    /// Starts everything that was added and waits until all of it is gone (rule R11).
    ///
    /// Blocks until then; Ctrl-C asks everybody to leave, a second one kills (rule R16). Calls the
    /// handlers on this thread. Afterwards the supervisor is empty again.
    ///
    /// # Errors
    /// [`RunError`] says why a run did not succeed.
    pub fn supervise(&mut self) -> Result<Results, RunError> {
        let plans = std::mem::take(&mut self.plans);
        if let Some(trouble) = self.trouble.take() {
            return Err(trouble);
        }
        catalog::messages().map_err(Clone::clone)?;
        catalog::agents().map_err(Clone::clone)?;
        if plans.is_empty() {
            return Err(RunError::NothingToRun);
        }
        if plans.len() > crate::protocol::MOST_AGENTS {
            return Err(RunError::TooMany(plans.len()));
        }
        check_groups(&plans)?;
        check_lengths(&plans, self.settings.agents.message_limit)?;
        if self.settings.warn_of_commands {
            self.warn_of(&plans);
        }
        let console = std::mem::take(&mut self.console);
        Supervision::begin(plans, self.settings, console)?.run()
    }

    fn warn_of(&mut self, plans: &[Plan]) {
        for plan in plans {
            if let Work::Command(command) = &plan.work {
                let program = command.get_program().to_string_lossy().into_owned();
                self.console.notice(&Notice::PlainCommand { program });
            }
        }
    }
}

/// What sorts `file:line:column` as the source does: the tenth line is after the ninth.
fn in_source_order(location: &str) -> (&str, u32, u32) {
    let mut parts = location.rsplitn(3, ':');
    let mut number = || parts.next().and_then(|part| part.parse().ok());
    let (column, line) = (number(), number());
    let file = parts.next().unwrap_or(location);
    (file, line.unwrap_or_default(), column.unwrap_or_default())
}

/// A supervisor with something just added to it. Use it on as the supervisor, or take the claim to the
/// result with [`output`](Added::output).
pub struct Added<'s, 'h, T> {
    supervisor: &'s mut Supervisor<'h>,
    output: Output<T>,
    result: PhantomData<T>,
}

impl<T> Added<'_, '_, T> {
    /// When it is started again after its end (rule R14), instead of what it declares. A plain command is
    /// never started again.
    #[allow(clippy::return_self_not_must_use)] // the supervisor has it
    pub fn restart(self, policy: Restart) -> Self {
        if let Some(plan) = self.supervisor.plans.last_mut() {
            plan.restart = policy;
        }
        self
    }

    /// What it may take of the machine, instead of what it declares. A plain command has the limits of the
    /// program itself.
    #[allow(clippy::return_self_not_must_use)] // the supervisor has it
    pub fn limits(self, limits: Limits) -> Self {
        if let Some(plan) = self.supervisor.plans.last_mut() {
            plan.limits = limits;
        }
        self
    }

    /// The claim to the result of what was added.
    #[must_use]
    pub fn output(self) -> Output<T> {
        self.output
    }
}

impl<'h, T> Deref for Added<'_, 'h, T> {
    type Target = Supervisor<'h>;
    fn deref(&self) -> &Supervisor<'h> {
        self.supervisor
    }
}

impl<T> DerefMut for Added<'_, '_, T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.supervisor
    }
}
