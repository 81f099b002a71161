//! Where a supervisor's words go.

use super::{Notice, Report};
use crate::message::AnyMessage;
use std::io::Write;

type Callback<'h, T> = Option<Box<dyn FnMut(&T) + 'h>>;

/// The user's handlers, and what happens without them.
#[derive(Default)]
pub(super) struct Console<'h> {
    pub(super) on_print: Callback<'h, str>,
    pub(super) on_object: Callback<'h, AnyMessage>,
    pub(super) on_notice: Callback<'h, Notice>,
    pub(super) on_failure: Callback<'h, Report>,
    pub(super) on_finish: Option<Box<dyn FnOnce() + 'h>>,
}

impl Console<'_> {
    /// Lines of an agent.
    pub(super) fn print(&mut self, text: &str) {
        match &mut self.on_print {
            Some(handler) => handler(text),
            None => write_line(&mut std::io::stdout().lock(), text),
        }
    }

    /// A message for the supervisor.
    pub(super) fn object(&mut self, agent: &str, message: &AnyMessage) {
        match &mut self.on_object {
            Some(handler) => handler(message),
            None => self.notice(&Notice::UnclaimedObject {
                agent: agent.to_owned(),
                message: format!("{message:?}"),
            }),
        }
    }

    pub(super) fn notice(&mut self, notice: &Notice) {
        tracing::warn!(%notice);
        match &mut self.on_notice {
            Some(handler) => handler(notice),
            None => write_line(
                &mut std::io::stderr().lock(),
                &format!("multitools: {notice}"),
            ),
        }
    }

    pub(super) fn failure(&mut self, report: &Report) {
        match &mut self.on_failure {
            Some(handler) => handler(report),
            None => write_line(
                &mut std::io::stderr().lock(),
                &format!("multitools: {report}"),
            ),
        }
    }

    /// A line that an agent has written to its standard error.
    pub(super) fn standard_error(&mut self, line: &str) {
        write_line(&mut std::io::stderr().lock(), line);
    }

    /// A prompt, without an end of line.
    pub(super) fn prompt(&mut self, agent: &str, prompt: &str) {
        let mut out = std::io::stdout().lock();
        // A closed output is no reason to fail a run.
        let _ = write!(out, "[{agent}] {prompt}").and_then(|()| out.flush());
    }

    pub(super) fn finish(&mut self) {
        if let Some(handler) = self.on_finish.take() {
            handler();
        }
    }
}

/// A whole line in one write. A closed output is no reason to fail a run.
fn write_line(out: &mut dyn Write, text: &str) {
    let mut line = String::with_capacity(text.len() + 1);
    line.push_str(text);
    line.push('\n');
    let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
}
