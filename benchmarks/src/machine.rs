//! What is asked of the operating system: cores, processor time, memory.

use crate::job::Result;
use rustix::process::{Pid, Signal, set_parent_process_death_signal};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::fs;
use std::path::Path;

/// Has the kernel kill this process when the one that started it ends.
pub fn die_with_parent() -> Result<()> {
    Ok(set_parent_process_death_signal(Some(Signal::KILL))?)
}

/// The first two cores that this process may run on; the same one twice where it has but one.
pub fn two_cores() -> Result<[usize; 2]> {
    let allowed = sched_getaffinity(None)?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core));
    let first = cores.next().ok_or("this process may run nowhere")?;
    Ok([first, cores.next().unwrap_or(first)])
}

/// Binds the calling thread, and those it starts from here on, to a core.
pub fn pin_thread(core: usize) -> Result<()> {
    pin(None, core)
}

/// Binds all threads of this process to a core, if there is one.
pub fn pin_process(core: Option<usize>) -> Result<()> {
    let Some(core) = core else { return Ok(()) };
    for entry in fs::read_dir("/proc/self/task")? {
        let thread = entry?.file_name();
        let thread = thread.to_str().and_then(|name| name.parse().ok());
        pin(thread.and_then(Pid::from_raw), core)?;
    }
    Ok(())
}

fn pin(thread: Option<Pid>, core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    Ok(sched_setaffinity(thread, &set)?)
}

/// The processes that a process has started and that have not been buried.
pub fn children(process: u32) -> Result<Vec<u32>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(format!("/proc/{process}/task"))? {
        let text = fs::read_to_string(entry?.path().join("children"))?;
        all.extend(
            text.split_whitespace()
                .filter_map(|word| word.parse::<u32>().ok()),
        );
    }
    Ok(all)
}

/// The process that has started this one.
pub fn parent() -> Result<u32> {
    let parent = rustix::process::getppid().ok_or("this process has no parent")?;
    Ok(u32::try_from(parent.as_raw_nonzero().get())?)
}

/// How long the threads of a process have run so far, in nanoseconds.
pub fn processor_time(process: u32) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(format!("/proc/{process}/task"))? {
        let text = fs::read_to_string(entry?.path().join("schedstat"))?;
        let ran = text
            .split_whitespace()
            .next()
            .and_then(|word| word.parse::<u64>().ok());
        sum += ran.ok_or("no time in schedstat")?;
    }
    Ok(sum)
}

/// How long the processes have run that this one has started and buried, in seconds.
pub fn buried_processor_time() -> Result<f64> {
    let text = fs::read_to_string("/proc/self/stat")?;
    // The name stands in parentheses and may contain anything; the third field follows it.
    let (_, fields) = text.rsplit_once(')').ok_or("no name in stat")?;
    let ticks = fields
        .split_whitespace()
        .skip(13)
        .take(2)
        .map(str::parse::<f64>);
    let ticks: f64 = ticks.sum::<Result<f64, _>>()?;
    Ok(ticks / rustix::param::clock_ticks_per_second() as f64)
}

/// The sum of some lines of `smaps_rollup` of a process, in KiB.
pub fn memory(process: u32, lines: &[&str]) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let mut sum = 0.0;
    for line in lines {
        sum += kibibytes(&text, line).ok_or_else(|| format!("no {line} in smaps_rollup"))?;
    }
    Ok(sum)
}

/// The most that this process has had in memory, in KiB.
pub fn peak_memory() -> Result<f64> {
    let text = fs::read_to_string("/proc/self/status")?;
    kibibytes(&text, "VmHWM").ok_or_else(|| "no VmHWM in status".into())
}

fn kibibytes(text: &str, name: &str) -> Option<f64> {
    let value = |line: &str| {
        line.strip_prefix(name)?
            .strip_prefix(':')
            .map(str::to_owned)
    };
    let value = text.lines().find_map(value)?;
    value.split_whitespace().next()?.parse().ok()
}

/// The processor, the kernel and how many cores there are.
pub fn describe() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model
        .and_then(|rest| rest.split_once(':'))
        .map_or("unknown processor", |it| it.1);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {cores} cores, Linux {}", model.trim(), kernel.trim())
}

/// Removes what peers have left in the file system under the names of a round.
pub fn clean(scratch: &str) {
    for folder in ["/dev/shm", "/tmp"] {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(scratch) {
                remove(&entry.path());
            }
        }
    }
}

/// What is gone already need not be removed.
fn remove(path: &Path) {
    let _ = match path.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    };
}
