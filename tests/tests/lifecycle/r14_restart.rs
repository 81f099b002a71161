//! R14: an agent that has failed is started again, with what is unread in its mailbox.

use multitools::{
    AskError, Cause, Context, Error, Flow, Notice, Restart, RunError, SendError, Supervisor, agent,
    message,
};
use multitools_tests::{
    Gate, Numbered, PATIENCE, await_end, hold_back, open_gate, over_sockets, serve,
};
use std::time::Duration;

/// How an agent fails.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) enum Failure {
    Panic,
    Error,
    Exit,
    Abort,
    Kill,
}

impl Failure {
    pub(super) fn happen(self) -> Result<(), String> {
        match self {
            Failure::Panic => panic!("it panics"),
            Failure::Error => return Err("it fails".into()),
            Failure::Exit => std::process::exit(3),
            Failure::Abort => std::process::abort(),
            Failure::Kill => rustix::process::kill_process(
                rustix::process::getpid(),
                rustix::process::Signal::KILL,
            )
            .map_err(|error| error.to_string())?,
        }
        Ok(())
    }
}

/// Hands on the numbers that it gets, and fails at some of them.
#[agent(name = "worker", manual)]
struct Worker {
    how: Failure,
    fails_at: Vec<u32>,
    last: u32,
}
#[agent]
impl Worker {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        if ctx.id().incarnation() == 0 && !ctx.ids("gate").is_empty() {
            hold_back(ctx)?;
        }
        if ctx.id().incarnation() > 0 {
            // Only one of the sources wants to know.
            let _ = ctx.send("waits", &Numbered::new(0, 0));
        }
        serve(self, ctx)
    }
    #[handle]
    fn on_number(&mut self, m: &Numbered, ctx: &mut Context) -> Result<Flow, String> {
        if self.fails_at.contains(&m.number) {
            self.how.happen()?;
        }
        let sent = ctx.send("collector", &Numbered::new(m.number, 0));
        sent.map_err(|error| error.to_string())?;
        Ok(if m.number == self.last {
            Flow::Stop
        } else {
            Flow::Continue
        })
    }
}

/// Sends numbers to the worker, small and large, by an id that it asks for once.
#[agent(manual)]
struct Source {
    count: u32,
}
#[agent]
impl Source {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        let worker = ctx.ids("worker")[0];
        for number in 0..self.count {
            let bytes = if number % 10 == 3 { 100_000 } else { 100 };
            ctx.send(worker, &Numbered::new(number, bytes))?;
        }
        Ok(())
    }
}

/// Keeps the numbers.
#[agent(name = "collector", manual)]
struct Collector {
    last: u32,
}
#[agent]
impl Collector {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        let mut numbers = Vec::new();
        while numbers.last() != Some(&self.last) {
            numbers.push(ctx.next_message(PATIENCE)?.decode::<Numbered>()?.number);
        }
        Ok(numbers)
    }
}

pub(super) fn quickly(policy: Restart) -> Restart {
    policy.backoff(Duration::from_millis(1), Duration::from_millis(5))
}

/// What a notice is of, in a word.
pub(super) fn kind(notice: &Notice) -> &'static str {
    match notice {
        Notice::Restarting { .. } => "restarting",
        Notice::Restarted { .. } => "restarted",
        Notice::GivenUp { .. } => "given up",
        Notice::Poison { .. } => "poison",
        Notice::Undelivered { .. } => "undelivered",
        _ => "other",
    }
}

