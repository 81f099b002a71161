//! Programs that begin badly, or oddly.

use super::stays::{linger, nothing};
use multitools::{Context, Error, ProcessList, Restart, RunError, Supervisor, agent, process, run};
use multitools_tests::lifecycle::pid_line;
use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Reads its standard input before the run: an agent's is the supervisor's line, where no end comes.
pub(crate) fn hang() -> Result<(), RunError> {
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input)?;
    run!(nothing::with(); start_timeout = Duration::from_millis(300)).map(drop)
}

/// `wait <file>`: waits for its like to end, as who makes the file finds out. Each tells its process.
pub(crate) fn wait(arguments: &[String]) -> Result<(), RunError> {
    println!("{}", pid_line("process"));
    if File::create_new(arguments.first().map_or("", String::as_str)).is_err() {
        linger();
    }
    run!(nothing::with(); start_timeout = Duration::from_secs(600)).map(drop)
}

/// `quit <file> [abort]`: ends if it runs already, as who makes the file finds out, or aborts.
pub(crate) fn quit(arguments: &[String]) -> Result<(), RunError> {
    let lock = arguments.first().map_or("", String::as_str);
    if File::create_new(lock).is_err() {
        println!("it runs already");
        if arguments.get(1).is_some_and(|how| how == "abort") {
            std::process::abort();
        }
        std::process::exit(4);
    }
    run!(nothing::with(), nothing::with()).map(drop)
}

/// `quit-for-once <file>`: an agent fails, and then its process ends before it comes up, by the file that the
/// agent has made.
pub(crate) fn quit_for_once(arguments: &[String]) -> Result<(), RunError> {
    let mark = arguments.first().cloned().unwrap_or_default();
    if std::fs::remove_file(&mark).is_ok() {
        std::process::exit(4);
    }
    multitools::init();
    let mut supervisor = Supervisor::new();
    let policy = Restart::on_failure().max(2);
    let tries = supervisor.add(FailsOnce { mark }).restart(policy).output();
    supervisor.on_notice(|notice| println!("{notice}"));
    let incarnation = supervisor.supervise()?.take(tries)?;
    println!("incarnation {incarnation}");
    Ok(())
}

/// Fails in its first incarnation.
#[agent(name = "fails once", manual)]
struct FailsOnce {
    mark: String,
}
#[agent]
impl FailsOnce {
    fn op(&mut self, ctx: &mut Context) -> Result<u16, Error> {
        if ctx.id().incarnation() == 0 {
            let made = File::create_new(&self.mark);
            return Err(Error::Handler(format!("{:?}", made.map(drop))));
        }
        Ok(ctx.id().incarnation())
    }
}

/// Forgets `multitools::init()`.
pub(crate) fn forgets_init() -> Result<(), RunError> {
    let mut supervisor = Supervisor::new();
    supervisor.add(nothing::with());
    supervisor.supervise().map(drop)
}

/// Forgets `multitools::init()`, without a supervisor.
pub(crate) fn forgets_init_for_a_list() -> Result<(), RunError> {
    let mut list = ProcessList::new();
    list.add(nothing::with());
    let ended = list.start().and_then(|()| list.join());
    println!("{ended:?}");
    ended.map_err(|error| std::io::Error::other(error).into())
}

/// Does something before the run.
pub(crate) fn before() -> Result<(), RunError> {
    println!("before the run");
    run!(nothing::with(), nothing::with())?;
    println!("after the run");
    Ok(())
}

/// An agent that tells its arguments.
pub(crate) fn arguments() -> Result<(), RunError> {
    let (theirs,) = run!(argument_list::with())?;
    println!("{theirs:?}");
    Ok(())
}

#[process]
fn argument_list() -> Vec<String> {
    std::env::args().collect()
}

/// A run in an agent of a run.
pub(crate) fn nested() -> Result<(), RunError> {
    let ((inner, sum),) = run!(two_more::with(20))?;
    println!("inner {inner:?}, sum {sum}");
    Ok(())
}

#[process]
fn two_more(n: u32) -> (Result<(), String>, u32) {
    match run!(doubled::with(n), doubled::with(n + 1)) {
        Ok((one, two)) => (Ok(()), one + two),
        Err(error) => (Err(error.to_string()), 0),
    }
}

#[process]
fn doubled(n: u32) -> u32 {
    n * 2
}

/// Starts its agents only when it is told to: its file may have been replaced by then.
pub(crate) fn replaced() -> Result<(), RunError> {
    multitools::init();
    println!("waits");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let (one, (inner, sum)) = run!(doubled::with(4), two_more::with(1))?;
    println!("one {one}, inner {inner:?}, sum {sum}");
    Ok(())
}

/// Has more than 1,000 descriptors open before the run, under the usual limit of 1,024.
pub(crate) fn descriptors() -> Result<(), RunError> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    multitools::init();
    let limit = getrlimit(Resource::Nofile);
    let usual = Rlimit {
        current: Some(1024),
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, usual).map_err(std::io::Error::from)?;
    let open: Vec<File> = (0..1000)
        .map(|_| File::open("/dev/null"))
        .collect::<Result<_, _>>()?;
    let mut supervisor = Supervisor::new();
    let doubles: Vec<_> = (0..12)
        .map(|n| supervisor.add(doubled::with(n)).output())
        .collect();
    let mut results = supervisor.supervise()?;
    let mut sum = 0;
    for double in doubles {
        sum += results.take(double)?;
    }
    println!("sum {sum} with {} files open", open.len());
    Ok(())
}

/// Starts thirty agents.
pub(crate) fn thirty() -> Result<(), RunError> {
    multitools::init();
    let mut supervisor = Supervisor::new();
    for _ in 0..30 {
        supervisor.add(Anonymous);
    }
    supervisor.supervise().map(drop)
}

#[agent(unnamed, manual)]
struct Anonymous;
#[agent]
impl Anonymous {
    fn op(&mut self) {}
}

/// An agent that starts this very program, in several ways.
pub(crate) fn own_children() -> Result<(), RunError> {
    run!(StartsPrograms).map(drop)
}

#[agent(manual)]
struct StartsPrograms;

#[agent]
impl StartsPrograms {
    fn op(&mut self, ctx: &mut Context) -> Result<(), String> {
        for (way, stdin) in [("inherited", Stdio::inherit()), ("null", Stdio::null())] {
            let output = Command::new("/proc/self/exe")
                .arg("arguments")
                .stdin(stdin)
                .output()
                .map_err(|error| error.to_string())?;
            ctx.print(format_args!(
                "{way}: {} {}",
                output.status,
                String::from_utf8_lossy(&output.stdout).trim_end()
            ));
        }
        Ok(())
    }
}

/// An agent that reads its own standard input.
pub(crate) fn own_input() -> Result<(), RunError> {
    let (read,) = run!(input_bytes::with())?;
    println!("the agent reads {read:?}");
    Ok(())
}

#[process]
fn input_bytes() -> Result<usize, String> {
    let mut input = Vec::new();
    std::io::stdin()
        .read_to_end(&mut input)
        .map_err(|error| error.to_string())
}
