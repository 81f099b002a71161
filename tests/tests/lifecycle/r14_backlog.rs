//! R14: a resident that fails at what is left in its mailbox is started again to work it off.

use super::r14_restart::{Failure, kind, quickly};
use multitools::{
    Cause, Context, Error, ResidentTermMessage, Restart, RunError, Supervisor, agent, logger,
};
use multitools_tests::{Numbered, await_end, over_sockets, serve};
use std::cell::RefCell;

/// Prints the numbers that it gets, when it is told to leave, and fails at every fifth of them.
#[agent(name = "late", resident, manual)]
struct Late {
    how: Failure,
}
#[agent]
impl Late {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        serve(self, ctx)
    }
    #[handle]
    fn on_number(&mut self, m: &Numbered, ctx: &mut Context) -> Result<(), Error> {
        if m.number == 0 {
            await_end(ctx, "source")?;
        }
        if m.number % 5 == 4 {
            self.how.happen().map_err(Error::Handler)?;
        }
        ctx.print(m.number);
        Ok(())
    }
    #[handle]
    fn on_end(&mut self, _: &ResidentTermMessage, ctx: &mut Context) {
        ctx.print("end");
    }
}

#[agent(name = "source", manual)]
struct Source;
#[agent]
impl Source {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for number in 0..12 {
            ctx.send("late", &Numbered::new(number, 100))?;
        }
        Ok(())
    }
}

/// Listens to prints, and fails at the last of them.
#[logger(name = "log", listen_to(multitools::PrintMessage), manual)]
struct Log;
#[logger]
impl Log {
    fn log(&mut self, m: &multitools::PrintMessage, ctx: &mut Context) -> Result<(), String> {
        if m.text == "end" && ctx.id().incarnation() == 0 {
            return Err("the last line".to_owned());
        }
        Ok(())
    }
}

#[multitools::test]
fn r14_the_backlog_is_worked_off_when_all_others_have_ended() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(()); // nothing is kept there
    }
    for (how, retry) in [(Failure::Kill, 0), (Failure::Error, 0), (Failure::Kill, 1)] {
        let printed = RefCell::new(Vec::new());
        let mut kinds = Vec::new();
        let mut supervisor = Supervisor::new();
        let policy = quickly(Restart::on_failure().max(4).retry(retry));
        supervisor.add(Late { how }).restart(policy);
        supervisor.add(Source);
        supervisor.add(Log).restart(quickly(Restart::on_failure()));
        supervisor.on_print(|line| printed.borrow_mut().push(line.to_owned()));
        supervisor.on_notice(|notice| kinds.push(kind(notice)));
        supervisor.supervise()?;
        drop(supervisor);
        let expected = (0..12).filter(|n| n % 5 != 4).map(|n| n.to_string());
        let expected: Vec<_> = expected.chain(["end".to_owned()]).collect();
        assert_eq!(*printed.borrow(), expected, "{how:?}");
        let restarts = if retry == 0 { 3 } else { 5 };
        let told = |what| kinds.iter().filter(|kind| **kind == what).count();
        assert_eq!(told("restarting"), restarts, "{kinds:?}");
        assert_eq!(told("restarted"), restarts, "{kinds:?}");
        assert_eq!(told("poison"), if retry == 0 { 0 } else { 2 });
    }
    Ok(())
}

#[multitools::test]
fn r14_past_the_limit_the_backlog_is_undelivered() {
    if over_sockets() {
        return;
    }
    let how = Failure::Exit;
    let mut supervisor = Supervisor::new();
    let policy = quickly(Restart::on_failure().max(1));
    supervisor.add(Late { how }).restart(policy);
    supervisor.add(Source);
    supervisor
        .on_notice(|_| ())
        .on_failure(|_| ())
        .on_print(|_| ());
    let Err(RunError::Failed(report)) = supervisor.supervise() else {
        panic!("it succeeds");
    };
    assert_eq!(report.cause, Cause::Exit { code: 3 });
    assert_eq!(report.undelivered[0].count, 2, "10 and 11");
}

/// Does not leave, and is not started again because of that.
#[agent(resident, manual)]
struct Stays;
#[agent]
impl Stays {
    fn op(&mut self, ctx: &mut Context) {
        let _ = ctx.wait_for("nobody", std::time::Duration::from_secs(3600));
        ctx.print("unreachable: nobody tells it to stop");
    }
}

#[multitools::test]
fn r14_who_does_not_leave_is_not_started_again() {
    let mut kinds = Vec::new();
    let mut supervisor = Supervisor::new();
    supervisor.add(Stays).restart(Restart::on_failure());
    supervisor.leave_grace(std::time::Duration::from_millis(1));
    supervisor
        .on_notice(|notice| kinds.push(kind(notice)))
        .on_failure(|_| ());
    let Err(RunError::Failed(report)) = supervisor.supervise() else {
        panic!("it succeeds");
    };
    assert_eq!(report.cause, Cause::DidNotLeave);
    drop(supervisor);
    assert_eq!(kinds, ["other"], "it is slow to leave");
}
