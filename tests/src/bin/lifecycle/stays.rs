//! Agents that do not end by themselves, each in another way.

use multitools::{
    Context, Error, Flow, ResidentTermMessage, RunError, Supervisor, agent, process, run,
};
use multitools_tests::lifecycle::pid_line;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// A process that nobody ends by asking for it.
pub(crate) fn linger() -> ! {
    loop {
        std::thread::park();
    }
}

/// `stay <grace in ms> <how>...`: agents that stay in these ways, and a resident.
pub(crate) fn stay(arguments: &[String]) -> Result<(), RunError> {
    multitools::init();
    println!("{}", pid_line("supervisor"));
    let mut supervisor = Supervisor::new();
    let mut arguments = arguments.iter();
    let grace = arguments.next().and_then(|grace| grace.parse().ok());
    supervisor.leave_grace(Duration::from_millis(grace.unwrap_or(60_000)));
    supervisor.add(Keeps);
    for how in arguments {
        supervisor.add_named(how.clone(), Stays { how: how.clone() });
    }
    supervisor.on_finish(|| println!("all are gone"));
    supervisor.supervise().map(drop)
}

/// A run that is interrupted, another one, and then the program alone.
pub(crate) fn stay_twice() -> Result<(), RunError> {
    for run in ["first", "second"] {
        let how = "waits".to_owned();
        let ended = run!(Keeps, Stays { how });
        println!("{run} run: {ended:?}");
    }
    println!("the program goes on");
    linger()
}

/// Two runs, one after the other, that end by themselves.
pub(crate) fn end_twice() -> Result<(), RunError> {
    run!(nothing::with())?;
    run!(nothing::with()).map(drop)
}

/// A program with a handler of its own for SIGINT, that goes on after its run.
pub(crate) fn own_handler() -> Result<(), RunError> {
    multitools::init();
    let mut signals = signal_hook::iterator::Signals::new([signal_hook::consts::SIGINT])?;
    run!(nothing::with())?;
    println!("the program goes on");
    println!("its own handler: {:?}", signals.forever().next());
    Ok(())
}

/// A program that reads a line after its run.
pub(crate) fn read_after() -> Result<(), RunError> {
    run!(nothing::with())?;
    println!("the program goes on");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    println!("it reads {line:?}");
    Ok(())
}

/// A plain command beside an agent.
pub(crate) fn command() -> Result<(), RunError> {
    multitools::init();
    let mut supervisor = Supervisor::new();
    let mut command = Command::new("/proc/self/exe");
    command.args(["stay", "60000"]);
    supervisor.add_command(command);
    supervisor.add(Stays {
        how: "waits".to_owned(),
    });
    supervisor.supervise().map(drop)
}

/// A plain command that fails, and a program that waits for it before its supervisor does.
pub(crate) fn wait_for_any() -> Result<(), RunError> {
    multitools::init();
    let mut supervisor = Supervisor::new();
    let (reader, writer) = std::io::pipe()?;
    let mut command = Command::new("sh");
    command.args(["-c", "read line; exit 3"]).stdin(reader);
    supervisor.add_command(command);
    supervisor.add(Stays {
        how: "waits".to_owned(),
    });
    let mut writer = Some(writer);
    supervisor.on_print(move |_| {
        if writer.take().is_some() {
            let _ = rustix::process::wait(rustix::process::WaitOptions::empty());
        }
    });
    supervisor.supervise().map(drop)
}

#[agent(name = "Stays", manual)]
struct Stays {
    how: String,
}

#[agent]
impl Stays {
    #[allow(clippy::zombie_processes, reason = "it ends with this process")]
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let how = self.how.as_str();
        if how.contains("parent") {
            let grandchild = match how.contains("closing") {
                true => closes_descriptors(),
                false => lingers(),
            }
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| Error::Handler(error.to_string()))?;
            ctx.print(format!("grandchild-of-{how} {}", grandchild.id()));
        }
        if how.contains("deaf") {
            let noticed = Arc::new(AtomicBool::new(false));
            signal_hook::flag::register(signal_hook::consts::SIGTERM, noticed)
                .map_err(|error| Error::Handler(error.to_string()))?;
        }
        if how.contains("strays") {
            let of_supervisor = rustix::process::getpgid(rustix::process::getppid());
            let strayed =
                of_supervisor.and_then(|group| rustix::process::setpgid(None, Some(group)));
            strayed.map_err(|error| Error::Handler(error.to_string()))?;
        }
        ctx.print(pid_line(how));
        if how.contains("spins") {
            loop {
                std::hint::spin_loop();
            }
        }
        if how.contains("parks") {
            linger();
        }
        let left = ctx.next_message(None);
        ctx.print(format!("{how} leaves: {left:?}"));
        left.map(drop).map_err(Error::from)
    }
}

fn lingers() -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.arg("linger");
    command
}

/// A program that has nothing open of what it has inherited but the three of every program.
fn closes_descriptors() -> Command {
    const SCRIPT: &str = "for descriptor in 3 4 5 6 7 8 9; do eval \"exec $descriptor>&-\"; done
        echo the others are closed; exec sleep 100";
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT]);
    command
}

#[agent(name = "Keeps", resident, manual)]
#[derive(Default)]
struct Keeps;

#[agent]
impl Keeps {
    #[handle]
    fn on_end(&mut self, _end: &ResidentTermMessage, ctx: &mut Context) {
        ctx.print("the resident has heard its last message");
    }

    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.print(pid_line("resident"));
        let left = loop {
            match ctx.receive(self) {
                Ok(Flow::Continue) => {}
                left => break left,
            }
        };
        ctx.print("the resident leaves");
        left.map(drop)
    }
}

/// Ends at once.
#[process]
pub(crate) fn nothing() {}

/// An agent that starts a process which leaves its session, and ends.
pub(crate) fn daemon() -> Result<(), RunError> {
    run!(Founds; on_finish = || println!("all are gone")).map(drop)
}

#[agent(name = "Founds", manual)]
struct Founds;

#[agent]
impl Founds {
    #[allow(
        clippy::zombie_processes,
        reason = "it is meant to outlive this process"
    )]
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let failed = |error: std::io::Error| Error::Handler(error.to_string());
        let mut command = Command::new("setsid");
        command.args(["sh", "-c", "echo $$; exec sleep 600"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut daemon = command.stderr(Stdio::null()).spawn().map_err(failed)?;
        let mut said = String::new();
        if let Some(out) = daemon.stdout.take() {
            std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut said)
                .map_err(failed)?;
        }
        ctx.print(format!("daemon {}", said.trim()));
        Ok(())
    }
}
