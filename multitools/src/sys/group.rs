//! A process group that ends with its leader, whoever is left to see that.

#![allow(unsafe_code)]

use rustix::io::FdFlags;
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{getpgrp, getpid};
use std::ffi::c_int;
use std::io;
use std::os::fd::{AsRawFd, IntoRawFd, RawFd};
use std::sync::atomic::{AtomicI32, Ordering};

/// The end of the pipe that nobody writes to, or none yet.
static WRITING_END: AtomicI32 = AtomicI32::new(-1);

/// The command of `fcntl` that says which signal to send, which `libc` does not name everywhere.
const SET_SIGNAL: c_int = 10;

unsafe extern "C" {
    /// Not named by `libc` on Linux.
    fn pthread_atfork(
        prepare: Option<extern "C" fn()>,
        parent: Option<extern "C" fn()>,
        child: Option<extern "C" fn()>,
    ) -> c_int;
}

/// Has the kernel kill the process group that this process leads when this process ends, or becomes
/// another program. To be called once.
///
/// Nothing is ever written to the pipe that is made here. When the process ends, the kernel closes its
/// writing end, which is news for the reading end, and whoever is to be told of news there is killed. For
/// that the reading end has to be open in somebody: all that this process starts inherits it. Where all of
/// that has closed it, it goes with the process, but after the writing end: Linux lets go of all that a process
/// had open beginning with the highest number, and a pipe's reading end has the lower one.
///
/// What is forked behind the back of the C library, and runs no program of its own, has the writing end too:
/// nothing happens before it ends.
pub(crate) fn end_with_this_process() -> io::Result<()> {
    if getpgrp() != getpid() {
        return Err(io::Error::other("it leads no process group"));
    }
    let (reading, writing) = pipe_with(PipeFlags::CLOEXEC)?;
    kill_group_with_news_of(reading.as_raw_fd())?;
    rustix::io::fcntl_setfd(&reading, FdFlags::empty())?;
    // SAFETY: the handler has the type that is asked for, and lives as long as the program. It does only what
    // is allowed in a child between `fork` and whatever comes next.
    let refused = unsafe { pthread_atfork(None, None, Some(let_go_in_child)) };
    if refused != 0 {
        return Err(io::Error::from_raw_os_error(refused));
    }
    WRITING_END.store(writing.into_raw_fd(), Ordering::Release);
    let _ = reading.into_raw_fd();
    Ok(())
}

/// Has SIGKILL sent to the group of this process when there is news at this descriptor.
fn kill_group_with_news_of(descriptor: RawFd) -> io::Result<()> {
    let group = -getpgrp().as_raw_nonzero().get();
    let wanted = [
        (libc::F_SETOWN, group),
        (SET_SIGNAL, libc::SIGKILL),
        (libc::F_SETFL, libc::O_ASYNC),
    ];
    for (command, argument) in wanted {
        // SAFETY: the descriptor is open, and each of these commands takes a number, no pointer.
        if unsafe { libc::fcntl(descriptor, command, argument) } == -1 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// A process that is forked and runs no other program would keep the end open that is closed with its parent.
extern "C" fn let_go_in_child() {
    let writing = WRITING_END.swap(-1, Ordering::AcqRel);
    if writing != -1 {
        // SAFETY: the number is that of a descriptor which nobody else has: it was given away for good when it
        // was stored, and is taken from there once.
        unsafe { rustix::io::close(writing) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::{Signal, kill_process};
    use rustix::thread::Timespec;
    use std::io::Read;
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::process::Command;

    /// When a process that should have been killed says that it has not.
    const LATE: Timespec = Timespec {
        tv_sec: 20,
        tv_nsec: 0,
    };

    /// A process that leads a group forks another one, which runs no program of its own, and then ends in
    /// this way.
    fn what_is_forked_goes_when_its_parent(ends: fn()) {
        let (mut reader, writer) = io::pipe().unwrap();
        let in_child = move || {
            end_with_this_process()?;
            // SAFETY: the child does nothing but system calls, and never comes back.
            if unsafe { libc::fork() } == 0 {
                let _ = rustix::thread::nanosleep(&LATE);
                let _ = rustix::io::write(&writer, b"late");
                // SAFETY: it ends this process.
                unsafe { libc::_exit(0) };
            }
            ends();
            Ok(())
        };
        let mut command = Command::new("sleep");
        command.arg("20").process_group(0);
        // SAFETY: the closure runs in a child of one thread. It takes no lock but that of the allocator, which
        // `fork` leaves usable.
        unsafe { command.pre_exec(in_child) };
        let mut child = command.spawn().unwrap();
        drop(command);
        let mut said = String::new();
        reader.read_to_string(&mut said).unwrap();
        assert_eq!(said, "");
        assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGKILL));
    }

    #[test]
    fn r16_what_is_forked_without_a_program_goes_when_its_parent_is_killed() {
        what_is_forked_goes_when_its_parent(|| {
            let _ = kill_process(getpid(), Signal::KILL);
        });
    }

    #[test]
    fn r16_a_process_that_becomes_another_program_has_ended() {
        what_is_forked_goes_when_its_parent(|| {});
    }
}
