//! How a process becomes an agent, and how it ends as one.

use super::audiences::Audiences;
use super::control::{Doorman, Listener, ListeningThread, Shared};
use super::long_texts::{cut, cut_panic};
use super::misses::Misses;
use super::news::News;
use super::panics::LastWords;
use super::retries::Retries;
use super::rounds::Rounds;
use super::sites::Sites;
use super::watching::Departures;
use super::{Context, core::Core};
use crate::catalog::{self, AgentEntry};
use crate::deadline;
use crate::message::ExceptionMessage;
use crate::protocol::{
    ControlReader, ControlWriter, Outcome, Remedy, Start, StatusPage, ToAgent, ToSupervisor,
    excess, longest_word, take_control_socket,
};
use crate::sys;
use crate::transport::{self, Awaited, Connection, Identity, Limits, Transport, Waited};
use crate::value;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, OnceLock};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

/// The exit code of an agent that has panicked, as that of a program that has.
const PANICKED: i32 = 101;

/// How long an agent that fails waits for the supervisor to know of the ends that it knows of.
const CONFIRMATION: Duration = Duration::from_millis(500);

/// What a process is that [`init`] has returned in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nobody's child.
    Parent,
    /// An agent, whose own code has called.
    Agent,
}

/// Turns this process into an agent if it was started as one; otherwise does nothing.
///
/// The first thread that comes here in a child takes over and never returns. Others wait for its end,
/// except that an agent's own code may start supervisors of its own.
pub(crate) fn init() -> Role {
    static AGENT_THREAD: OnceLock<Option<ThreadId>> = OnceLock::new();
    let mut taken = None;
    let agent_thread = AGENT_THREAD.get_or_init(|| {
        taken = take_control_socket().unwrap_or_else(|error| {
            tracing::error!(%error, "the supervisor cannot be reached");
            std::process::exit(1)
        });
        taken.as_ref().map(|_| std::thread::current().id())
    });
    if let Some(socket) = taken {
        if let Err(error) = become_agent(socket) {
            tracing::error!(%error, "this process cannot become an agent");
        }
        std::process::exit(1)
    }
    let here = std::thread::current().id();
    while agent_thread.is_some_and(|agent| agent != here) {
        std::thread::park();
    }
    match agent_thread {
        Some(_) => Role::Agent,
        None => Role::Parent,
    }
}

/// The whole life of an agent. Returns only when it cannot begin.
fn become_agent(socket: UnixStream) -> io::Result<()> {
    let mut descriptors = sys::descriptors::receive(&socket)?.into_iter();
    let (Some(status), Some(values)) = (descriptors.next(), descriptors.next()) else {
        return Err(io::Error::other("the supervisor sent too few descriptors"));
    };
    let status = StatusPage::map(status)?;
    // Its supervisor has made this process: how long its words are is its own affair.
    let mut reader = ControlReader::new(u32::MAX as usize);
    let Some(ToAgent::Start(start)) = reader.wait(&socket)? else {
        return Err(io::Error::other("the supervisor did not say who to be"));
    };
    let supervisor = Arc::new(ControlWriter::new(
        socket.try_clone()?,
        longest_word(start.settings.message_limit),
    ));
    let entry = match value::adopt(values)
        .map_err(|error| ToSupervisor::Unfit(error.to_string()))
        .and_then(|()| take_along(&start))
        .and_then(|()| start.limits.apply().map_err(ToSupervisor::Unfit))
        .and_then(|()| identify(&start))
        .inspect(|entry| sys::process::show_as(shown_name(&start, entry)))
    {
        Ok(entry) => entry,
        Err(unfit) => return supervisor.write(&unfit),
    };
    let mut transport = match open_transport(&start, descriptors.next(), &supervisor) {
        Ok(transport) => transport,
        Err(error) => {
            let reason = format!("nothing to carry its messages: {error}");
            return supervisor.write(&ToSupervisor::Unfit(reason));
        }
    };
    let bell = transport.as_ref().map(|transport| transport.bell());
    let shared = Shared {
        news: Arc::new(News::new(bell)),
        directory: Arc::default(),
        watches: Arc::default(),
        ledger: transport.as_ref().and_then(|transport| transport.ledger()),
        supervisor,
    };
    shared.supervisor.write(&ToSupervisor::Ready)?;
    let thread = ListeningThread::start()?;
    match reader.wait(&socket)? {
        Some(ToAgent::Go(lives)) => shared.change_directory(lives.0),
        _ => sys::process::vanish(),
    }
    thread.listen(Listener {
        alarm: transport
            .as_mut()
            .and_then(|transport| transport.alarm(socket.as_fd())),
        socket,
        reader,
        shared: shared.clone(),
    });
    live(
        entry,
        &start,
        context(&start, &shared, transport, status),
        &shared,
    )
}

