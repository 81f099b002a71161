//! Programs started as processes of their own, and waiting, with a deadline, for what they do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: what fails here fails the test"
)]

mod terminal;
mod watch;

pub use terminal::Terminal;
pub use watch::{Run, Watch};

use rustix::process::{
    Pid, PidfdFlags, PidfdGetfdFlags, Signal, getpid, kill_process, pidfd_getfd, pidfd_open,
};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How long anything is waited for: far longer than it takes, on a busy machine too.
pub const LONG: Duration = Duration::from_secs(30);

/// How long agents may outlive their supervisor. The rule says a second; the rest is for machines that
/// have more to do than they can.
pub const SOON: Duration = Duration::from_secs(5);

/// A program under test, with all it says.
pub struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    said: Receiver<Said>,
    open: usize,
    out: Vec<u8>,
    err: Vec<u8>,
}

enum Said {
    Out(Vec<u8>),
    Err(Vec<u8>),
    End,
}

/// What a program leaves when it has ended.
#[derive(Debug)]
pub struct Finished {
    /// Its exit status.
    pub status: ExitStatus,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Program {
    /// Starts a program with pipes for everything it reads and writes.
    pub fn start(command: &mut Command) -> Program {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (sender, said) = channel();
        listen(child.stdout.take().unwrap(), sender.clone(), Said::Out);
        listen(child.stderr.take().unwrap(), sender, Said::Err);
        Program {
            stdin: child.stdin.take(),
            child,
            said,
            open: 2,
            out: Vec::new(),
            err: Vec::new(),
        }
    }

    /// The process itself.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The standard output so far.
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    /// The standard error so far.
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.err).into_owned()
    }

    /// Waits until what the program has said is as wanted.
    pub fn wait_until(&mut self, what: &str, wanted: impl Fn(&Program) -> bool) {
        let deadline = Instant::now() + LONG;
        while !wanted(self) {
            assert!(
                self.open > 0 && self.hear(deadline),
                "{what} was waited for in vain\n--- out\n{}\n--- err\n{}",
                self.out(),
                self.err()
            );
        }
    }

    /// Waits until the standard output has a text in it.
    pub fn wait_for(&mut self, text: &str) {
        self.wait_until(text, |program| program.out().contains(text));
    }

    /// Waits for the line `<name> <number>` of the standard output, in which an agent tells its pid.
    pub fn pid_of(&mut self, name: &str) -> u32 {
        self.wait_until(name, |program| told(&program.out(), name).is_some());
        told(&self.out(), name).unwrap()
    }

    /// Writes to the program's standard input.
    pub fn write(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().expect("the input is still open");
        stdin.write_all(text.as_bytes()).expect("the program reads");
    }

    /// Closes the program's standard input.
    pub fn end_input(&mut self) {
        self.stdin = None;
    }

    /// Sends the program's process, and no other, a signal.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid(), signal);
    }

    /// Waits until nobody has the program's standard output and error open any more: neither it nor
    /// any process that it has started. Says whether that was before the deadline.
    pub fn silent_within(&mut self, time: Duration) -> bool {
        let deadline = Instant::now() + time;
        while self.open > 0 {
            if !self.hear(deadline) {
                return false;
            }
        }
        true
    }

    /// Waits until the program has ended, and all that it has started.
    pub fn finish(mut self) -> Finished {
        self.stdin = None;
        assert!(
            self.silent_within(LONG),
            "somebody still runs\n--- out\n{}\n--- err\n{}",
            self.out(),
            self.err()
        );
        let watch = Watch::new(self.pid());
        assert!(watch.gone_within(LONG), "the program still runs");
        Finished {
            status: self.child.wait().expect("the program can be waited for"),
            out: self.out(),
            err: self.err(),
        }
    }

    /// Takes in what is said next. `false` at the deadline.
    fn hear(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.said.recv_timeout(left) {
            Ok(Said::Out(bytes)) => self.out.extend(bytes),
            Ok(Said::Err(bytes)) => self.err.extend(bytes),
            Ok(Said::End) => self.open -= 1,
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => self.open = 0,
        }
        true
    }
}

/// No program outlives its test.
impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(
    mut stream: impl Read + Send + 'static,
    said: Sender<Said>,
    as_said: fn(Vec<u8>) -> Said,
) {
    std::thread::spawn(move || {
        let mut chunk = [0; 16 << 10];
        while let Ok(read @ 1..) = stream.read(&mut chunk) {
            let _ = said.send(as_said(chunk[..read].to_vec()));
        }
        let _ = said.send(Said::End);
    });
}

/// The number in the complete line `<name> <number>`.
fn told(out: &str, name: &str) -> Option<u32> {
    let complete = &out[..=out.rfind('\n')?];
    complete.lines().find_map(|line| {
        let number = line.strip_prefix(name)?.strip_prefix(' ')?;
        number.parse().ok()
    })
}

/// Sends one process a signal.
pub fn kill(pid: u32, signal: Signal) {
    let _ = kill_process(as_pid(pid), signal);
}

/// A process number as the system wants it.
pub fn as_pid(pid: u32) -> Pid {
    Pid::from_raw(i32::try_from(pid).unwrap()).expect("a process")
}

/// Tells whoever reads the standard output a name and this process: `<name> <pid>`.
pub fn pid_line(name: &str) -> String {
    format!("{name} {}", std::process::id())
}

/// The one connected socket of an agent that has not sent anything.
#[must_use]
pub fn supervisor_line() -> Option<UnixStream> {
    let oneself = pidfd_open(getpid(), PidfdFlags::empty()).ok()?;
    (3..1000).find_map(|number| {
        let descriptor = pidfd_getfd(&oneself, number, PidfdGetfdFlags::empty()).ok()?;
        let socket = UnixStream::from(descriptor);
        socket.peer_addr().is_ok().then_some(socket)
    })
}
