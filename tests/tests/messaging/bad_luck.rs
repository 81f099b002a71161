//! What agents run short of, and panics that panic.

#![allow(clippy::panic, reason = "some of these agents are made to panic")]

use multitools::{Cause, Context, Error, Report, RunError, SendError, agent, run};
use multitools_tests::{Numbered, PATIENCE, Ping, over_sockets};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Lets this process open no more files than it has, or as many as it may.
fn limit_files(exhausted: bool) -> Result<(), Error> {
    let maximum = getrlimit(Resource::Nofile).maximum;
    let current = if exhausted { Some(0) } else { maximum };
    setrlimit(Resource::Nofile, Rlimit { current, maximum })
        .map_err(|error| Error::Handler(error.to_string()))
}

/// Sends back one message for each that it gets, and answers a [`Ping`] when it has.
#[agent(name = "echo", resident, manual)]
struct Echo;
#[agent]
impl Echo {
    #[handle]
    fn on_number(&mut self, number: &Numbered, ctx: &mut Context) -> Result<(), Error> {
        ctx.send("short of files", number)?;
        Ok(())
    }
    #[handle]
    fn on_ping(&mut self, _: &Ping) {}
}

/// Can open nothing for a while.
#[agent(name = "short of files", manual)]
struct ShortOfFiles;
#[agent]
impl ShortOfFiles {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        limit_files(true)?;
        let without = ctx.try_send("echo", &Numbered::new(1, 0));
        limit_files(false)?;
        // Shared memory needs no descriptors.
        match without {
            Err(SendError::Full { .. }) if over_sockets() => {}
            Ok(_) if !over_sockets() => {}
            other => return Err(Error::Handler(format!("{other:?}"))),
        }
        // What comes back needs a descriptor here, and there is none until later.
        ctx.ask("echo", &Ping, PATIENCE)?;
        limit_files(true)?;
        ctx.send("echo", &Numbered::new(2, 0))?;
        ctx.ask("echo", &Ping, PATIENCE)?;
        limit_files(false)?;
        ctx.ask("echo", &Ping, PATIENCE)?;
        let message = ctx.next_message(PATIENCE)?;
        Ok(message.decode::<Numbered>()?.number)
    }
}

#[multitools::test]
fn a_lack_of_descriptors_loses_no_message_and_makes_nobody_seem_dead() -> Result<(), RunError> {
    let (number, ()) = run!(ShortOfFiles, Echo)?;
    assert_eq!(number, if over_sockets() { 2 } else { 1 });
    Ok(())
}

/// Panics again when it is dropped.
struct Grenade;
impl Drop for Grenade {
    fn drop(&mut self) {
        panic!("and again");
    }
}

#[agent(name = "grenadier", manual)]
struct Grenadier;
#[agent]
impl Grenadier {
    fn op(&mut self) {
        std::panic::panic_any(Grenade);
    }
}

#[multitools::test]
fn a_panic_whose_payload_panics_is_reported_as_a_panic() {
    let Err(RunError::Failed(report)) = run!(Grenadier; on_failure = |_: &Report| ()) else {
        panic!("it did not fail");
    };
    assert!(
        matches!(
            report.cause,
            Cause::Panic {
                location: Some(_),
                ..
            }
        ),
        "{report}"
    );
}
