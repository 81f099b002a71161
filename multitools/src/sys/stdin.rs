//! Reading lines from the standard input of this process without being stuck in it.

use rustix::event::{PollFd, PollFlags, eventfd, poll};
use std::io;
use std::os::fd::OwnedFd;

/// What came of waiting for a line.
pub(crate) enum Line {
    /// A line without its end.
    Text(String),
    /// There will be no more lines.
    End,
    /// [`Interrupter::interrupt`] was called first.
    Interrupted,
}

/// Ends a wait in [`LineReader::read_line`] from another thread.
pub(crate) struct Interrupter(OwnedFd);

impl Interrupter {
    /// Makes the wait that is going on, or the next one, end.
    pub(crate) fn interrupt(&self) {
        let _ = rustix::io::write(&self.0, &1u64.to_ne_bytes());
    }
}

/// Reads lines a byte at a time and so not a byte too much: what follows a line is for whoever reads
/// next, another run or the program itself. What the program has read ahead by [`std::io::stdin`] before
/// is not seen.
pub(crate) struct LineReader {
    interrupted: OwnedFd,
    partial: Vec<u8>,
}

impl LineReader {
    /// A reader and the handle that interrupts it.
    pub(crate) fn new() -> io::Result<(LineReader, Interrupter)> {
        let event = eventfd(0, rustix::event::EventfdFlags::CLOEXEC)?;
        let reader = LineReader {
            interrupted: event.try_clone()?,
            partial: Vec::new(),
        };
        Ok((reader, Interrupter(event)))
    }

    /// Waits for a line, the end of input, or the interrupter.
    pub(crate) fn read_line(&mut self) -> io::Result<Line> {
        loop {
            if !self.wait()? {
                return Ok(Line::Interrupted);
            }
            let mut byte = [0];
            match rustix::io::read(io::stdin(), &mut byte) {
                Ok(0) => return Ok(self.end()),
                Ok(_) if byte == [b'\n'] => return Ok(Line::Text(self.take_line())),
                Ok(_) => self.partial.extend(byte),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether there is input, rather than an interruption.
    fn wait(&self) -> io::Result<bool> {
        let input = io::stdin();
        let mut sources = [
            PollFd::new(&input, PollFlags::IN),
            PollFd::new(&self.interrupted, PollFlags::IN),
        ];
        while let Err(error) = poll(&mut sources, None) {
            if error != rustix::io::Errno::INTR {
                return Err(error.into());
            }
        }
        if sources[1].revents().is_empty() {
            return Ok(true);
        }
        let mut count = [0; 8];
        rustix::io::read(&self.interrupted, &mut count)?;
        Ok(false)
    }

    fn end(&mut self) -> Line {
        if self.partial.is_empty() {
            Line::End
        } else {
            Line::Text(self.take_line())
        }
    }

    fn take_line(&mut self) -> String {
        let mut line = std::mem::take(&mut self.partial);
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        String::from_utf8_lossy(&line).into_owned()
    }
}
