//! Where a supervisor's words go.

use super::member::Member;
use super::wording::Wording;
use super::{Notice, Report};
use crate::message::AnyMessage;
use crate::sys::output::Output;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;

type Callback<'h, T> = Option<Box<dyn FnMut(&T) + 'h>>;

/// The user's handlers, and what happens without them.
#[derive(Default)]
pub(super) struct Console<'h> {
    pub(super) on_print: Callback<'h, str>,
    pub(super) on_object: Callback<'h, AnyMessage>,
    pub(super) on_notice: Callback<'h, Notice>,
    pub(super) on_failure: Callback<'h, Report>,
    pub(super) on_finish: Option<Box<dyn FnOnce() + 'h>>,
    /// By which all is written.
    pub(super) output: Output,
    /// Whether the standard output ends with a prompt, so that the next line needs a line of its own.
    after_prompt: bool,
    /// Whether it has been told that the standard output takes nothing.
    output_failed: bool,
}

impl Console<'_> {
    /// Lines of an agent.
    pub(super) fn print(&mut self, text: &str) {
        match &mut self.on_print {
            Some(handler) => handler(text),
            None => {
                self.end_prompt();
                let written = self.write_out(&whole_line(text));
                self.tell_of_failed_output(written);
            }
        }
    }

    /// A closed output is no reason to fail a run, but nothing is lost without a word.
    fn tell_of_failed_output(&mut self, written: io::Result<()>) {
        if let Err(error) = written
            && !std::mem::replace(&mut self.output_failed, true)
        {
            let reason = error.to_string();
            self.notice(&Notice::OutputFailed { reason });
        }
    }

    /// A message for the supervisor.
    pub(super) fn object(&mut self, agent: &str, sent_at: Option<String>, message: &AnyMessage) {
        match &mut self.on_object {
            Some(handler) => handler(message),
            None => self.notice(&Notice::UnclaimedObject {
                agent: agent.to_owned(),
                sent_at,
                message: format!("{message:?}"),
            }),
        }
    }

    /// Says where the environment asks for what there is not.
    pub(super) fn complain_of_environment(&mut self) {
        for complaint in Wording::complaints() {
            self.standard_error(&complaint);
        }
    }

    pub(super) fn notice(&mut self, notice: &Notice) {
        tracing::warn!(%notice);
        match &mut self.on_notice {
            Some(handler) => handler(notice),
            None => self.standard_error(&Wording::of_standard_error().notice(notice)),
        }
    }

    /// That an agent is killed because it has not left: once, however often it is.
    pub(super) fn tell_of_kill(&mut self, member: &mut Member) {
        if !std::mem::replace(&mut member.killed, true) {
            let agent = member.label.clone();
            self.notice(&Notice::Killed { agent });
        }
    }

    pub(super) fn failure(&mut self, report: &Report) {
        match &mut self.on_failure {
            Some(handler) => handler(report),
            None => self.standard_error(&Wording::of_standard_error().failure(report)),
        }
    }

    /// A line for the standard error, such as an agent has written to its own.
    pub(super) fn standard_error(&mut self, line: &str) {
        self.end_prompt();
        // There is nowhere left to tell of a standard error that takes nothing.
        let err = io::stderr().lock();
        let _ = self
            .output
            .write_all(err.as_fd(), whole_line(line).as_bytes());
    }

    /// A prompt, without an end of line.
    pub(super) fn prompt(&mut self, agent: &str, prompt: &str) {
        self.end_prompt();
        let written = self.write_out(&format!("[{agent}] {prompt}"));
        self.tell_of_failed_output(written);
        self.after_prompt = true;
    }

    /// The prompt has been answered. A terminal shows the end of the answer's line; where the input
    /// comes from elsewhere, nothing does.
    pub(super) fn answered(&mut self) {
        self.after_prompt &= !io::stdin().is_terminal();
    }

    fn end_prompt(&mut self) {
        if std::mem::take(&mut self.after_prompt) {
            let written = self.write_out("\n");
            self.tell_of_failed_output(written);
        }
    }

    /// Writes after what the program itself has written there.
    fn write_out(&mut self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.flush()?;
        self.output.write_all(out.as_fd(), text.as_bytes())
    }

    pub(super) fn finish(&mut self) {
        self.end_prompt();
        if let Some(handler) = self.on_finish.take() {
            handler();
        }
    }
}

fn whole_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len() + 1);
    line.push_str(text);
    line.push('\n');
    line
}
