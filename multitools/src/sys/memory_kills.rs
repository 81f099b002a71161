//! How many processes the kernel has killed for want of memory.

use crate::sys;
use std::cell::Cell;
use std::path::{Path, PathBuf};

/// Whose kills a count is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    /// The control group that this process was in when it began to look: its children belong to it too.
    Group,
    /// The machine, where there is no such group to look at.
    Machine,
}

/// So many processes, of these.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Kills {
    pub(crate) count: u64,
    pub(crate) scope: Scope,
}

/// Where the kernel counts.
#[derive(Debug)]
pub(crate) struct MemoryKills {
    counter: PathBuf,
    scope: Scope,
    known: Cell<u64>,
}

impl MemoryKills {
    /// Finds the best counter there is.
    pub(crate) fn find() -> MemoryKills {
        MemoryKills::find_below(Path::new("/"))
    }

    fn find_below(root: &Path) -> MemoryKills {
        let groups = sys::read_text(root.join("proc/self/cgroup")).unwrap_or_default();
        let group = groups.lines().flat_map(counters).find_map(|counter| {
            let counter = root.join(counter);
            count_in(&counter).is_some().then_some(counter)
        });
        let (counter, scope) = match group {
            Some(counter) => (counter, Scope::Group),
            None => (root.join("proc/vmstat"), Scope::Machine),
        };
        let known = Cell::new(count_in(&counter).unwrap_or(0));
        MemoryKills {
            counter,
            scope,
            known,
        }
    }

    /// How many there were when they were counted last: at the beginning, or for [`since`](Self::since).
    /// That costs nothing, unlike to count them.
    pub(crate) fn known(&self) -> u64 {
        self.known.get()
    }

    /// Counts how many there have been since so many were known.
    pub(crate) fn since(&self, before: u64) -> Kills {
        self.known.set(count_in(&self.counter).unwrap_or(0));
        Kills {
            count: self.known().saturating_sub(before),
            scope: self.scope,
        }
    }
}

/// Where the group of a line of `/proc/self/cgroup` counts. In a container the line may name the group as
/// the machine does, while the container sees it as the uppermost.
fn counters(line: &str) -> Vec<String> {
    let mut fields = line.splitn(3, ':').skip(1);
    let (Some(controllers), Some(group)) = (fields.next(), fields.next()) else {
        return Vec::new();
    };
    let (mounts, file): (&[&str], _) = if controllers.is_empty() {
        (&["sys/fs/cgroup", "sys/fs/cgroup/unified"], "memory.events")
    } else if controllers.split(',').any(|name| name == "memory") {
        (&["sys/fs/cgroup/memory"], "memory.oom_control")
    } else {
        return Vec::new();
    };
    let places = [format!("{group}/"), "/".to_owned()];
    let paths = places.iter().flat_map(|group| {
        let path = move |mount: &&str| format!("{mount}{}{file}", group.replace("//", "/"));
        mounts.iter().map(path)
    });
    paths.collect()
}

fn count_in(counter: &Path) -> Option<u64> {
    let text = sys::read_text(counter).ok()?;
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Files as the kernel shows them.
    struct Root(PathBuf);

    impl Root {
        fn new(name: &str, files: &[(&str, &str)]) -> Root {
            let name = format!("multitools-{}-{name}", std::process::id());
            let root = Root(std::env::temp_dir().join(name));
            for (path, text) in files {
                root.write(path, text);
            }
            root
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    impl Drop for Root {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    const MACHINE: (&str, &str) = ("proc/vmstat", "nr_free_pages 9\noom_kill 40\n");

    fn group_kills(count: u64) -> Kills {
        let scope = Scope::Group;
        Kills { count, scope }
    }

    #[test]
    fn the_counter_of_the_group_is_preferred() {
        let counter = "sys/fs/cgroup/a/b/memory.events";
        let events = |n| format!("low 0\nmax 3\noom 1\noom_kill {n}\noom_group_kill 0\n");
        let root = Root::new("v2", &[MACHINE, ("proc/self/cgroup", "0::/a/b\n")]);
        root.write(counter, &events(3));
        let kills = MemoryKills::find_below(&root.0);
        let before = kills.known();
        assert_eq!(kills.since(before), group_kills(0));
        root.write(counter, &events(5));
        assert_eq!(kills.since(before), group_kills(2));
        // Another that was there already when these were counted has not been one of them.
        assert_eq!(kills.since(kills.known()), group_kills(0));
    }

    #[test]
    fn the_older_groups_count_too() {
        let groups = "5:devices:/\n4:cpu,memory:/c\n0::/\n";
        let control = "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n";
        let files = [MACHINE, ("proc/self/cgroup", groups)];
        let root = Root::new("v1", &files);
        root.write("sys/fs/cgroup/memory/c/memory.oom_control", control);
        assert_eq!(MemoryKills::find_below(&root.0).since(0), group_kills(7));
        // In a container that sees its own group as the uppermost.
        let root = Root::new("container", &files);
        root.write("sys/fs/cgroup/memory/memory.oom_control", control);
        assert_eq!(MemoryKills::find_below(&root.0).since(0), group_kills(7));
    }

    #[test]
    fn the_counter_of_the_machine_is_for_want_of_another() {
        let root = Root::new("machine", &[MACHINE, ("proc/self/cgroup", "0::/\n")]);
        let kills = MemoryKills::find_below(&root.0).since(38);
        let scope = Scope::Machine;
        assert_eq!(kills, Kills { count: 2, scope });
        let nothing = MemoryKills::find_below(Path::new("/nowhere"));
        assert_eq!(nothing.since(0), Kills { count: 0, scope });
    }

    #[test]
    fn this_machine_has_a_counter() {
        let kills = MemoryKills::find();
        assert!(count_in(&kills.counter).is_some(), "{kills:?}");
    }
}
