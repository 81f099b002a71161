//! What an agent has in its hands: everything it can do is a method of its context.

use super::Agent;
use super::address::Addr;
use super::ledger::Ledger;
use super::mailbox::{Mailbox, Wait};
use super::outbox::Outbox;
use super::sites::Sites;
use crate::deadline;
use crate::error::{InputError, RecvError};
use crate::id::{AgentId, Ids};
use crate::message::{InputMessage, InputResponseMessage, Message, PrintMessage};
use crate::protocol::{AgentSettings, ControlWriter, StatusPage, ToSupervisor};
use crate::router::{Directory, SUPERVISOR};
use crate::wire::frame::{Call, ReplyPath};
use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// An agent's hands: how it sends, receives, asks and prints.
///
/// Every agent is given its own, in `op` and in each handler. It stays in the agent's process and on
/// its thread.
///
/// ```no_run
/// use multitools::{agent, Context, Flow, StringMessage};
///
/// #[agent(name = "Echo")]
/// struct Echo;
/// #[agent]
/// impl Echo {
///     #[handle]
///     fn on_text(&mut self, message: &StringMessage, ctx: &mut Context) {
///         ctx.print(&message.text);
///     }
///     fn op(&mut self, ctx: &mut Context) -> Result<(), multitools::Error> {
///         while ctx.receive(self)? == Flow::Continue {}
///         Ok(())
///     }
/// }
/// # fn main() {}
/// ```
pub struct Context {
    pub(super) id: AgentId,
    pub(super) name: Option<String>,
    pub(super) settings: AgentSettings,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) directory: Arc<Mutex<Directory>>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) supervisor: Arc<ControlWriter>,
    pub(super) status: StatusPage,
    /// `None` in a process of a `ProcessList`.
    pub(super) outbox: Option<Outbox>,
    pub(super) sites: Sites,
    pub(super) frame: Vec<u8>,
    pub(super) serving: Option<Call>,
    /// Where answers are that have not left this process.
    pub(super) unsent_answers: Vec<Arc<dyn ReplyPath>>,
    pub(super) in_hand: bool,
    pub(super) next_request: u64,
}

impl Context {
    /// The context of a process that has no supervisor.
    #[cfg(test)]
    #[allow(clippy::unwrap_used)]
    pub(crate) fn detached() -> Context {
        let (socket, _) = std::os::unix::net::UnixStream::pair().unwrap();
        Context {
            id: AgentId::new(0, 0),
            name: None,
            settings: AgentSettings::default(),
            mailbox: Arc::new(Mailbox::new(0)),
            directory: Arc::default(),
            ledger: Arc::new(Ledger::new(0)),
            supervisor: Arc::new(ControlWriter::new(socket)),
            status: StatusPage::create().unwrap(),
            outbox: None,
            sites: Sites::default(),
            frame: Vec::new(),
            serving: None,
            unsent_answers: Vec::new(),
            in_hand: false,
            next_request: 0,
        }
    }

    /// This agent's own id.
    #[must_use]
    pub fn id(&self) -> AgentId {
        self.id
    }

    /// The name this agent bears in the run, if it bears one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The running agents that bear a name: none, one or several (rule R10).
    ///
    /// The answer is always at hand, since the supervisor tells every agent of each change; nothing is
    /// waited for. All agents that a run begins with are known before the first of them runs.
    #[must_use]
    pub fn ids(&self, name: &str) -> Ids {
        self.directory().named(name).to_vec().into()
    }

    /// The name that another agent bears, or has borne if it has ended: a message may be read after the
    /// end of its sender.
    #[must_use]
    pub fn name_of(&self, id: AgentId) -> Option<String> {
        self.directory().name_of(id).map(str::to_owned)
    }

    /// The running agents that bear a name, once there is one: for agents that are started later.
    ///
    /// Blocks until there is one, the timeout, or the end of the run.
    ///
    /// # Errors
    /// [`RecvError::Timeout`] and [`RecvError::Stopped`].
    pub fn wait_for(&mut self, name: &str, timeout: Duration) -> Result<Ids, RecvError> {
        if self.outbox.is_none() {
            return Err(RecvError::Unsupervised);
        }
        let deadline = deadline::after(timeout);
        loop {
            let seen = {
                let state = self.mailbox.state();
                if state.stopping {
                    return Err(RecvError::Stopped);
                }
                state.news()
            };
            let ids = self.ids(name);
            if !ids.is_empty() {
                return Ok(ids);
            }
            if self.mailbox.wait(seen, Some(deadline)) == Wait::Late {
                return Err(RecvError::Timeout(timeout));
            }
        }
    }

    /// The address of every running `A`, to which the compiler lets only what `A` handles be sent.
    #[must_use]
    pub fn addr<A: Agent>(&self) -> Addr<A> {
        Addr::new()
    }

    /// Prints a line, or several, through the supervisor (rule R18): never torn, never mixed with those
    /// of other agents, and in order with the agent's other prints.
    ///
    /// The supervisor writes it to its standard output, or gives it to the `on_print` handler. In a
    /// process of a `ProcessList` it goes to the standard output directly.
    pub fn print(&mut self, text: impl Display) {
        let text = text.to_string();
        if self.outbox.is_none() {
            print_directly(&text);
            return;
        }
        self.tell_supervisor(&ToSupervisor::Print(text.clone()));
        self.be_overheard(|| PrintMessage::new(text));
    }

    /// Asks the user for a line, through the supervisor (rule R18). Prompts queue there; one is shown
    /// at a time, with the agent's name.
    ///
    /// Blocks until there is a line, the input has ended, or the run is stopped. Messages queue
    /// meanwhile.
    ///
    /// # Errors
    /// [`InputError::EndOfInput`] and [`InputError::Stopped`].
    pub fn input(&mut self, prompt: impl Display) -> Result<String, InputError> {
        self.prompt(prompt.to_string(), None)
    }

    /// [`input`](Self::input) that waits no longer than `timeout`. The prompt is withdrawn then.
    ///
    /// # Errors
    /// [`InputError::Timeout`] besides those of [`input`](Self::input).
    pub fn input_timeout(
        &mut self,
        prompt: impl Display,
        timeout: Duration,
    ) -> Result<String, InputError> {
        self.prompt(prompt.to_string(), Some(timeout))
    }

    fn prompt(&mut self, prompt: String, timeout: Option<Duration>) -> Result<String, InputError> {
        if self.outbox.is_none() {
            return Err(InputError::Unsupervised);
        }
        let deadline = timeout.map(deadline::after);
        let request = self.number_request();
        self.tell_supervisor(&ToSupervisor::Input {
            request,
            prompt: prompt.clone(),
        });
        let source = self.id;
        self.be_overheard(|| InputMessage::new(source, prompt));
        let answer = loop {
            let seen = {
                let mut state = self.mailbox.state();
                if let Some(answer) = state.inputs.remove(&request) {
                    break answer;
                }
                if state.stopping {
                    break Err(InputError::Stopped);
                }
                state.news()
            };
            if self.mailbox.wait(seen, deadline) == Wait::Late {
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

    fn overhear<M: Message>(&mut self, message: &M) -> Result<(), crate::error::SendError> {
        let audience = self
            .directory()
            .audience(self.id, &SUPERVISOR, &M::ANCESTRY)
            .unwrap_or_default();
        self.send_to(&audience.listeners, message).map(drop)
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

    /// Whether the supervisor wants this agent to stop.
    pub(super) fn is_stopping(&self) -> bool {
        self.mailbox.state().stopping
    }
}

fn print_directly(text: &str) {
    use std::io::Write;
    // A closed standard output is no reason to fail: nobody is there to read.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
