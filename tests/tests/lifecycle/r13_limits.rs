//! R13: agents that come up against a limit of their own, and what is told of it.

use super::r14_restart::quickly;
use multitools::{
    Cause, Context, Error, Exceeded, Limits, Report, Restart, RunError, Supervisor, agent, process,
};
use multitools_tests::{Numbered, PATIENCE, over_sockets};
use rustix::process::{Resource, getpriority_process, getrlimit};
use std::fs::File;
use std::process::Command;

const MIB: usize = 1 << 20;

#[process(memory = "64MiB")]
fn hoards() -> usize {
    let mut hoard = Vec::new();
    while hoard.len() < 1000 {
        hoard.push(vec![1_u8; MIB]);
    }
    hoard.len()
}

#[process(cpu = "1s")]
fn spins() {
    loop {
        std::hint::spin_loop();
    }
}

#[process(files = 40)]
fn opens() -> Result<usize, std::io::Error> {
    let mut files = Vec::new();
    while files.len() < 1000 {
        files.push(File::open("/dev/null")?);
    }
    Ok(files.len())
}

#[process(memory = "64MiB", cpu = "1h", files = 40)]
fn aborts() {
    std::process::abort();
}

fn report(supervisor: &mut Supervisor<'_>) -> Report {
    supervisor.on_failure(|_| ());
    match supervisor.supervise() {
        Err(RunError::Failed(report)) => *report,
        other => panic!("{:?}", other.map(drop)),
    }
}

#[multitools::test]
fn r13_the_limit_that_an_agent_has_come_up_against_is_told() {
    let mut supervisor = Supervisor::new();
    supervisor.add(hoards::with());
    let memory = report(&mut supervisor);
    assert!(matches!(
        memory.cause,
        Cause::Signal {
            name: "SIGABRT",
            ..
        }
    ));
    let bytes = 64 << 20;
    assert_eq!(
        memory.exceeded,
        Some(Exceeded::Memory { bytes }),
        "{memory}"
    );
    assert!(memory.to_string().contains("its limit: memory = 64MiB"));

    supervisor.add(spins::with());
    let cpu = report(&mut supervisor);
    assert!(matches!(
        cpu.cause,
        Cause::Signal {
            name: "SIGXCPU",
            ..
        }
    ));
    assert_eq!(cpu.exceeded, Some(Exceeded::Cpu { seconds: 1 }), "{cpu}");

    supervisor.add(opens::with());
    let files = report(&mut supervisor);
    assert!(matches!(files.cause, Cause::Error { .. }), "{files}");
    assert_eq!(files.exceeded, Some(Exceeded::Files { count: 40 }));
}

#[multitools::test]
fn r13_what_is_not_certain_is_not_told() {
    let mut supervisor = Supervisor::new();
    supervisor.add(aborts::with());
    assert_eq!(report(&mut supervisor).exceeded, None);
    // The error of a limit that is not the agent's own.
    let limits = Limits::none().memory(1 << 40);
    supervisor.add(fails_by_name::with()).limits(limits);
    assert_eq!(report(&mut supervisor).exceeded, None);
}

#[process]
fn fails_by_name() -> Result<(), std::io::Error> {
    Err(std::io::Error::from_raw_os_error(24))
}

/// What `getrlimit` says of a process: of memory, processor time and files, and how nice it is.
type Limited = (Option<u64>, Option<u64>, Option<u64>, i32);

fn limited() -> Limited {
    let hard = |resource| getrlimit(resource).maximum;
    let nice = getpriority_process(None).unwrap_or(-99);
    let time = getrlimit(Resource::Cpu).current;
    (hard(Resource::Data), time, hard(Resource::Nofile), nice)
}

#[process(memory = "256MiB", cpu = "50s", files = 64, nice = 5)]
fn declared() -> (Limited, String) {
    let mut shell = Command::new("sh");
    let inherited = shell
        .args(["-c", "ulimit -d; ulimit -t; ulimit -n; nice"])
        .output();
    let inherited = inherited.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    (limited(), inherited.unwrap_or_default())
}

#[multitools::test]
fn r13_limits_are_those_of_the_process_and_of_what_it_starts() -> Result<(), RunError> {
    let (_, seconds, files, nice) = limited();
    let nice = nice.max(5);
    let ((own, inherited),) = multitools::run!(declared::with())?;
    assert_eq!(own, (Some(256 << 20), Some(50), Some(64), nice));
    assert_eq!(inherited, format!("262144\n50\n64\n{nice}\n"));
    // Said when it is added, and no more than the program itself has.
    let mut supervisor = Supervisor::new();
    let limits = Limits::none()
        .nice(nice.try_into().unwrap_or(19))
        .files(u64::MAX);
    let output = supervisor.add(declared::with()).limits(limits).output();
    let (other, _) = supervisor.supervise()?.take(output)?;
    assert_eq!((other.1, other.3), (seconds, nice));
    assert!(other.2 >= files, "the supervisor raises what it may");
    assert_eq!(
        limited().1,
        seconds,
        "nothing of it is the supervisor's own"
    );
    Ok(())
}

/// Asks for too much at first, and then tells its limit.
#[agent(manual, memory = "64MiB")]
struct Learns;
#[agent]
impl Learns {
    fn op(&mut self, ctx: &mut Context) -> Option<u64> {
        if ctx.id().incarnation() == 0 {
            return Some(vec![1_u8; 100 * MIB].len() as u64);
        }
        limited().0
    }
}

#[multitools::test]
fn r14_who_has_come_up_against_a_limit_is_started_again_with_it() -> Result<(), RunError> {
    let mut told = Vec::new();
    let mut supervisor = Supervisor::new();
    let policy = quickly(Restart::on_failure());
    let output = supervisor.add(Learns).restart(policy).output();
    supervisor.on_notice(|notice| {
        if let multitools::Notice::Restarting { report, .. } = notice {
            told.extend(report.clone());
        }
    });
    assert_eq!(supervisor.supervise()?.take(output)?, Some(64 << 20));
    drop(supervisor);
    let exceeded = Some(Exceeded::Memory { bytes: 64 << 20 });
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].exceeded, exceeded, "{}", told[0]);
    Ok(())
}

/// Holds messages that are larger together than what memory of its own it may have.
#[agent(name = "holder", manual, memory = "48MiB")]
struct Holder;
#[agent]
impl Holder {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        let mut held = Vec::new();
        for _ in 0..10 {
            held.push(ctx.next_message(PATIENCE)?);
        }
        Ok(held.iter().map(multitools::AnyMessage::size).sum())
    }
}

#[agent(manual)]
struct Sender;
#[agent]
impl Sender {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for number in 0..10 {
            ctx.send("holder", &Numbered::new(number, 8 * MIB))?;
        }
        Ok(())
    }
}

#[multitools::test]
fn r13_what_lies_in_the_memory_of_the_run_does_not_count() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(()); // there it does
    }
    let mut supervisor = Supervisor::new();
    supervisor.mailbox_limit(200 * MIB);
    let size = supervisor.add(Holder).output();
    supervisor.add(Sender);
    assert!(supervisor.supervise()?.take(size)? > 80 * MIB);
    Ok(())
}
