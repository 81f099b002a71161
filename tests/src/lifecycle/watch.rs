//! Waiting for the end of processes that are not ours, and what they leave.

use super::as_pid;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{PidfdFlags, pidfd_open};
use std::collections::BTreeSet;
use std::fs;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// A process whose end is waited for, whoever its parent is.
pub struct Watch {
    process: Option<OwnedFd>,
}

impl Watch {
    /// Begins to watch a process that runs; of one that has gone already, the end is seen at once.
    pub fn new(pid: u32) -> Watch {
        Watch {
            process: pidfd_open(as_pid(pid), PidfdFlags::empty()).ok(),
        }
    }

    /// Whether the process runs at this moment.
    pub fn is_alive(&self) -> bool {
        !self.gone_within(Duration::ZERO)
    }

    /// Waits for the process's end. Says whether it came in time.
    pub fn gone_within(&self, time: Duration) -> bool {
        let deadline = Instant::now() + time;
        let Some(process) = &self.process else {
            return true;
        };
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left).expect("a short time");
            match poll(&mut [PollFd::new(process, PollFlags::IN)], Some(&left)) {
                Err(rustix::io::Errno::INTR) => {}
                other => return other.expect("poll") > 0,
            }
        }
    }
}

/// The run that an agent belongs to, by the name of its socket: `@multitools-<run>`.
pub fn run_of(pid: u32) -> String {
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).expect("the agent runs");
    let own: BTreeSet<String> = descriptors
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|link| {
            let number = link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(number.to_owned())
        })
        .collect();
    let listening = sockets().find_map(|(inode, name)| own.contains(&inode).then_some(name));
    let name = listening.expect("an agent listens");
    name[..name.rfind('-').expect("a name and a number")].to_owned()
}

/// The names of the sockets that a run has in the system.
pub fn sockets_of_run(run: &str) -> Vec<String> {
    let names = sockets().map(|(_, name)| name);
    names.filter(|name| name.starts_with(run)).collect()
}

/// All named sockets of agents, with their inodes.
fn sockets() -> impl Iterator<Item = (String, String)> {
    let table = fs::read_to_string("/proc/net/unix").expect("the table of sockets");
    let lines: Vec<String> = table.lines().map(str::to_owned).collect();
    lines.into_iter().filter_map(|line| {
        let mut fields = line.split_whitespace().skip(6);
        let (inode, name) = (fields.next()?, fields.next()?);
        name.starts_with("@multitools-")
            .then(|| (inode.to_owned(), name.to_owned()))
    })
}
