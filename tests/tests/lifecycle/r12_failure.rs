//! R12: what is a failure, and what comes of it.

use super::PROGRAM;
use multitools::{Cause, Context, Error, Flow, LISTENERS, RunError, StringMessage, agent, run};
use multitools_tests::Never;
use multitools_tests::lifecycle::{Finished, LONG, Program, Watch, kill};
use rustix::process::Signal;
use std::cell::RefCell;
use std::time::Instant;

/// Runs a failing agent among others, and checks what all failures have in common.
fn failure(how: &str, told: &str) {
    let mut program = Program::run(PROGRAM, &["fail", how]);
    let agent = Watch::new(program.pid_of("fails"));
    let finished = program.finish();
    assert!(!agent.is_alive());
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    let headline = format!("agent `Fails` {told}");
    let Finished { out, err, .. } = &finished;
    assert_eq!(
        err.matches(&headline).count(),
        2,
        "once in the report and once as what `main` returns:\n{err}"
    );
    assert!(
        err.starts_with(&format!("multitools: {headline}\n")),
        "{err}"
    );
    assert!(err.ends_with(&format!("Error: {headline}\n")), "{err}");
    assert_eq!(
        err.matches("agent `").count(),
        2,
        "no other is reported:\n{err}"
    );
    for trace in [
        "thread '",
        "RecvError",
        "unwrap",
        "stack backtrace",
        "Stopped",
    ] {
        assert!(!err.contains(trace), "the others end quietly:\n{err}");
    }
    assert!(out.ends_with("all are gone\n"), "{out}");
}

#[test]
fn r12_a_panic_is_a_failure() {
    let out = Program::run(PROGRAM, &["fail", "panic"]).finish();
    let error = out.err.lines().last().unwrap();
    let place =
        error.strip_prefix("Error: agent `Fails` panicked at tests/src/bin/lifecycle/ends.rs:");
    assert!(place.unwrap().ends_with(": the roof is on fire"), "{error}");
    assert_eq!(
        out.err.matches("the roof is on fire").count(),
        2,
        "{}",
        out.err
    );
    assert!(!out.err.contains("thread '"), "{}", out.err);
    assert_eq!(out.status.code(), Some(1));
}

#[test]
fn r12_an_error_of_op_is_a_failure() {
    failure("error", "failed: out of luck");
}

#[test]
fn r12_ending_the_process_is_a_failure_even_with_exit_code_0() {
    for code in [0, 3] {
        let told =
            format!("ended its process with exit code {code} instead of returning from `op`");
        failure(&format!("exit-{code}"), &told);
    }
}

#[test]
fn r12_aborting_is_a_failure() {
    failure("abort", "was killed by SIGABRT (signal 6)");
}

/// The signals that this process ignores, a bit for each.
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    u64::from_str_radix(mask.unwrap().trim(), 16).unwrap()
}

#[test]
fn r12_death_by_any_signal_is_a_failure() {
    let signals = [
        (1, "SIGHUP"),
        (2, "SIGINT"),
        (4, "SIGILL"),
        (8, "SIGFPE"),
        (9, "SIGKILL"),
        (11, "SIGSEGV"),
        (15, "SIGTERM"),
        (31, "SIGSYS"),
    ];
    let ignored = ignored_signals();
    // Whoever has started the tests may ignore one, as `nohup` does; then everybody below does.
    let deadly = |number: &u32| ignored & 1 << (number - 1) == 0;
    for (number, name) in signals.into_iter().filter(|(number, _)| deadly(number)) {
        failure(
            &format!("signal-{number}"),
            &format!("was killed by {name} (signal {number})"),
        );
    }
}

#[agent(name = "Refuses", resident, manual)]
struct Refuses;

#[agent]
impl Refuses {
    #[handle]
    fn on_text(&mut self, message: &StringMessage) -> Result<(), String> {
        Err(format!("I do not like {}", message.text))
    }
}

#[agent(name = "Tells", manual)]
struct Tells;

#[agent]
impl Tells {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.send("Refuses", &StringMessage::new("spam"))?;
        ctx.next_message(None)?;
        Ok(())
    }
}

#[multitools::test]
fn r12_an_error_of_a_handler_is_a_failure() {
    let reports = RefCell::new(Vec::new());
    let error = run!(Refuses, Tells;
        on_failure = |report: &multitools::Report| reports.borrow_mut().push(report.cause.clone()))
    .unwrap_err();
    let text = "I do not like spam".to_owned();
    assert_eq!(
        *reports.borrow(),
        [Cause::Error {
            text,
            location: None
        }],
        "reported once"
    );
    assert_eq!(
        format!("{error:?}"),
        "agent `Refuses` failed: I do not like spam"
    );
    assert!(matches!(error, RunError::Failed(_)));
}

