//! R11: how agents end when nothing goes wrong, and what is done about those who do not.

use multitools::{
    AnyMessage, Cause, Context, Error, Flow, Notice, ResidentTermMessage, RunError, SendError,
    StringMessage, Supervisor, agent, logger, message, process, run,
};
use multitools_tests::lifecycle::{LONG, Watch};
use std::cell::RefCell;
use std::time::Duration;

/// How many messages each sender leaves right before it ends.
const MANY: u32 = 3_000;

#[message]
struct Numbered {
    n: u32,
}

/// Sends a lot to all `Collects` and ends; connects to them only as the very last thing.
#[agent(name = "Sends", manual)]
struct Sends;

#[agent]
impl Sends {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        for n in 0..MANY {
            ctx.send("Collects", &Numbered { n })?;
        }
        Ok(())
    }
}

/// Ends with one message to somebody it never spoke to before.
#[agent(name = "Says", manual)]
struct Says;

#[agent]
impl Says {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        ctx.send("Collects", &Numbered { n: MANY }).map(drop)
    }
}

#[agent(name = "Collects", resident, manual)]
#[derive(Default)]
struct Collects {
    numbers: u32,
    last: u32,
    ended: u32,
}

#[agent]
impl Collects {
    #[handle]
    fn on_number(&mut self, number: &Numbered) {
        assert_eq!(self.ended, 0, "the last message is the last");
        self.last += u32::from(number.n == MANY);
        self.numbers += 1;
    }

    #[handle]
    fn on_end(&mut self, _end: &ResidentTermMessage) {
        self.ended += 1;
    }

    fn op(&mut self, ctx: &mut Context) -> Result<(u32, u32, u32), Error> {
        while ctx.receive(self)? == Flow::Continue {}
        let nothing_follows = ctx.next_message(Duration::ZERO).is_err();
        assert!(nothing_follows);
        Ok((self.numbers, self.last, self.ended))
    }
}

#[multitools::test]
fn r11_the_last_message_comes_after_everything_that_was_sent() {
    let (one, (), (), (), two, (), ()) = run!(
        Collects::default(),
        Sends,
        Says,
        Sends,
        Collects::default(),
        Says,
        Says
    )
    .unwrap();
    let all = (2 * MANY + 3, 3, 1);
    assert_eq!((one, two), (all, all));
}

/// Starts slowly to read: its mailbox is full when the others end.
#[agent(name = "Collects", resident, manual)]
struct CollectsLate;

#[agent]
impl CollectsLate {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        // Nobody else runs any more when this agent begins to read.
        while ctx.ids("Sends").len() + ctx.ids("Says").len() > 0 {
            let _ = ctx.wait_for("nobody", Duration::from_millis(1));
        }
        let mut count = 0;
        loop {
            let message = ctx.next_message(LONG)?;
            if message.is::<ResidentTermMessage>() {
                return Ok(count);
            }
            count += 1;
        }
    }
}

#[multitools::test]
fn r11_the_last_message_waits_for_what_a_full_mailbox_holds_back() {
    let mut supervisor = Supervisor::new();
    // What does not fit into the mailbox waits in sockets, which hold a few hundred messages.
    let collected = supervisor.mailbox_limit(1000).add(CollectsLate).output();
    for _ in 0..20 {
        supervisor.add(Says);
    }
    let mut results = supervisor.supervise().unwrap();
    assert_eq!(results.take(collected).unwrap(), 20);
}

/// Ends by a handler's word.
#[agent(name = "Stops", resident, manual)]
#[derive(Default)]
struct Stops;

#[agent]
impl Stops {
    #[handle]
    fn on_text(&mut self, _text: &StringMessage) -> Flow {
        Flow::Stop
    }
}

#[agent(name = "Tells", manual)]
struct Tells;

#[agent]
impl Tells {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        let first = ctx.ids("Stops")[0];
        ctx.send(first, &StringMessage::new("stop"))?;
        while ctx.ids("Stops").len() == 2 {
            let _ = ctx.wait_for("nobody", Duration::from_millis(1));
        }
        // Everybody else goes on.
        ctx.send("Collects", &Numbered { n: 1 })?;
        Ok(ctx.ids("Stops").len() + ctx.ids("Collects").len())
    }
}

#[multitools::test]
fn r11_flow_stop_ends_only_that_agent() {
    let (others, (), (), collected) = run!(Tells, Stops, Stops, Collects::default()).unwrap();
    assert_eq!(others, 2);
    assert_eq!(collected, (1, 0, 1));
}

/// Prints when it leaves.
#[agent(name = "Leaves", resident, manual)]
struct Leaves;

#[agent]
impl Leaves {
    #[handle]
    fn on_end(&mut self, _end: &ResidentTermMessage, ctx: &mut Context) {
        // A logger hears it though everybody has been told to leave.
        let heard = ctx.send("Log", &Numbered { n: 99 }).is_ok();
        ctx.print(format_args!("resident, heard: {heard}"));
    }
}

#[logger(name = "Log", listen_to(Numbered))]
#[derive(Default)]
struct Log;

