//! R14: who is killed while the others are still coming up, and who comes up while others do.

use super::PROGRAM;
use super::r14_restart::{kind, quickly};
use multitools::{Context, Error, Restart, RunError, Strategy, Supervisor, agent};
use multitools_tests::lifecycle::{self, Program};
use multitools_tests::{Numbered, PATIENCE, take_numbers};
use rustix::process::Signal;
use std::fs;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;

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

/// Kills the first process that a thread of this one starts, unless the run is over before.
fn kill_the_first(thread: &str, is_over: &AtomicBool) {
    let children = format!("/proc/{thread}/children");
    while !is_over.load(SeqCst) {
        let pids = fs::read_to_string(&children).unwrap();
        if let Some(pid) = pids.split_whitespace().next() {
            return lifecycle::kill(pid.parse().unwrap(), Signal::KILL);
        }
        std::thread::yield_now();
    }
}

/// One run, in which the first agent is perhaps killed in time. Whether it was.
fn is_killed_in_time() -> Result<bool, RunError> {
    let mut kinds = Vec::new();
    let is_over = AtomicBool::new(false);
    let thread = fs::read_link("/proc/thread-self")?;
    let thread = thread.to_string_lossy().into_owned();
    let number = std::thread::scope(|scope| {
        scope.spawn(|| kill_the_first(&thread, &is_over));
        let mut supervisor = Supervisor::new();
        let policy = quickly(Restart::on_failure());
        supervisor.add(First).restart(policy);
        let number = supervisor.add(Second).output();
        supervisor.on_notice(|notice| kinds.push(kind(notice)));
        let ran = supervisor.supervise();
        is_over.store(true, SeqCst);
        ran?.take(number)
    })?;
    if number == 1 {
        assert_eq!(kinds, ["restarting", "restarted"]);
    }
    Ok(number == 1)
}

#[multitools::test]
fn r14_who_is_killed_before_all_have_come_up_is_started_again() -> Result<(), RunError> {
    let mut killed = 0;
    for _ in 0..200 {
        killed += u32::from(is_killed_in_time()?);
        if killed == 5 {
            return Ok(());
        }
    }
    panic!("it was too fast to be killed in time");
}

#[test]
fn r14_a_process_that_ends_before_it_comes_up_again_counts_and_another_follows() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let finished = Program::run(PROGRAM, &["quit-for-once", mark.to_str().unwrap()]).finish();
    assert!(finished.status.success(), "{finished:?}");
    let told = finished.out.lines().filter(|line| !line.starts_with(' '));
    let told: Vec<&str> = told.collect();
    let begins = [
        "agent `fails once` failed",
        "agent `fails once` was not started again: its process ended before it came up",
        "agent `fails once` never came up: its process ended (exit status: 4)",
        "agent `fails once` has been started again",
        "incarnation 2",
    ];
    assert_eq!(told.len(), begins.len(), "{told:#?}");
    for (line, begin) in told.iter().zip(begins) {
        assert!(line.starts_with(begin), "{begin}: {told:#?}");
    }
}

/// Fails together with the other one, and then each sends a number to the other as soon as it knows of it.
#[agent(manual)]
struct Twin {
    other: String,
}
#[agent]
impl Twin {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        if ctx.id().incarnation() == 0 {
            return Err(Error::Handler("both begin anew".to_owned()));
        }
        let other = ctx.wait_for(&self.other, PATIENCE)?;
        ctx.send(&other, &Numbered::new(7, 10))?;
        take_numbers(ctx, 1)
    }
}

#[multitools::test]
fn r14_who_comes_up_sooner_than_another_reaches_it_when_that_is_up() -> Result<(), RunError> {
    for _ in 0..5 {
        let mut supervisor = Supervisor::new();
        let policy = quickly(Restart::on_failure().max(1)).group("twins", Strategy::All);
        let mut twin = |name: &str, other: &str| {
            let other = other.to_owned();
            let added = supervisor.add_named(name, Twin { other });
            added.restart(policy).output()
        };
        let numbers = [twin("one", "other"), twin("other", "one")];
        supervisor.on_notice(|_| ());
        let mut results = supervisor.supervise()?;
        for number in numbers {
            assert_eq!(results.take(number)?, [7]);
        }
    }
    Ok(())
}