#[multitools::test]
fn r14_what_is_unread_is_kept_in_order_and_what_was_in_hand_is_reported() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    const FAILS_AT: [u32; 3] = [7, 43, 60];
    for how in [
        Failure::Panic,
        Failure::Error,
        Failure::Exit,
        Failure::Abort,
        Failure::Kill,
    ] {
        let mut notices = Vec::new();
        let mut supervisor = Supervisor::new();
        let fails_at = FAILS_AT.to_vec();
        let worker = Worker {
            how,
            fails_at,
            last: 99,
        };
        supervisor
            .add(worker)
            .restart(quickly(Restart::on_failure()));
        supervisor.add(Source { count: 100 });
        let numbers = supervisor.add(Collector { last: 99 }).output();
        supervisor.on_notice(|notice| notices.push(notice.clone()));
        let numbers = supervisor.supervise()?.take(numbers)?;
        drop(supervisor);
        let expected: Vec<u32> = (0..100).filter(|n| !FAILS_AT.contains(n)).collect();
        assert_eq!(numbers, expected, "{how:?}");
        let kinds: Vec<_> = notices.iter().map(kind).collect();
        assert_eq!(kinds, ["restarting", "restarted"].repeat(3), "{notices:#?}");
        for (notice, attempt) in notices.iter().step_by(2).zip(1..) {
            let Notice::Restarting {
                report: Some(report),
                attempt: told,
                ..
            } = notice
            else {
                panic!("{notice:?}");
            };
            assert_eq!(*told, attempt);
            let handled = report.handling.as_ref().unwrap();
            assert!(handled.message.ends_with("Numbered"), "{handled:?}");
            assert!(handled.sent_at.as_ref().unwrap().contains("r14_restart.rs"));
            assert_eq!(report.restarts, attempt - 1);
        }
    }
    Ok(())
}

/// Fails until its limit is reached.
#[agent(manual)]
struct Hopeless;
#[agent]
impl Hopeless {
    fn op(&mut self, ctx: &mut Context) -> Result<(), String> {
        Err(format!("as {}", ctx.id()))
    }
}

#[multitools::test]
fn r14_past_the_limit_the_run_fails_with_the_last_failure() {
    let mut kinds = Vec::new();
    let mut supervisor = Supervisor::new();
    supervisor
        .add(Hopeless)
        .restart(quickly(Restart::on_failure().max(2)));
    supervisor
        .on_notice(|notice| kinds.push(kind(notice)))
        .on_failure(|_| ());
    let error = supervisor.supervise().err().unwrap();
    let RunError::Failed(report) = error else {
        panic!("{error}");
    };
    assert_eq!(
        report.cause,
        Cause::Error {
            text: "as #0.2".into(),
            location: None,
        }
    );
    assert_eq!(report.restarts, 2);
    let told = "\n  started again 2 times before\n  not started again: its limit of 2 restarts within 60s is used up";
    assert!(report.to_string().contains(told), "{report}");
    let json = serde_json::to_value(&report).unwrap();
    let limit = serde_json::json!({"max": 2, "within_seconds": 60.0, "group": null});
    assert_eq!(json["restart_limit"], limit);
    drop(supervisor);
    assert_eq!(kinds, ["restarting", "restarted"].repeat(2));
}

#[message(reply = u32)]
struct Ask {
    fail: bool,
}

/// Answers, or fails instead.
#[agent(name = "oracle", resident, manual)]
struct Oracle;
#[agent]
impl Oracle {
    #[handle]
    fn on_ask(&mut self, request: &Ask, ctx: &mut Context) -> u32 {
        if request.fail {
            std::process::abort();
        }
        ctx.id().incarnation().into()
    }
}

/// Asks until it is answered by the next incarnation, by the id of the first.
#[agent(manual)]
struct Asker;
#[agent]
impl Asker {
    fn op(&mut self, ctx: &mut Context) -> Result<(String, u32), AskError> {
        let oracle = ctx.ids("oracle")[0];
        let failed = match ctx.ask(oracle, &Ask { fail: true }, PATIENCE) {
            Err(AskError::Dead { id, .. }) => format!("{id} has ended"),
            other => format!("{other:?}"),
        };
        loop {
            match ctx.ask(oracle, &Ask { fail: false }, PATIENCE) {
                Ok(incarnation) => return Ok((failed, incarnation)),
                // Over sockets it is gone until it is back.
                Err(AskError::Dead { .. } | AskError::Send(SendError::NoTarget { .. })) => {
                    let _ = ctx.wait_for("oracle", PATIENCE);
                }
                Err(other) => return Err(other),
            }
        }
    }
}

