//! Reading lines from the standard input of this process without being stuck in it.

use rustix::event::{PollFd, PollFlags, eventfd, poll};
use std::io::{self, BufRead};
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

/// Reads lines through the buffer of [`std::io::stdin`], so that nothing is lost to later readers.
pub(crate) struct LineReader {
    interrupted: OwnedFd,
    partial: Vec<u8>,
    buffered: bool,
}

impl LineReader {
    /// A reader and the handle that interrupts it.
    pub(crate) fn new() -> io::Result<(LineReader, Interrupter)> {
        let event = eventfd(0, rustix::event::EventfdFlags::CLOEXEC)?;
        let reader = LineReader {
            interrupted: event.try_clone()?,
            partial: Vec::new(),
            buffered: false,
        };
        Ok((reader, Interrupter(event)))
    }

    /// Waits for a line, the end of input, or the interrupter.
    pub(crate) fn read_line(&mut self) -> io::Result<Line> {
        loop {
            if !self.buffered && !self.wait()? {
                return Ok(Line::Interrupted);
            }
            let mut input = io::stdin().lock();
            let available = input.fill_buf()?;
            if available.is_empty() {
                return Ok(self.end());
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(available.len(), |end| end + 1);
            self.partial.extend_from_slice(&available[..taken]);
            self.buffered = taken < available.len();
            input.consume(taken);
            if end.is_some() {
                return Ok(Line::Text(self.take_line()));
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
        while line
            .last()
            .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
        {
            line.pop();
        }
        String::from_utf8_lossy(&line).into_owned()
    }
}