/// Sees to it that what this process starts ends with it, where it has a supervisor (rule R16).
fn take_along(start: &Start) -> Result<(), ToSupervisor> {
    start.run.map_or(Ok(()), |_| {
        sys::group::end_with_this_process().map_err(|error| {
            ToSupervisor::Unfit(format!("what it starts would not end with it: {error}"))
        })
    })
}

/// Who to be, or what to tell the supervisor when this program has no such agent or is not the same.
fn identify(start: &Start) -> Result<&'static AgentEntry, ToSupervisor> {
    if let Err(error) = catalog::messages().and_then(|_| catalog::agents()) {
        return Err(ToSupervisor::Unfit(error.to_string()));
    }
    catalog::agent(start.agent)
        .filter(|_| catalog::fingerprint() == start.fingerprint)
        .ok_or_else(|| ToSupervisor::OtherBuild(catalog::shapes()))
}

/// What the list of processes shows for this one: the name of the agent, or its type where it bears none.
fn shown_name<'a>(start: &'a Start, entry: &'a AgentEntry) -> &'a str {
    let ty = entry.path.rsplit("::").next();
    start.name.as_deref().or(ty).unwrap_or(entry.path)
}

fn open_transport(
    start: &Start,
    memory: Option<OwnedFd>,
    supervisor: &Arc<ControlWriter>,
) -> io::Result<Option<Connection>> {
    let Some(run) = start.run else {
        return Ok(None);
    };
    sys::process::wake_with_end_of_parent();
    let identity = Identity {
        run: run.run,
        token: run.token,
        id: start.id,
        limits: Limits {
            mailbox: start.settings.mailbox_bytes,
            message: start.settings.message_limit,
        },
        occupied: start.occupied.clone(),
    };
    let doorman = Arc::new(Doorman::new(Arc::clone(supervisor)));
    transport::open(&identity, memory, doorman).map(Some)
}

fn context(
    start: &Start,
    shared: &Shared,
    mut transport: Option<Connection>,
    status: StatusPage,
) -> Context {
    if let Some(transport) = transport.as_mut().filter(|_| start.retries) {
        transport.retain(start.unfinished.map(|message| message.sender));
    }
    Context::new(Core {
        id: start.id,
        name: start.name.clone(),
        settings: start.settings,
        news: Arc::clone(&shared.news),
        directory: Arc::clone(&shared.directory),
        audiences: Audiences::default(),
        supervisor: Arc::clone(&shared.supervisor),
        status,
        transport,
        sites: Sites::after(start.known_sites),
        serving: None,
        unsent_answers: Vec::new(),
        hand: None,
        in_hand: false,
        mishap: None,
        misses: Misses::default(),
        retries: Retries::new(start.unfinished),
        next_request: sys::clock::now(),
        departures: Departures::new(&shared.watches),
        waits: 0,
        catch_ups: 0,
        heeded: 0,
        stopping: false,
        leaving: false,
        rounds: Rounds::default(),
    })
}

/// Runs the agent, sees its messages out, tells the supervisor, and ends the process.
fn live(entry: &AgentEntry, start: &Start, ctx: Context, shared: &Shared) -> ! {
    let supervisor = Arc::clone(&shared.supervisor);
    let last_words: LastWords = Box::new(move |panic| {
        let outcome = Outcome::Panicked(cut_panic(panic.clone()));
        let (at, sent) = (sys::clock::now(), Vec::new());
        let _ = supervisor.write(&ToSupervisor::Ended { outcome, at, sent });
    });
    let (ended, ctx) = (entry.run)(&start.arguments, ctx, last_words);
    let at = sys::clock::now();
    let mut ctx = ctx.core;
    let (outcome, code) = match ended {
        Ok(Ok(result)) => {
            let remedy = start.run.map_or(Remedy::Nothing, |_| Remedy::MessageLimit);
            match excess(result.len(), shared.supervisor.room(), remedy) {
                None => (Outcome::Done(result), 0),
                Some(excess) => (Outcome::failed(format!("its result {excess}")), 1),
            }
        }
        Ok(Err(failure)) => {
            let location = ctx.place_of(&failure.0);
            let text = cut(failure.0.into());
            (Outcome::Failed { text, location }, 1)
        }
        Err(panic) => (Outcome::Panicked(cut_panic(panic)), PANICKED),
    };
    if !matches!(outcome, Outcome::Done(_)) {
        await_word_of_ends(&mut ctx, deadline::after(CONFIRMATION));
    }
    if !ctx.is_stopping() {
        let source = ctx.id;
        match &outcome {
            Outcome::Done(_) => {}
            Outcome::Failed { text, .. } => {
                ctx.be_overheard(|| ExceptionMessage::new(source, text));
            }
            Outcome::Panicked(panic) => {
                ctx.be_overheard(|| ExceptionMessage::new(source, &panic.text));
            }
        }
    }
    if let Some(transport) = &mut ctx.transport {
        // Two that have ended and wait for room at each other would wait for ever. A mailbox that is
        // kept is left to the next incarnation.
        if shared.ledger.is_some() || !start.restartable {
            transport.refuse();
        }
        // Nobody hears of a failure before this has ended, so it waits for slow receivers less long.
        let failed = !matches!(outcome, Outcome::Done(_));
        ctx.flush(failed.then(|| deadline::after(start.settings.send_timeout)));
    }
    ctx.tell_of_misses();
    let sent = shared.ledger.as_ref().map(|ledger| ledger.close_all());
    let sent = sent.unwrap_or_default();
    let _ = shared
        .supervisor
        .write(&ToSupervisor::Ended { outcome, at, sent });
    std::process::exit(code)
}

