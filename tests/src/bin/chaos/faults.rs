//! What is done to the processes of a run from outside: they are killed, and stopped for a while.

use fastrand::Rng;
use rustix::process::{Pid, PidfdFlags, Signal, getpid, pidfd_open, pidfd_send_signal};
use std::collections::BTreeSet;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// How often what was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    pub kills: u64,
    pub stops: u64,
}

/// Who may be killed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prey {
    /// Who has said so, which is when its `op` begins.
    Offered,
    /// Everybody at any moment, the youngest before all: some before they begin.
    Anybody,
}

/// Does its work until the run is over, which the channel tells by its end.
pub fn torment(
    seed: u64,
    mut kills: u32,
    prey: Prey,
    folder: &Path,
    over: &Receiver<()>,
) -> Faults {
    let mut rng = Rng::with_seed(seed);
    let mut faults = Faults::default();
    loop {
        let pause = match prey {
            Prey::Offered => rng.u64(1..15),
            Prey::Anybody => rng.u64(0..4),
        };
        if ended_within(over, pause) {
            return faults;
        }
        let children = children();
        let one = match prey {
            Prey::Anybody if rng.bool() => children.last(),
            _ => rng.choice(&children),
        };
        let Some(mut process) = one.and_then(|one| hold(*one, folder)) else {
            continue;
        };
        process.mortal |= prey == Prey::Anybody;
        // Only those may be killed that are started again: they have said so.
        if kills > 0 && rng.bool() && process.mortal {
            kills -= 1;
            faults.kills += u64::from(pidfd_send_signal(&process.handle, Signal::KILL).is_ok());
            continue;
        }
        if pidfd_send_signal(&process.handle, Signal::STOP).is_ok() {
            faults.stops += 1;
            let over = ended_within(over, rng.u64(0..15));
            // Some do not live to see the end of it.
            if kills > 0 && rng.u32(0..4) == 0 && process.mortal {
                kills -= 1;
                faults.kills += u64::from(pidfd_send_signal(&process.handle, Signal::KILL).is_ok());
            }
            // It may have been killed meanwhile.
            let _ = pidfd_send_signal(&process.handle, Signal::CONT);
            if over {
                return faults;
            }
        }
    }
}

fn ended_within(over: &Receiver<()>, milliseconds: u64) -> bool {
    let time = Duration::from_millis(milliseconds);
    over.recv_timeout(time) != Err(RecvTimeoutError::Timeout)
}

struct Held {
    handle: OwnedFd,
    mortal: bool,
}

/// A process that is still ours once it is held: its number cannot be another's then.
fn hold(pid: i32, folder: &Path) -> Option<Held> {
    let handle = pidfd_open(Pid::from_raw(pid)?, PidfdFlags::empty()).ok()?;
    (parent_of(pid)? == getpid().as_raw_nonzero().get()).then_some(())?;
    Some(Held {
        handle,
        mortal: folder.join(MORTAL).join(pid.to_string()).exists(),
    })
}

/// Where those are listed that may be killed.
const MORTAL: &str = "mortal";

/// Prepares the list.
pub fn prepare(folder: &Path) {
    std::fs::create_dir(folder.join(MORTAL)).unwrap();
}

/// This process may be killed.
pub fn offer(folder: &str) {
    let pid = std::process::id().to_string();
    std::fs::write(Path::new(folder).join(MORTAL).join(pid), "").unwrap();
}

/// The processes that this one has started.
pub fn children() -> Vec<i32> {
    let own = getpid().as_raw_nonzero();
    let tasks = std::fs::read_dir(format!("/proc/{own}/task")).unwrap();
    let mut children: BTreeSet<i32> = BTreeSet::new();
    for task in tasks.flatten() {
        let list = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        children.extend(
            list.split_whitespace()
                .filter_map(|pid| pid.parse::<i32>().ok()),
        );
    }
    children.into_iter().collect::<Vec<i32>>()
}

fn parent_of(pid: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let rest = stat.rsplit(')').next()?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

/// Kills all that this process has started: for a run that does not end.
pub fn kill_all() {
    for pid in children() {
        if let Some(process) = hold(pid, Path::new("")) {
            let _ = pidfd_send_signal(&process.handle, Signal::KILL);
        }
    }
}
