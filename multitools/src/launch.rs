//! Starting a child process that becomes an agent.

use crate::catalog;
use crate::protocol::{self, PARENT, StatusPage};
use crate::{sys, value};
use rustix::io::Errno;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// A child that waits on its control socket to be told who to be.
pub(crate) struct Launched {
    pub(crate) child: Child,
    /// Readable when it has ended.
    pub(crate) watch: OwnedFd,
    pub(crate) control: UnixStream,
}

/// Starts a child with the memory that it shares with this process.
///
/// The control socket is the child's standard input, so it needs no name that a stranger could find and
/// no descriptor number to agree on. The child leads a process group of its own: Ctrl-C does not reach
/// it, and what it starts ends with it.
///
/// A `bound` child is killed when the calling thread ends, wherever it is by then: until it reaches
/// [`init`](crate::init) it would not notice.
pub(crate) fn launch(
    under_test: bool,
    bound: bool,
    status: &StatusPage,
    memory: Option<BorrowedFd<'_>>,
    stderr: Stdio,
) -> io::Result<Launched> {
    if protocol::is_agent_to_be() {
        // It would start others like itself, and these others, without end.
        return Err(io::Error::other(
            "this process was itself started to become an agent, and nothing has made it one: put `#[multitools::main]` on `main`, or `#[multitools::test]` on the test",
        ));
    }
    let (control, theirs) = UnixStream::pair()?;
    let values = value::descriptor().map_err(io::Error::other)?;
    let mut shared = vec![status.as_fd(), values];
    shared.extend(memory);
    sys::descriptors::send(&control, &shared)?;
    let mut command = child_command(under_test)?;
    if bound {
        command.env(sys::process::BOUND_TO, std::process::id().to_string());
    }
    command
        .env(PARENT, std::process::id().to_string())
        .stdin(OwnedFd::from(theirs))
        .stderr(stderr)
        .process_group(0);
    let (child, watch) = spawn_watched(&mut command)?;
    Ok(Launched {
        child,
        watch,
        control,
    })
}

/// What to do about an error of starting a process, where that is known: it follows what the system says.
pub(crate) fn advice(error: &io::Error) -> &'static str {
    if Errno::from_io_error(error) == Some(Errno::MFILE) {
        return "; an agent takes 4 descriptors of the process that starts it: raise their hard limit (`ulimit -Hn`)";
    }
    match error.kind() {
        io::ErrorKind::FileTooLarge => {
            "; memory that processes share counts as a file, of 64 MiB and more: raise the limit of its size (`ulimit -f`)"
        }
        _ => "",
    }
}

/// Starts a process together with something that becomes readable when it has ended. One that cannot be
/// watched does not stay.
pub(crate) fn spawn_watched(command: &mut Command) -> io::Result<(Child, OwnedFd)> {
    sys::process::keep_ends_of_children()?;
    let mut child = command.spawn()?;
    match sys::process::watch(child.id()) {
        Ok(watch) => Ok((child, watch)),
        Err(error) => {
            let _ = child.kill().and_then(|()| child.wait());
            Err(error)
        }
    }
}

/// This executable with its arguments. A test binary starts at a test whose first statement is
/// [`init`](crate::init), since what runs before it is not ours.
fn child_command(under_test: bool) -> io::Result<Command> {
    let mut command = sys::process::this_executable();
    if !under_test {
        command.args(std::env::args_os().skip(1));
        return Ok(command);
    }
    let entry = catalog::test_entry().ok_or_else(|| {
        io::Error::other(
            "this test binary starts processes, so at least one of its tests must be a `#[multitools::test]`",
        )
    })?;
    command.args(["--exact", entry.path, "--nocapture", "--include-ignored"]);
    command.args(["--test-threads=1", "-q"]);
    let shows_output = std::env::args().any(|arg| arg == "--nocapture" || arg == "--show-output");
    if !shows_output {
        command.stdout(Stdio::null());
    }
    Ok(command)
}
