//! The processes of a round: this executable, started again.

use crate::job::{Job, Outcome, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// The first argument of such a process; the second is its [`Job`].
pub const SIDE: &str = "side";

/// This executable, to be started again.
pub fn this_executable() -> Result<Command> {
    Ok(Command::new(std::env::current_exe()?))
}

/// The other side of a round, seen from the one that begins it. Killed when dropped.
pub struct Side {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Side {
    /// Starts one.
    pub fn start(job: &Job) -> Result<Side> {
        let mut command = this_executable()?;
        command.args([SIDE, &serde_json::to_string(job)?]);
        Side::of(command)
    }

    /// Starts any command.
    pub fn of(mut command: Command) -> Result<Side> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().ok_or("no standard output")?;
        Ok(Side {
            child,
            lines: BufReader::new(output),
        })
    }

    /// Waits until it has said something.
    pub fn hear<T: DeserializeOwned>(&mut self) -> Result<T> {
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        serde_json::from_str(&line).map_err(|_| "the other side has failed".into())
    }

    /// Waits for its first byte.
    pub fn first_byte(&mut self) -> Result<()> {
        Ok(self.lines.read_exact(&mut [0])?)
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Says something to whoever has started this process.
pub fn say(what: &impl Serialize) -> Result<()> {
    let mut line = serde_json::to_string(what)?;
    line.push('\n');
    let mut out = std::io::stdout();
    out.write_all(line.as_bytes())?;
    Ok(out.flush()?)
}

/// Runs a round in processes of its own, and kills them at the deadline.
pub fn round(job: &Job, timeout: Duration) -> Result<Outcome> {
    let folder = tempfile::Builder::new().prefix(&job.scratch).tempdir()?;
    let mut child = this_executable()?
        .env("TMPDIR", folder.path())
        .args([SIDE, &serde_json::to_string(job)?])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let group = Pid::from_child(&child);
    let ended = wait(&child, timeout);
    // Whether it has ended or not, what it has started is not to outlive it.
    let _ = kill_process_group(group, Signal::KILL);
    let status = child.wait()?;
    crate::machine::clean(&job.scratch);
    if !ended? {
        return Err(format!("no end within {} s", timeout.as_secs()).into());
    }
    let said = child.stdout.take().map(what_is_there).transpose()?;
    let complaint = child.stderr.take().map(what_is_there).transpose()?;
    match said.and_then(|line| serde_json::from_str(&line).ok()) {
        Some(outcome) if status.success() => Ok(outcome),
        _ => {
            let complaint = complaint.unwrap_or_default();
            let line = complaint.lines().rfind(|line| !line.trim().is_empty());
            Err(format!("{status}: {}", line.unwrap_or("without a word")).into())
        }
    }
}

/// Whether the child has ended in time.
fn wait(child: &Child, timeout: Duration) -> Result<bool> {
    let process = pidfd_open(Pid::from_child(child), PidfdFlags::empty())?;
    let deadline = Instant::now() + timeout;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = Timespec::try_from(left)?;
        match poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&left)) {
            Err(rustix::io::Errno::INTR) => (),
            other => return Ok(other? > 0),
        }
    }
}

/// What a pipe holds, also where somebody still has its other end.
fn what_is_there(mut pipe: impl Read + AsFd) -> Result<String> {
    fcntl_setfl(&pipe, fcntl_getfl(&pipe)? | OFlags::NONBLOCK)?;
    let mut bytes = Vec::new();
    match pipe.read_to_end(&mut bytes) {
        Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => Err(error.into()),
        _ => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    }
}