#[agent(name = "First", resident, manual)]
struct First;

#[agent]
impl First {
    #[handle]
    fn on_text(&mut self, message: &StringMessage) -> Flow {
        if message.text == "abort" {
            std::process::abort();
        }
        panic!("{}", message.text)
    }
}

/// Fails because another has: it is told of the other's end before its supervisor looks.
#[agent(name = "Second", manual)]
struct Second {
    word: String,
}

#[agent]
impl Second {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.print(std::process::id());
        ctx.print(ctx.ids("First").len());
        while ctx
            .send("First", &StringMessage::new(self.word.as_str()))
            .is_ok()
        {}
        Err(Error::Handler("the first one has gone".into()))
    }
}

/// The supervisor is kept from looking until the second has failed because of the first: its print
/// handler waits for the second one's end.
#[multitools::test]
fn r12_the_first_failure_is_reported_however_late_the_supervisor_looks() {
    for word in ["panic", "abort", "panic", "abort"] {
        let mut second = None;
        let word = word.to_owned();
        let error = run!(Second { word }, First;
        on_failure = |_: &multitools::Report| {},
        on_print = |line: &str| match &second {
            None => second = Some(Watch::new(line.parse().unwrap())),
            Some(second) => assert!(second.gone_within(LONG)),
        })
        .unwrap_err();
        let RunError::Failed(report) = error else {
            panic!("{error}");
        };
        assert_eq!(report.agent, "First", "{report}");
    }
}

/// Fails at a text. Nobody else listens to texts.
#[agent(name = "Fuse", resident, manual, listen_to(StringMessage))]
struct Fuse;

#[agent]
impl Fuse {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) -> Result<(), String> {
        Err("it has blown".to_owned())
    }

    #[handle]
    fn on_never(&mut self, _: &Never) {}
}

/// Talks to the fuse as soon as it knows that this has gone, and says what comes of it.
#[agent(manual)]
struct TalksToTheFuse;

#[agent]
impl TalksToTheFuse {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let fuse = ctx.ids("Fuse")[0];
        let text = StringMessage::new("too much");
        ctx.send(fuse, &text)?;
        // A wait would end when it is told to stop, which may be later.
        let deadline = Instant::now() + LONG;
        while !ctx.ids("Fuse").is_empty() && Instant::now() < deadline {
            std::thread::yield_now();
        }
        let addr = ctx.addr::<Fuse>();
        let sent = [
            ctx.send("Fuse", &text),
            ctx.try_send("Fuse", &text),
            ctx.send(fuse, &text),
            ctx.send(LISTENERS, &text),
            addr.send(ctx, &text),
        ];
        let asked = [
            ctx.ask("Fuse", &Never, LONG),
            ctx.ask(fuse, &Never, LONG),
            addr.ask(ctx, &Never),
        ];
        ctx.print(format_args!("{sent:?} {asked:?}"));
        Ok(())
    }
}

#[multitools::test]
fn r12_who_is_gone_because_the_run_is_being_stopped_is_not_taken_for_a_stranger() {
    for round in 0..10 {
        let mut said = Vec::new();
        let ended = run!(TalksToTheFuse, Fuse;
            on_failure = |_: &multitools::Report| {},
            on_notice = |_: &multitools::Notice| {},
            on_print = |line: &str| said.push(line.to_owned()));
        assert!(ended.is_err());
        let stopped = |times: usize| format!("[{}]", vec!["Err(Stopped)"; times].join(", "));
        let expected = format!("{} {}", stopped(5), stopped(3));
        assert_eq!(said, [expected], "round {round}");
    }
}

#[test]
fn r12_an_end_after_which_an_agent_would_be_started_again_is_not_the_failure() {
    let mut program = Program::run(PROGRAM, &["one-comes-again"]);
    let [goes, comes] = ["goes", "comes"].map(|name| program.pid_of(name));
    let watches = [goes, comes].map(Watch::new);
    // The supervisor finds both ends at once, as a rule first that of the one which is not started again.
    program.signal(Signal::STOP);
    for (process, watch) in [goes, comes].into_iter().zip(&watches) {
        kill(process, Signal::KILL);
        assert!(watch.gone_within(LONG));
    }
    program.signal(Signal::CONT);
    let finished = program.finish();
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    let failed = "\nError: agent `goes` was killed by SIGKILL (signal 9)\n";
    assert!(finished.err.ends_with(failed), "{finished:?}");
}
