//! Waiting for the end of processes that are not ours, and what they leave.

use super::as_pid;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{PidfdFlags, pidfd_open};
use std::collections::BTreeSet;
use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
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

/// What a run has in the system while it lasts.
#[derive(Debug)]
pub enum Run {
    /// Memory that its processes share, by its number.
    Memory(u64),
    /// Sockets, by the name that they begin with: `@multitools-<run>`.
    Sockets(String),
}

impl Run {
    /// The run that an agent belongs to.
    pub fn of(pid: u32) -> Run {
        if let Some(memory) = memory_of(pid).next() {
            return Run::Memory(memory);
        }
        let own: BTreeSet<String> = links_of(pid)
            .filter_map(|link| {
                let number = link.strip_prefix("socket:[")?.strip_suffix(']')?;
                Some(number.to_owned())
            })
            .collect();
        let listening = sockets().find_map(|(inode, name)| own.contains(&inode).then_some(name));
        let name = listening.expect("an agent listens");
        Run::Sockets(name[..name.rfind('-').expect("a name and a number")].to_owned())
    }

    /// What there is of it: the processes that have its memory, or its sockets.
    pub fn traces(&self) -> Vec<String> {
        match self {
            Run::Memory(memory) => processes()
                .filter(|pid| memory_of(*pid).any(|other| other == *memory))
                .map(|pid| format!("process {pid}"))
                .collect(),
            Run::Sockets(run) => {
                let names = sockets().map(|(_, name)| name);
                names.filter(|name| name.starts_with(run)).collect()
            }
        }
    }
}

/// Every process that can be looked at.
fn processes() -> impl Iterator<Item = u32> {
    let all = fs::read_dir("/proc").expect("the table of processes");
    all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// The memories of runs that a process has mapped or holds open.
fn memory_of(pid: u32) -> impl Iterator<Item = u64> {
    const NAME: &str = "/memfd:multitools-run";
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    let mapped: Vec<u64> = maps
        .lines()
        .filter(|line| line.contains(NAME))
        .filter_map(|line| line.split_whitespace().nth(4)?.parse().ok())
        .collect();
    let open = descriptors_of(pid).filter_map(|path| {
        let link = fs::read_link(&path).ok()?;
        let ours = link.to_str()?.starts_with(NAME);
        ours.then(|| fs::metadata(path).ok().map(|found| found.ino()))?
    });
    mapped.into_iter().chain(open)
}

fn descriptors_of(pid: u32) -> impl Iterator<Item = PathBuf> {
    let folder = fs::read_dir(format!("/proc/{pid}/fd"));
    let entries = folder.into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path()))
}

fn links_of(pid: u32) -> impl Iterator<Item = String> {
    let links = descriptors_of(pid).filter_map(|path| fs::read_link(path).ok());
    links.filter_map(|link| link.into_os_string().into_string().ok())
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
