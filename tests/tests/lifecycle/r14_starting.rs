//! R14: who is killed while the others are still coming up.

use super::r14_restart::{kind, quickly};
use multitools::{Context, Error, Restart, RunError, Supervisor, agent};
use multitools_tests::{Numbered, PATIENCE, lifecycle};
use rustix::process::Signal;
use std::fs;

/// Tells a number to the other, and its incarnation in it.
#[agent(name = "first", manual)]
struct First;
#[agent]
impl First {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let number = ctx.id().incarnation().into();
        ctx.send("second", &Numbered::new(number, 10))?;
        Ok(())
    }
}

/// Takes it.
#[agent(name = "second", manual)]
struct Second;
#[agent]
impl Second {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        let message = ctx.next_message(PATIENCE)?;
        Ok(message.decode::<Numbered>()?.number)
    }
}

/// Kills the first process that a thread of this one starts.
fn kill_the_first(thread: &str) {
    let children = format!("/proc/{thread}/children");
    loop {
        let pids = fs::read_to_string(&children).unwrap();
        if let Some(pid) = pids.split_whitespace().next() {
            return lifecycle::kill(pid.parse().unwrap(), Signal::KILL);
        }
        std::thread::yield_now();
    }
}

#[multitools::test]
fn r14_who_is_killed_before_all_have_come_up_is_started_again() -> Result<(), RunError> {
    for _ in 0..5 {
        let mut kinds = Vec::new();
        let mut supervisor = Supervisor::new();
        let policy = quickly(Restart::on_failure());
        supervisor.add(First).restart(policy);
        let number = supervisor.add(Second).output();
        supervisor.on_notice(|notice| kinds.push(kind(notice)));
        let thread = fs::read_link("/proc/thread-self")?;
        let killer = std::thread::spawn(move || kill_the_first(&thread.to_string_lossy()));
        let number = supervisor.supervise()?.take(number)?;
        drop(supervisor);
        killer.join().unwrap();
        assert_eq!(number, 1);
        assert_eq!(kinds, ["restarting", "restarted"]);
    }
    Ok(())
}
