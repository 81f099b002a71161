//! What the user sees while an archive grows.

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// How often a second the bar is drawn at most.
const DRAWS_PER_SECOND: u8 = 10;
const TEMPLATE: &str = "{spinner} {bytes} read, {msg} written, {bytes_per_sec}, {elapsed}";

/// A progress bar and remarks above it; remarks alone where there is no terminal.
#[derive(Debug)]
pub struct Display {
    bar: Option<ProgressBar>,
}

impl Display {
    /// A display on the terminal at a path such as `/dev/pts/3`.
    ///
    /// An agent's own standard error is no terminal: the supervisor reads it, to pass it on line by line.
    #[must_use]
    pub fn on(terminal: Option<&Path>) -> Display {
        let bar = terminal.and_then(|path| open(path).ok()).map(|terminal| {
            let target = ProgressDrawTarget::term(terminal, DRAWS_PER_SECOND);
            let style = ProgressStyle::with_template(TEMPLATE);
            let bar = ProgressBar::with_draw_target(None, target)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Display { bar }
    }

    /// So much is read and written by now.
    pub fn advance(&self, bytes_in: u64, bytes_out: u64) {
        if let Some(bar) = &self.bar {
            bar.set_message(indicatif::HumanBytes(bytes_out).to_string());
            bar.set_position(bytes_in);
        }
    }

    /// Writes a line that stays.
    pub fn remark(&self, line: &str) {
        match &self.bar {
            Some(bar) if !bar.is_finished() => bar.println(line),
            // Nobody is left to tell when standard error is closed.
            _ => drop(writeln!(io::stderr(), "{line}")),
        }
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn open(path: &Path) -> io::Result<Term> {
    let terminal = File::options().read(true).write(true).open(path)?;
    Ok(Term::read_write_pair(terminal.try_clone()?, terminal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_terminal_there_is_no_bar() {
        assert!(Display::on(None).bar.is_none());
        assert!(Display::on(Some(Path::new("/no/terminal"))).bar.is_none());
        let display = Display::on(None);
        display.advance(1, 1);
        display.clear();
    }

    #[test]
    fn the_template_is_sound() {
        ProgressStyle::with_template(TEMPLATE).unwrap();
    }
}
