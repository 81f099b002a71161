//! Prompts of agents (rule R18): one at a time, each with its agent's name.

use super::console::Console;
use crate::id::AgentId;
use crate::protocol::InputFailure;
use crate::sys::stdin::{Interrupter, Line, LineReader};
use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// The queue of prompts, and the thread that reads for the first of them.
#[derive(Default)]
pub(super) struct Terminal {
    queue: VecDeque<Prompt>,
    reader: Option<Reader>,
    /// Why there will be no more answers.
    ended: Option<InputFailure>,
}

struct Prompt {
    agent: AgentId,
    label: String,
    request: u64,
    text: String,
    shown: bool,
}

struct Reader {
    wanted: Option<Sender<()>>,
    lines: Receiver<io::Result<Line>>,
    interrupter: Interrupter,
    thread: Option<JoinHandle<()>>,
    busy: bool,
}

/// An answer and whom it is for.
pub(super) struct Answered {
    pub(super) agent: AgentId,
    pub(super) request: u64,
    pub(super) result: Result<String, InputFailure>,
}

impl Terminal {
    /// Appends a prompt. `wake` is called when a line has been read, from another thread.
    pub(super) fn ask(
        &mut self,
        agent: AgentId,
        label: &str,
        request: u64,
        text: String,
        console: &mut Console<'_>,
        wake: impl Fn() + Send + 'static,
    ) -> Vec<Answered> {
        self.queue.push_back(Prompt {
            agent,
            label: label.to_owned(),
            request,
            text,
            shown: false,
        });
        if self.reader.is_none() && self.ended.is_none() {
            match Reader::start(wake) {
                Ok(reader) => self.reader = Some(reader),
                Err(error) => {
                    tracing::error!(%error, "the standard input cannot be read");
                    self.ended = Some(InputFailure::EndOfInput);
                }
            }
        }
        self.advance(console)
    }

    /// Takes back all prompts, since the run is being stopped: nobody is asked any more.
    pub(super) fn close(&mut self, console: &mut Console<'_>) -> Vec<Answered> {
        self.ended = Some(InputFailure::Stopped);
        self.reader = None;
        self.advance(console)
    }

    /// Takes back one prompt.
    pub(super) fn withdraw(
        &mut self,
        agent: AgentId,
        request: u64,
        console: &mut Console<'_>,
    ) -> Vec<Answered> {
        self.remove(|prompt| prompt.agent == agent && prompt.request == request);
        self.advance(console)
    }

    /// Takes back the prompts of an agent that has ended.
    pub(super) fn forget(&mut self, agent: AgentId, console: &mut Console<'_>) -> Vec<Answered> {
        self.remove(|prompt| prompt.agent == agent);
        self.advance(console)
    }

    fn remove(&mut self, unwanted: impl Fn(&Prompt) -> bool) {
        self.queue.retain(|prompt| !unwanted(prompt));
        if self.queue.is_empty()
            && let Some(reader) = &self.reader
            && reader.busy
        {
            reader.interrupter.interrupt();
        }
    }

    /// Takes the lines that have been read.
    pub(super) fn collect(&mut self, console: &mut Console<'_>) -> Vec<Answered> {
        let mut answered = Vec::new();
        while let Some(reader) = &mut self.reader {
            let Ok(line) = reader.lines.try_recv() else {
                break;
            };
            reader.busy = false;
            match line {
                Ok(Line::Text(line)) => {
                    console.answered();
                    // A line that comes when its prompt has just been withdrawn is for the next.
                    if let Some(prompt) = self.queue.pop_front() {
                        answered.push(prompt.answered(Ok(line)));
                    }
                }
                Ok(Line::Interrupted) => {}
                Ok(Line::End) => self.end(),
                Err(error) => {
                    tracing::error!(%error, "the standard input cannot be read");
                    self.end();
                }
            }
        }
        answered.extend(self.advance(console));
        answered
    }

    fn end(&mut self) {
        self.ended = Some(InputFailure::EndOfInput);
        self.reader = None;
    }

    /// Shows the first prompt and has a line read for it.
    fn advance(&mut self, console: &mut Console<'_>) -> Vec<Answered> {
        if let Some(reason) = self.ended {
            let unanswered = self.queue.drain(..);
            return unanswered
                .map(|prompt| prompt.answered(Err(reason)))
                .collect();
        }
        let (Some(prompt), Some(reader)) = (self.queue.front_mut(), &mut self.reader) else {
            return Vec::new();
        };
        if !prompt.shown {
            console.prompt(&prompt.label, &prompt.text);
            prompt.shown = true;
        }
        if !reader.busy {
            reader.busy = reader
                .wanted
                .as_ref()
                .is_some_and(|wanted| wanted.send(()).is_ok());
        }
        Vec::new()
    }
}

impl Prompt {
    fn answered(self, result: Result<String, InputFailure>) -> Answered {
        Answered {
            agent: self.agent,
            request: self.request,
            result,
        }
    }
}

impl Reader {
    fn start(wake: impl Fn() + Send + 'static) -> io::Result<Reader> {
        let (mut input, interrupter) = LineReader::new()?;
        let (wanted, requests) = channel();
        let (sender, lines) = channel();
        let thread = std::thread::Builder::new()
            .name("multitools-input".into())
            .spawn(move || {
                while requests.recv().is_ok() {
                    if sender.send(input.read_line()).is_err() {
                        return;
                    }
                    wake();
                }
            })?;
        Ok(Reader {
            wanted: Some(wanted),
            lines,
            interrupter,
            thread: Some(thread),
            busy: false,
        })
    }
}

/// Nobody reads from the standard input once the run is over: it is the program's again.
impl Drop for Reader {
    fn drop(&mut self) {
        self.wanted = None;
        self.interrupter.interrupt();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
