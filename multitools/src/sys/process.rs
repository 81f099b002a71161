//! Starting, watching and ending processes.

#![allow(unsafe_code)]

use rustix::net::sockopt::socket_peercred;
use rustix::process::{
    Pid, PidfdFlags, Signal, getpgid, getpgrp, getpid, getppid, kill_current_process_group,
    kill_process, kill_process_group, pidfd_open, set_parent_process_death_signal,
};
use rustix::thread::{gettid, set_name};
use std::ffi::{CString, OsString};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::ptr::{null, null_mut};

/// A command that starts this very executable, also after its file has been replaced.
pub(crate) fn this_executable() -> Command {
    let mut command = Command::new("/proc/self/exe");
    let name = std::env::args_os()
        .next()
        .unwrap_or_else(|| OsString::from("multitools"));
    command.arg0(name);
    command
}

/// Something that becomes readable when the process ends.
pub(crate) fn watch(pid: u32) -> io::Result<OwnedFd> {
    Ok(pidfd_open(as_pid(pid)?, PidfdFlags::empty())?)
}

/// Has the system keep how a child has ended until that is asked, and its number for it, where this process has
/// said that it will not ask, or has that from whoever started it (`SIGCHLD` ignored).
pub(crate) fn keep_ends_of_children() -> io::Result<()> {
    // SAFETY: all its bytes may be nought: it is made of numbers, and of pointers that may be null.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: the pointers are null, or to a local of the type that is asked for.
    if unsafe { libc::sigaction(libc::SIGCHLD, null(), &raw mut action) } == -1 {
        return Err(io::Error::last_os_error());
    }
    let is_ignored = action.sa_sigaction == libc::SIG_IGN;
    if !is_ignored && action.sa_flags & libc::SA_NOCLDWAIT == 0 {
        return Ok(());
    }
    if is_ignored {
        action.sa_sigaction = libc::SIG_DFL;
    }
    action.sa_flags &= !libc::SA_NOCLDWAIT;
    // SAFETY: as above; a handler that somebody else has set is what it was.
    match unsafe { libc::sigaction(libc::SIGCHLD, &raw const action, null_mut()) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Asks a process that was started as the leader of a group to end, and its group.
pub(crate) fn terminate_with_group(leader: u32) {
    signal_with_group(leader, Signal::TERM);
}

/// Kills a process that was started as the leader of a group, with whatever it has started there.
pub(crate) fn kill_with_group(leader: u32) {
    signal_with_group(leader, Signal::KILL);
}

fn signal_with_group(leader: u32, signal: Signal) {
    // Errors say that they are gone already, which is what was wanted.
    let Ok(leader) = as_pid(leader) else {
        return;
    };
    let _ = kill_process_group(leader, signal);
    // A process may leave the group that it leads for another of its session.
    if getpgid(Some(leader)) != Ok(leader) {
        let _ = kill_process(leader, signal);
    }
}

/// Asks one process to end.
pub(crate) fn terminate(pid: u32) {
    let _ = as_pid(pid).map(|pid| kill_process(pid, Signal::TERM));
}

/// Kills one process.
pub(crate) fn kill(pid: u32) {
    let _ = as_pid(pid).map(|pid| kill_process(pid, Signal::KILL));
}

fn as_pid(pid: u32) -> io::Result<Pid> {
    i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

/// How many bytes of a name the system keeps of a process.
const LONGEST_NAME: usize = 15;

/// Gives this process a name by which `ps` and `top` show it, of which the system keeps the beginning.
/// Whichever thread calls: it is the name of the first one.
pub(crate) fn show_as(name: &str) {
    let shown: String = name
        .chars()
        .map(|letter| if letter.is_control() { '?' } else { letter })
        .collect();
    let shown = &shown[..shown.floor_char_boundary(LONGEST_NAME)];
    // The first thread, which most agents run on, names itself without a file. Errors do not matter: it is only for
    // people who look at the list of processes.
    let _ = match CString::new(shown) {
        Ok(shown) if gettid() == getpid() => set_name(&shown).map_err(io::Error::from),
        _ => std::fs::write("/proc/self/comm", shown),
    };
}

/// Ends this process, and what it has started, at once and without a word.
pub(crate) fn vanish() -> ! {
    if getpgrp() == getpid() {
        let _ = kill_current_process_group(Signal::KILL);
    }
    std::process::abort()
}

/// Has the kernel wake this process when the thread that started it ends.
///
/// Who notices that end [vanishes](vanish), with all it has started. A process that is stopped would
/// not notice. It is continued rather than killed, since what the kernel then does for it
/// ([`group`](super::group)) does not reach everything. To be called in a child whose parent keeps that thread
/// for as long as the child lives.
pub(crate) fn wake_with_end_of_parent() {
    if let Err(error) = set_parent_process_death_signal(Some(Signal::CONT)) {
        tracing::debug!(%error, "no parent-death signal");
    }
}

/// In the environment of a child: the process whose end it is not to survive.
pub(crate) const BOUND_TO: &str = "MULTITOOLS_BOUND_TO";

/// Binds a child to the thread that started it before any code of the program runs, so that none of it
/// can keep an orphan alive. From [`init`](crate::init) on, [`wake_with_end_of_parent`] replaces it.
///
/// It is a constructor of the executable because the alternative, a `pre_exec` closure, would turn each
/// start into a fork of the whole parent.
// SAFETY: the C runtime calls each pointer of `.init_array` once, as a C function, before `main`; this
// is a pointer to such a function, which ignores the arguments some runtimes pass. No other thread runs
// yet. It reads the environment, which is in place by then, makes three system calls, and cannot unwind.
#[used]
#[unsafe(link_section = ".init_array")]
static BIND_BEFORE_MAIN: extern "C" fn() = {
    extern "C" fn bind_before_main() {
        let parent = || {
            let parent: u32 = std::env::var_os(BOUND_TO)?.to_str()?.parse().ok()?;
            as_pid(parent).ok()
        };
        if let Some(parent) = parent()
            // What the child itself starts inherits the environment, and is not meant.
            && getppid() == Some(parent)
            && set_parent_process_death_signal(Some(Signal::KILL)).is_ok()
            // A parent that has ended before will not end again.
            && getppid() != Some(parent)
        {
            std::process::abort();
        }
    }
    bind_before_main
};

/// Has the kernel kill the command's process when the thread that starts it ends.
pub(crate) fn bind_to_parent(command: &mut Command) {
    let parent = getpid();
    let bind = move || {
        set_parent_process_death_signal(Some(Signal::KILL))?;
        // A parent that has ended before will not end again.
        match getppid() == Some(parent) {
            true => Ok(()),
            false => Err(rustix::io::Errno::SRCH.into()),
        }
    };
    // SAFETY: the closure runs in the forked child before `exec`. It makes two system calls (prctl and
    // getppid), which are async-signal-safe, and touches no memory of the parent and no lock.
    unsafe {
        command.pre_exec(bind);
    }
}

/// Whether `socket` was made by the process `pid`.
pub(crate) fn made_by(socket: &impl AsFd, pid: u32) -> bool {
    socket_peercred(socket)
        .is_ok_and(|peer| u32::try_from(peer.pid.as_raw_nonzero().get()) == Ok(pid))
}

/// Takes the standard input of this process for a socket, and leaves an empty one in its place.
pub(crate) fn take_standard_input() -> io::Result<UnixStream> {
    let socket = rustix::io::fcntl_dupfd_cloexec(io::stdin(), 3)?;
    let nothing = std::fs::File::open("/dev/null")?;
    rustix::stdio::dup2_stdin(&nothing)?;
    Ok(UnixStream::from(socket))
}

/// The effective user of this process.
pub(crate) fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}