#[multitools::test]
fn r14_who_asked_is_told_and_an_id_from_before_reaches_the_next_incarnation() -> Result<(), RunError>
{
    let mut notices = Vec::new();
    let mut supervisor = Supervisor::new();
    supervisor
        .add(Oracle)
        .restart(quickly(Restart::on_failure()));
    let asked = supervisor.add(Asker).output();
    supervisor.on_notice(|notice| notices.push(notice.clone()));
    let (failed, incarnation) = supervisor.supervise()?.take(asked)?;
    drop(supervisor);
    assert_eq!(failed, "#0 has ended");
    assert_eq!(incarnation, 1, "{notices:#?}");
    Ok(())
}

/// Ends well, again and again.
#[agent(resident, manual)]
struct Recurring;
#[agent]
impl Recurring {
    fn op(&mut self, ctx: &mut Context) {
        // At last it has had enough.
        let number = ctx.id().incarnation().into();
        let _ = ctx.send("collector", &Numbered::new(number, 0));
    }
}

#[multitools::test]
fn r14_always_is_also_after_a_good_end() -> Result<(), RunError> {
    let mut kinds = Vec::new();
    let mut supervisor = Supervisor::new();
    supervisor
        .add(Recurring)
        .restart(quickly(Restart::always().max(1_000)));
    let numbers = supervisor.add(Collector { last: 3 }).output();
    supervisor.on_notice(|notice| kinds.push(kind(notice)));
    assert_eq!(supervisor.supervise()?.take(numbers)?, [0, 1, 2, 3]);
    drop(supervisor);
    assert_eq!(kinds[..6], ["restarting", "restarted"].repeat(3));
    Ok(())
}

#[multitools::test]
fn r14_a_good_end_past_the_limit_of_always_is_a_failure() {
    let mut kinds = Vec::new();
    let mut supervisor = Supervisor::new();
    supervisor
        .add(Recurring)
        .restart(quickly(Restart::always().max(2)));
    supervisor.add(Collector { last: 9 });
    supervisor.on_notice(|notice| kinds.push(kind(notice)));
    let Err(RunError::Failed(report)) = supervisor.supervise() else {
        panic!("it would have been started again");
    };
    drop(supervisor);
    assert_eq!(kinds[..4], ["restarting", "restarted"].repeat(2));
    assert_eq!(report.cause, Cause::EndedAgain);
    assert_eq!(report.restarts, 2);
    assert_eq!(report.restart_limit.as_ref().unwrap().max, 2);
    let text = report.to_string();
    let begin = "agent `Recurring` ended well, and was to be started again\n  id #0.2, process ";
    assert!(text.starts_with(begin), "{text}");
    let limit = "not started again: its limit of 2 restarts within 60s is used up";
    assert!(text.contains(limit), "{text}");
}

#[test]
fn r14_whether_mailboxes_will_be_kept_is_known_before() {
    assert_eq!(Supervisor::new().keeps_mailboxes(), !over_sockets());
}

#[multitools::test]
fn r14_over_sockets_what_cannot_be_kept_is_reported() -> Result<(), RunError> {
    if !over_sockets() {
        return Ok(());
    }
    let mut lost = 0;
    let mut supervisor = Supervisor::new();
    let worker = Worker {
        how: Failure::Kill,
        fails_at: vec![0],
        last: 1,
    };
    supervisor
        .add(worker)
        .restart(quickly(Restart::on_failure()));
    supervisor.add(SendsUntilGone);
    supervisor.add(Gate::default());
    supervisor.add(Collector { last: 1 });
    supervisor.on_notice(|notice| {
        if let Notice::Undelivered { messages, .. } = notice {
            lost += messages.iter().map(|lost| lost.count).sum::<u64>();
        }
    });
    supervisor.supervise()?;
    drop(supervisor);
    assert!(lost > 0);
    Ok(())
}

/// Sends what is lost, and then what is not.
#[agent(name = "waits", manual)]
struct SendsUntilGone;
#[agent]
impl SendsUntilGone {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for number in [0, 5, 5, 5] {
            match ctx.send("worker", &Numbered::new(number, 10)) {
                Ok(_) | Err(SendError::Dead { .. } | SendError::NoTarget { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
        // Nothing has been begun until now, so what follows the first is lost.
        open_gate(ctx)?;
        await_end(ctx, "worker")?;
        ctx.next_message(PATIENCE)?;
        ctx.wait_for("worker", PATIENCE)?;
        ctx.send("worker", &Numbered::new(1, 10))?;
        Ok(())
    }
}
