//! Agents that fail, each in another way.

use multitools::{Context, Error, Restart, RunError, Supervisor, agent, run};
use multitools_tests::lifecycle::{pid_line, supervisor_line};
use rustix::process::{Signal, getpid, kill_process};
use std::io::Write;
use std::os::fd::AsFd;
use std::process::Command;

/// `fail <how>`: one agent that fails and others that would rather go on.
pub(crate) fn fail(arguments: &[String]) -> Result<(), RunError> {
    let how = || arguments.first().cloned().unwrap_or_default();
    run!(Fails { how: how() }, Talks, Drops, Talks; on_finish = || println!("all are gone"))
        .map(drop)
}

#[agent(name = "Fails", manual)]
struct Fails {
    how: String,
}

#[agent]
impl Fails {
    #[allow(clippy::panic, reason = "it is made to panic")]
    fn op(&mut self, ctx: &mut Context) -> Result<u32, String> {
        ctx.print(pid_line("fails"));
        // A failure while the others still start would stop them before they can misbehave.
        for _ in 0..3 {
            ctx.next_message(None).map_err(|error| error.to_string())?;
        }
        match self.how.as_str() {
            "panic" => panic!("the roof is on fire"),
            "error" => Err("out of luck".to_owned()),
            "abort" => std::process::abort(),
            other => {
                if let Some(code) = other.strip_prefix("exit-") {
                    std::process::exit(code.parse().unwrap_or(-1))
                }
                let number = other.strip_prefix("signal-");
                let number = number.and_then(|number| number.parse().ok());
                let signal = number.and_then(Signal::from_named_raw);
                let signal = signal.ok_or("no such signal")?;
                // The runtime's own handler for SIGSEGV takes the first one.
                loop {
                    kill_process(getpid(), signal).map_err(|error| error.to_string())?;
                }
            }
        }
    }
}

/// Panics when it is stopped.
#[agent(name = "Talks", manual)]
struct Talks;

#[agent]
impl Talks {
    #[allow(clippy::unwrap_used, reason = "it is made to panic")]
    fn op(&mut self, ctx: &mut Context) {
        let _ = ctx.send("Fails", &multitools::EmptyMessage);
        ctx.next_message(None).unwrap();
    }
}

/// Returns the error when it is stopped.
#[agent(name = "Drops", manual)]
struct Drops;

#[agent]
impl Drops {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let _ = ctx.send("Fails", &multitools::EmptyMessage);
        ctx.next_message(None)?;
        Ok(())
    }
}

/// `leave-noise <program> ..`: an agent that ends while what it has started writes to its standard error
/// without end.
pub(crate) fn leave_noise(arguments: &[String]) -> Result<(), RunError> {
    run!(LeavesNoise { command: arguments.to_vec() }; on_finish = || println!("all are gone"))
        .map(drop)
}

#[agent(manual)]
struct LeavesNoise {
    command: Vec<String>,
}

#[agent]
impl LeavesNoise {
    fn op(&mut self) -> Result<(), std::io::Error> {
        let (program, arguments) = self
            .command
            .split_first()
            .ok_or(std::io::ErrorKind::InvalidInput)?;
        let output = std::io::stderr().as_fd().try_clone_to_owned()?;
        Command::new(program)
            .args(arguments)
            .stdout(output)
            .spawn()
            .map(drop)
    }
}

/// An agent that writes to its supervisor's line what is no word, and goes on speaking.
pub(crate) fn gibberish(arguments: &[String]) -> Result<(), RunError> {
    let without_end = !arguments.is_empty();
    run!(Babbles { without_end }; on_print = |_: &str| ()).map(drop)
}

#[agent(name = "Babbles", manual)]
struct Babbles {
    without_end: bool,
}

#[agent]
impl Babbles {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let line = supervisor_line().ok_or(Error::Handler("no line".into()))?;
        // A length, and as many bytes that no encoding begins with.
        let said: &[u8] = match self.without_end {
            false => &[3, 0, 0, 0, 0xc1, 0xc1, 0xc1],
            true => &[0xff; 4],
        };
        let said = (&line).write_all(said);
        said.map_err(|error| Error::Handler(error.to_string()))?;
        loop {
            ctx.print("more than the line takes");
        }
    }
}

/// An agent whose result is larger than its supervisor takes.
pub(crate) fn large_result() -> Result<(), RunError> {
    run!(Returns).map(drop)
}

#[agent(name = "Returns", manual)]
struct Returns;

#[agent]
impl Returns {
    fn op(&mut self) -> String {
        " ".repeat(65 << 20)
    }
}

/// Says where it is, and stays.
#[agent]
struct Named {
    name: String,
}
#[agent]
impl Named {
    fn op(&mut self, ctx: &mut Context) {
        ctx.print(pid_line(&self.name));
        super::stays::linger();
    }
}

/// One that is started again when it fails, and after it one that is not.
pub(crate) fn one_comes_again() -> Result<(), RunError> {
    multitools::init();
    let mut supervisor = Supervisor::new();
    let named = |name: &str| Named {
        name: name.to_owned(),
    };
    let again = Restart::on_failure();
    supervisor.add_named("comes", named("comes")).restart(again);
    supervisor.add_named("goes", named("goes"));
    supervisor.supervise().map(drop)
}
