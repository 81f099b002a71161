//! What this process may take of the machine, from now on.

use rustix::process::{
    Resource, Rlimit, getpriority_process, getrlimit, setpriority_process, setrlimit,
};
use std::io;

/// How many bytes of private memory that can be written to. The address space is no measure: a run maps
/// far more of its shared memory than is ever used.
pub(crate) fn memory(bytes: u64) -> io::Result<()> {
    lower(Resource::Data, bytes, bytes)
}

/// How many seconds of a processor. Whoever catches the signal of the first limit is killed at the second.
pub(crate) fn cpu(seconds: u64) -> io::Result<()> {
    lower(Resource::Cpu, seconds, seconds.saturating_add(1))
}

/// How many open descriptors.
pub(crate) fn files(count: u64) -> io::Result<()> {
    lower(Resource::Nofile, count, count)
}

fn lower(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let earlier = getrlimit(resource);
    let least = |wanted: u64, earlier: Option<u64>| Some(wanted.min(earlier.unwrap_or(wanted)));
    let maximum = least(hard, earlier.maximum);
    let lowered = Rlimit {
        current: least(soft, maximum),
        maximum,
    };
    Ok(setrlimit(resource, lowered)?)
}

/// How far this thread stands back, and those that it starts.
pub(crate) fn nice(nice: i8) -> io::Result<()> {
    let wanted = i32::from(nice);
    if wanted >= 0 && getpriority_process(None)? >= wanted {
        return Ok(());
    }
    Ok(setpriority_process(None, wanted)?)
}
