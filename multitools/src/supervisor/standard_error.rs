//! What an agent writes to its standard error.

use super::exceeding::tells_of_denial;
use super::member::{READS_AT_A_TURN, Remaining};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::ioctl_fionread;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::process::ChildStderr;

/// How many lines of its standard error a report quotes, and how long a line may get before it is cut.
const TAIL_LINES: usize = 20;
const LONGEST_LINE: usize = 64 << 10;

/// An agent's standard error: passed on by the line, its end kept for the report.
pub(super) struct StandardError {
    pipe: ChildStderr,
    partial: Vec<u8>,
    tail: VecDeque<String>,
    /// Whether the last it has said is that it was denied memory.
    pub(super) tells_of_denial: bool,
}

impl StandardError {
    pub(super) fn new(pipe: ChildStderr) -> io::Result<StandardError> {
        let flags = fcntl_getfl(&pipe)?;
        fcntl_setfl(&pipe, flags | OFlags::NONBLOCK)?;
        Ok(StandardError {
            pipe,
            partial: Vec::new(),
            tail: VecDeque::new(),
            tells_of_denial: false,
        })
    }

    pub(super) fn source(&self) -> &impl AsFd {
        &self.pipe
    }

    /// Reads what has come, a turn's worth.
    pub(super) fn read(&mut self, mut line: impl FnMut(&str)) -> Remaining {
        let mut chunk = [0; 16 << 10];
        for _ in 0..READS_AT_A_TURN {
            let read = match self.pipe.read(&mut chunk) {
                Ok(0) => return Remaining::Nothing,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return Remaining::Nothing,
            };
            self.take_in(&chunk[..read], &mut line);
        }
        Remaining::Perhaps
    }

    fn take_in(&mut self, bytes: &[u8], line: &mut impl FnMut(&str)) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.partial.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.partial.len() >= LONGEST_LINE {
                self.finish_line(line);
            }
        }
    }

    /// Reads what has come by now, also what is without an end of line. A process that has left the
    /// group of its agent may go on writing for ever: that is not waited for.
    pub(super) fn finish(&mut self, mut line: impl FnMut(&str)) {
        let mut left = ioctl_fionread(&self.pipe).unwrap_or(0);
        let mut chunk = [0; 16 << 10];
        while left > 0 {
            match self.pipe.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => {
                    left = left.saturating_sub(read as u64);
                    self.take_in(&chunk[..read], &mut line);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        if !self.partial.is_empty() {
            self.finish_line(&mut line);
        }
    }

    fn finish_line(&mut self, line: &mut impl FnMut(&str)) {
        let mut bytes = std::mem::take(&mut self.partial);
        while bytes
            .last()
            .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
        {
            bytes.pop();
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        line(&text);
        self.tells_of_denial = tells_of_denial(&text, self.tells_of_denial);
        if self.tail.len() == TAIL_LINES {
            self.tail.pop_front();
        }
        self.tail.push_back(text);
    }

    /// The last lines.
    pub(super) fn tail(&self) -> Vec<String> {
        self.tail.iter().cloned().collect()
    }
}
