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
    let origin = Origin::of(pid)?;
    (origin.parent == getpid().as_raw_nonzero().get()).then_some(())?;
    Some(Held {
        handle,
        mortal: folder.join(MORTAL).join(origin.entry(pid)).exists(),
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
    let pid = getpid().as_raw_nonzero().get();
    let entry = Origin::of(pid).unwrap().entry(pid);
    std::fs::write(Path::new(folder).join(MORTAL).join(entry), "").unwrap();
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

/// Where a process comes from.
struct Origin {
    parent: i32,
    /// When it was started, in ticks since the machine was.
    since: u64,
}

impl Origin {
    fn of(pid: i32) -> Option<Origin> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let rest = stat.rsplit(')').next()?;
        let mut fields = rest.split_whitespace().skip(1);
        Some(Origin {
            parent: fields.next()?.parse().ok()?,
            since: fields.nth(17)?.parse().ok()?,
        })
    }

    /// What a process is listed as: a number alone is another's in time.
    fn entry(&self, pid: i32) -> String {
        format!("{pid}-{}", self.since)
    }
}

/// Kills all that this process has started: for a run that does not end.
pub fn kill_all() {
    for pid in children() {
        if let Some(process) = hold(pid, Path::new("")) {
            let _ = pidfd_send_signal(&process.handle, Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_the_number_of_one_that_may_be_killed_is_not_taken_for_it() {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        let list = |origin: &Origin| {
            let entry = folder.path().join(MORTAL).join(origin.entry(pid));
            std::fs::write(entry, "").unwrap();
            hold(pid, folder.path()).unwrap().mortal
        };
        let own = Origin::of(pid).unwrap();
        let former = Origin {
            since: own.since - 1,
            ..own
        };
        let taken = [list(&former), list(&own)];
        child.kill().and_then(|()| child.wait()).unwrap();
        assert_eq!(taken, [false, true]);
    }
}
