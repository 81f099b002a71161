//! `archiver SRC OUT.tar.gz`: `tar` and `gzip` in one, on all cores.
//!
//! One agent reads the tree, several compress, one writes, and one shows how far they are:
//!
//! ```text
//! Reader --Block--> Compressor (several) --Member--> Writer --Progress--> whoever listens
//!    ^-----Ready---------'                             |
//!    ^-----Written-------------------------------------'
//! ```
//!
//! `Ready` and `Written` are credits: without them the reader would be far ahead of the others, and the
//! blocks in between would fill the memory.
//!
//! Compressors may be killed at any moment: each is started again, with what was in its mailbox and the
//! block that it had in hand, unless the run has no shared memory to keep them in. A block that one fails at
//! again and again comes back to the reader, who gives it to the writer to compress.

mod compressor;
mod failure;
mod messages;
mod progress_log;
mod reader;
mod writer;

use clap::{Parser, value_parser};
use compressor::Compressor;
use multitools::{AgentId, Cause, Notice, Report, Restart, RunError, Supervisor};
use multitools_examples::archiver::{BLOCK_SIZE, Draft, Job, PathBytes, Summary, Window};
use progress_log::ProgressLog;
use reader::Reader;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use writer::Writer;

/// The archive was written, but not with all there is.
const INCOMPLETE: u8 = 2;

/// How many blocks a compressor may have waiting: enough that it never waits for one itself.
const DEPTH: usize = 4;

/// Packs a folder or a file into a compressed archive, which `tar xzf` unpacks.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit status:
  0  everything is in the archive
  1  there is no new archive
  2  there is one, but some files could not be read or changed while they were"
)]
struct Arguments {
    /// The folder or file to pack
    #[arg(value_name = "SRC")]
    source: PathBuf,
    /// The archive; one that exists is replaced when the new one is complete
    #[arg(value_name = "OUT.tar.gz")]
    archive: PathBuf,
    /// How many blocks are compressed at the same time [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=1024))]
    workers: Option<u16>,
    /// How many bytes are compressed at once [default: 1 MiB]
    #[arg(long, value_name = "BYTES", value_parser = value_parser!(u32).range(1024..=8 << 20))]
    block_size: Option<u32>,
}

#[multitools::main]
fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed output changes nothing about it. Clap's own status for errors, 2, is taken.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    let mut job = match Job::new(&arguments.source, &arguments.archive) {
        Ok(job) => job,
        Err(error) => return failed(&error),
    };
    if let Some(size) = arguments.block_size {
        job.block_size = usize::try_from(size).unwrap_or(BLOCK_SIZE);
    }
    let target = job.target.clone();
    match archive(job, workers(&arguments)) {
        Ok(summary) => finished(&summary),
        Err(error) => {
            Draft::remove_remains(&target);
            match error {
                // Told by `report` already.
                RunError::Failed(_) => ExitCode::FAILURE,
                error => failed(&error),
            }
        }
    }
}

fn archive(job: Job, workers: usize) -> Result<Summary, RunError> {
    let look_ahead = Window::<AgentId>::limit(workers, DEPTH);
    let mut supervisor = Supervisor::new();
    supervisor.on_failure(report).on_notice(tell);
    // All that the credits allow to be under way fits into one mailbox, so no send has to wait.
    supervisor.mailbox_limit((look_ahead + 1) * (job.block_size + job.block_size / 16 + 1024));
    // A compressor that began anew without what it had not compressed would never get it, and be waited for.
    let restarts = supervisor.keeps_mailboxes();
    let writer = Writer::new(&job, look_ahead);
    let summary = supervisor.add(writer).output();
    supervisor.add(Reader::new(job));
    for _ in 0..workers {
        let compressor = supervisor.add(Compressor::default());
        if !restarts {
            compressor.restart(Restart::never());
        }
    }
    supervisor.add(ProgressLog::new(terminal()));
    supervisor.supervise()?.take(summary)
}

fn workers(arguments: &Arguments) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    arguments.workers.map_or_else(cores, usize::from)
}

/// The terminal that standard error leads to.
fn terminal() -> Option<PathBytes> {
    let error = io::stderr();
    if !error.is_terminal() {
        return None;
    }
    let name = rustix::termios::ttyname(&error, Vec::new()).ok()?;
    Some(PathBytes::from(name.into_bytes()))
}

/// What an agent could not do is for the user; anything else is for whoever repairs the program.
fn report(report: &Report) {
    match &report.cause {
        Cause::Error { text, .. } => complain(text),
        _ => complain(report),
    }
}

/// What goes wrong without an end to it, in a line each.
fn tell(notice: &Notice) {
    match notice {
        Notice::Restarting {
            report: Some(report),
            ..
        } => complain(&format!("{}; it is started again", report.headline())),
        // That follows.
        Notice::Restarting { .. } | Notice::Restarted { .. } => {}
        other => complain(other),
    }
}

fn finished(summary: &Summary) -> ExitCode {
    // A closed output changes nothing about the archive.
    let _ = writeln!(io::stdout(), "{summary}");
    if summary.losses == 0 {
        return ExitCode::SUCCESS;
    }
    complain(&format!(
        "files that are missing or damaged in the archive: {}",
        summary.losses
    ));
    ExitCode::from(INCOMPLETE)
}

fn failed(error: &impl Display) -> ExitCode {
    complain(error);
    ExitCode::FAILURE
}

fn complain(text: &(impl Display + ?Sized)) {
    // Where standard error is closed, the exit status has to do.
    let _ = writeln!(io::stderr(), "archiver: {text}");
}
