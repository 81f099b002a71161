//! Writing to the standard output and error without being stuck in it once somebody wants an end.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// So much a pipe takes that has said that it takes something.
const PIECE: usize = 4 << 10;

/// How long an output is waited for that takes nothing, once an end is wanted.
const PATIENCE: Timespec = Timespec {
    tv_sec: 1,
    tv_nsec: 0,
};

/// Writes for as long as it takes, until an end is wanted.
#[derive(Default)]
pub(crate) struct Output {
    /// Readable when an end is wanted.
    end: Option<OwnedFd>,
    end_is_wanted: bool,
    /// It was waited for in vain.
    given_up: bool,
}

impl Output {
    /// An end is wanted as soon as this is readable.
    pub(crate) fn end_with(&mut self, readable: OwnedFd) {
        self.end = Some(readable);
    }

    /// An end is wanted.
    pub(crate) fn hurry(&mut self) {
        self.end_is_wanted = true;
    }

    /// Writes all of this. Also to an output that does not block, as a terminal may that other programs have.
    pub(crate) fn write_all(&mut self, to: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.wait_for_room(to)?;
            match rustix::io::write(to, &bytes[..bytes.len().min(PIECE)]) {
                Ok(written) => bytes = &bytes[written..],
                Err(Errno::INTR | Errno::AGAIN) => {}
                // As the standard library has it: nobody is there to be written to.
                Err(Errno::BADF) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn wait_for_room(&mut self, to: BorrowedFd<'_>) -> io::Result<()> {
        loop {
            let end = self.end.as_ref().filter(|_| !self.end_is_wanted);
            let time = match (self.end_is_wanted, self.given_up) {
                (false, _) => None,
                (true, false) => Some(PATIENCE),
                (true, true) => Some(Timespec::default()),
            };
            let mut sources = vec![PollFd::from_borrowed_fd(to, PollFlags::OUT)];
            sources.extend(end.map(|end| PollFd::from_borrowed_fd(end.as_fd(), PollFlags::IN)));
            match poll(&mut sources, time.as_ref()) {
                Ok(0) => {
                    self.given_up = true;
                    return Err(io::Error::new(io::ErrorKind::TimedOut, "nobody reads it"));
                }
                Ok(_) if !sources[0].revents().is_empty() => {
                    self.given_up = false;
                    return Ok(());
                }
                Ok(_) => self.end_is_wanted = true,
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
