//! R14: what an agent, a logger or a function declares of its restarts.

use multitools::{
    Context, Error, LISTENERS, Notice, Restart, RunError, SendError, Supervisor, agent, logger,
    process,
};
use multitools_tests::lifecycle::Program;
use multitools_tests::{Numbered, take_numbers};
use std::time::Duration;

/// Fails until it has been started again twice, as it declares.
#[agent(name = "declared", manual, restart = on_failure, max = 2, within = "1h", backoff = "1ms..5ms")]
struct Declared {
    good: u16,
}
#[agent]
impl Declared {
    fn op(&mut self, ctx: &mut Context) -> Result<u16, String> {
        let incarnation = ctx.id().incarnation();
        if incarnation < self.good {
            return Err(format!("as {}", ctx.id()));
        }
        Ok(incarnation)
    }
}

#[process(restart = on_failure, max = 1, backoff = "1ms..1ms")]
fn declared_function(ctx: &mut Context) -> Result<u16, String> {
    match ctx.id().incarnation() {
        0 => Err("not yet".to_owned()),
        incarnation => Ok(incarnation),
    }
}

#[multitools::test]
fn r14_what_is_declared_holds_in_a_run() -> Result<(), RunError> {
    let mut attempts = Vec::new();
    let (agent, function) = multitools::run!(
        Declared { good: 2 }, declared_function::with();
        on_notice = |notice| {
            if let Notice::Restarting { agent, attempt, .. } = notice {
                attempts.push((agent.clone(), *attempt));
            }
        },
    )?;
    assert_eq!((agent, function), (2, 1));
    attempts.sort();
    let expected = [("declared", 1), ("declared", 2), ("declared_function", 1)];
    assert_eq!(
        attempts,
        expected.map(|(agent, attempt)| (agent.to_owned(), attempt))
    );
    Ok(())
}

#[test]
fn r14_what_is_declared_holds_in_a_run_of_all_agents() {
    let finished = Program::run(env!("CARGO_BIN_EXE_registered_restart"), &[]).finish();
    assert!(finished.status.success(), "{finished:?}");
    assert_eq!(finished.out, "well as #0.1\n", "{finished:?}");
    assert!(finished.err.contains("(restart 1)"), "{finished:?}");
}

#[multitools::test]
fn r14_past_the_declared_limit_the_run_fails() {
    let ended = multitools::run!(Declared { good: 3 }; on_notice = |_| (), on_failure = |_| ());
    let Err(RunError::Failed(report)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(report.restarts, 2);
}

#[multitools::test]
fn r14_what_is_said_when_it_is_added_holds_instead() {
    let restarts = |policy| {
        let mut supervisor = Supervisor::new();
        supervisor.add(Declared { good: 9 }).restart(policy);
        supervisor.on_notice(|_| ()).on_failure(|_| ());
        match supervisor.supervise() {
            Err(RunError::Failed(report)) => {
                let once =
                    "started again once before\n  not started again: its limit of 1 restart within";
                assert_eq!(report.to_string().contains(once), report.restarts == 1);
                assert_eq!(report.restart_limit.is_some(), report.restarts > 0);
                report.restarts
            }
            other => panic!("{:?}", other.map(drop)),
        }
    };
    let millisecond = Duration::from_millis(1);
    let quick = Restart::on_failure().backoff(millisecond, millisecond);
    assert_eq!(restarts(Restart::never()), 0);
    assert_eq!(restarts(quick.max(1)), 1);
    assert_eq!(restarts(quick.max(4)), 4);
}

/// Listens, and fails at the first message that it gets.
#[logger(name = "log", listen_to(Numbered), manual, restart = on_failure, max = 1, backoff = "1ms..1ms")]
struct Log;
#[logger]
impl Log {
    fn log(&mut self, m: &Numbered, ctx: &mut Context) -> Result<(), String> {
        if ctx.id().incarnation() == 0 {
            return Err("no ink".to_owned());
        }
        let sent = ctx.send("collector", &Numbered::new(m.number, 0));
        sent.map(drop).map_err(|error| error.to_string())
    }
}

/// Takes two numbers.
#[agent(name = "collector", manual)]
struct Collector;
#[agent]
impl Collector {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        take_numbers(ctx, 2)
    }
}

/// Sends numbers to the listeners.
#[agent(manual)]
struct Announcer;
#[agent]
impl Announcer {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        for number in 0..3 {
            ctx.send(LISTENERS, &Numbered::new(number, 0))?;
        }
        Ok(())
    }
}

#[multitools::test]
fn r14_a_logger_that_declares_it_goes_on() -> Result<(), RunError> {
    if std::env::var_os("MULTITOOLS_TRANSPORT").is_some_and(|choice| choice == "socket") {
        return Ok(()); // what is unread is not kept there
    }
    let (_, (), numbers) = multitools::run!(Log, Announcer, Collector; on_notice = |_| ())?;
    assert_eq!(numbers, [1, 2]);
    Ok(())
}