#[logger]
impl Log {
    fn log(&mut self, message: &AnyMessage, ctx: &mut Context) {
        let n = message.decode::<Numbered>().map_or(0, |number| number.n);
        ctx.print(format_args!("log {n}"));
    }
}

#[multitools::test]
fn r11_loggers_leave_last() {
    let mut lines = Vec::new();
    run!(Log, Leaves, Leaves, Says, Collects::default();
        on_print = |line: &str| lines.push(line.to_owned()))
    .unwrap();
    lines.sort();
    let expected = [
        "log 3000",
        "log 99",
        "log 99",
        "resident, heard: true",
        "resident, heard: true",
    ];
    assert_eq!(lines, expected);
}

#[multitools::test]
fn r11_residents_alone_are_told_to_leave_at_once() {
    let (collected, (), ()) = run!(Collects::default(), Leaves, Log).unwrap();
    assert_eq!(collected, (0, 0, 1));
}

#[process]
fn everything(n: i64, text: String) -> (i64, String, Vec<Option<u8>>, Result<(), String>) {
    (n, text, vec![None, Some(1)], Err("a value".into()))
}

#[multitools::test]
fn r11_results_are_typed() {
    let ((n, text, list, result), ()) =
        run!(everything::with(-7, "täxt".into()), nothing::with()).unwrap();
    assert_eq!((n, text.as_str()), (-7, "täxt"));
    assert_eq!((list, result), (vec![None, Some(1)], Err("a value".into())));
}

#[process]
fn nothing() {}

/// Keeps the residents from being told to leave until one is ready for that.
#[agent(name = "Awaits", manual)]
struct Awaits;

#[agent]
impl Awaits {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.next_message(LONG)?;
        Ok(())
    }
}

/// Tells its process and does not listen.
#[agent(name = "Deaf", resident, manual)]
struct Deaf {
    ignores_sigterm: bool,
}

#[agent]
impl Deaf {
    fn op(&mut self, ctx: &mut Context) {
        if self.ignores_sigterm {
            let noticed = std::sync::Arc::default();
            signal_hook::flag::register(signal_hook::consts::SIGTERM, noticed).unwrap();
        }
        ctx.print(std::process::id());
        ctx.send("Awaits", &StringMessage::new("ready")).unwrap();
        loop {
            std::thread::park();
        }
    }
}

#[multitools::test]
fn r11_who_does_not_leave_is_terminated_and_then_killed() {
    for ignores_sigterm in [false, true] {
        let watches = RefCell::new(Vec::new());
        let notices = RefCell::new(Vec::new());
        let error = run!(Deaf { ignores_sigterm }, Awaits;
            leave_grace = Duration::from_millis(20),
            on_print = |line: &str| {
                if let Ok(pid) = line.parse() {
                    watches.borrow_mut().push(Watch::new(pid));
                }
            },
            on_notice = |notice: &Notice| notices.borrow_mut().push(notice.clone()),
            on_failure = |_: &multitools::Report| {})
        .unwrap_err();
        assert!(watches.borrow().iter().all(|agent| !agent.is_alive()));
        let agent = "Deaf".to_owned();
        let mut expected = vec![Notice::SlowToLeave {
            agent: agent.clone(),
        }];
        if ignores_sigterm {
            expected.push(Notice::Killed { agent });
        }
        assert_eq!(*notices.borrow(), expected);
        let RunError::Failed(report) = error else {
            panic!("{error}");
        };
        assert_eq!(report.cause, Cause::DidNotLeave);
        assert_eq!(report.agent, "Deaf");
        let told = "agent `Deaf` did not leave when told to and was killed";
        assert_eq!(report.headline(), told);
    }
}

/// Leaves when SIGTERM reminds it: that is no failure.
#[agent(name = "Slow", resident, manual)]
struct Slow;

#[agent]
impl Slow {
    fn op(&mut self, ctx: &mut Context) -> u32 {
        let mut signals =
            signal_hook::iterator::Signals::new([signal_hook::consts::SIGTERM]).unwrap();
        ctx.send("Awaits", &StringMessage::new("ready")).unwrap();
        signals.forever().take(1).count();
        7
    }
}

#[multitools::test]
fn r11_who_leaves_when_terminated_has_a_result() {
    let mut notices = 0;
    let (seven, ()) = run!(Slow, Awaits;
        leave_grace = Duration::from_millis(20),
        on_notice = |_: &Notice| notices += 1)
    .unwrap();
    assert_eq!((seven, notices), (7, 1));
}

#[multitools::test]
fn r11_the_run_returns_when_all_are_gone() {
    let mut pids = Vec::new();
    let finished = RefCell::new(0);
    run!(TellsProcess, TellsProcess, Leaves;
        on_print = |line: &str| pids.extend(line.parse::<u32>().ok().map(Watch::new)),
        on_finish = || *finished.borrow_mut() += 1)
    .unwrap();
    assert_eq!((pids.len(), *finished.borrow()), (2, 1));
    assert!(pids.iter().all(|agent| !agent.is_alive()));
}

#[agent(name = "TellsProcess", manual)]
struct TellsProcess;

#[agent]
impl TellsProcess {
    fn op(&mut self, ctx: &mut Context) {
        ctx.print(std::process::id());
    }
}