/// Waits until the supervisor has told of the end of every peer that this agent has found gone.
///
/// An agent may fail because another has. Its own failure must not be seen first: by then the
/// supervisor has seen that of the other, and has told this agent to stop (rule R12).
fn await_word_of_ends(ctx: &mut Core, deadline: Instant) {
    loop {
        let seen = ctx.news.count();
        if ctx.is_stopping() {
            return;
        }
        let gone = ctx.transport.as_ref().map(|transport| transport.gone());
        let told = {
            let directory = ctx.directory();
            gone.unwrap_or_default()
                .iter()
                .all(|peer| !directory.is_running(*peer))
        };
        if told || ctx.wait(Awaited::Nothing, seen, Some(deadline)) == Waited::Late {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::AgentSettings;
    use crate::{Agent, Context, shape};

    #[crate::message(crate = crate)]
    #[allow(dead_code)]
    struct Word {
        text: String,
    }

    #[crate::agent(crate = crate, resident)]
    struct Someone {
        number: u64,
    }
    #[crate::agent(crate = crate)]
    impl Someone {
        #[handle]
        fn on_word(&mut self, word: &Word, ctx: &mut Context) {
            ctx.print(format_args!("{} {}", word.text, self.number));
        }
    }

    fn start(fingerprint: u64) -> Start {
        Start {
            agent: Someone::entry().key,
            id: crate::AgentId::new(0, 0),
            name: None,
            arguments: Vec::new(),
            fingerprint,
            run: None,
            settings: AgentSettings::default(),
            limits: crate::Limits::none(),
            known_sites: 0,
            occupied: std::collections::BTreeSet::new(),
            restartable: false,
            retries: false,
            unfinished: None,
        }
    }

    #[test]
    fn an_agent_of_the_same_build_is_found() {
        let entry = identify(&start(catalog::fingerprint())).unwrap();
        assert_eq!(entry.path, Someone::entry().path);
    }

    #[test]
    fn r14_the_requests_of_an_incarnation_have_later_numbers_also_when_incarnations_come_round() {
        let numbers = [u16::MAX, 0, 1].map(|incarnation| {
            let mut start = start(0);
            start.id = crate::AgentId::new(0, incarnation);
            let (socket, _) = UnixStream::pair().unwrap();
            let shared = Shared {
                news: Arc::new(News::new(None)),
                directory: Arc::default(),
                ledger: None,
                watches: Arc::default(),
                supervisor: Arc::new(ControlWriter::new(socket, 1 << 20)),
            };
            let page = StatusPage::create().unwrap();
            let mut ctx: Context = context(&start, &shared, None, page);
            [ctx.core.number_request(), ctx.core.number_request()]
        });
        assert!(numbers.concat().is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn an_agent_of_another_build_says_what_it_knows() {
        let mut ours = catalog::shapes();
        let changed = ours.iter_mut().find(|ty| ty.name.ends_with("::Word"));
        changed.unwrap().shape += 1;
        let unfit = identify(&start(shape::fingerprint(&ours))).err();
        let Some(ToSupervisor::OtherBuild(theirs)) = unfit else {
            panic!("{unfit:?}");
        };
        assert_eq!(
            shape::other_build(&ours, &theirs),
            "its process runs another build of the program: message `multitools::agent::enter::tests::Word` has another shape"
        );
    }
}
