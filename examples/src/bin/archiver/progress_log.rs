//! The agent that shows how it goes.

use super::messages::Progress;
use multitools::logger;
use multitools_examples::archiver::{Display, PathBytes};

/// Shows how far the archive is.
#[logger(listen_to(Progress))]
pub struct ProgressLog {
    terminal: Option<PathBytes>,
    #[serde(skip)]
    display: Option<Display>,
}

impl ProgressLog {
    /// A log that draws a bar on a terminal, if there is one.
    pub fn new(terminal: Option<PathBytes>) -> ProgressLog {
        ProgressLog {
            terminal,
            display: None,
        }
    }
}

#[logger]
impl ProgressLog {
    fn log(&mut self, progress: &Progress) {
        let terminal = self.terminal.as_ref().map(PathBytes::as_path);
        let display = self.display.get_or_insert_with(|| Display::on(terminal));
        match progress {
            Progress::Advance(advance) => display.advance(advance.bytes_in, advance.bytes_out),
            Progress::Remark(remark) => display.remark(&format!("archiver: {}", remark.text)),
            Progress::Done => display.clear(),
        }
    }
}
