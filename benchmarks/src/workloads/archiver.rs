//! A real job: the archiver of the examples, and `tar` with `pigz`, on the same tree of files.

use crate::job::{Job, Outcome, Result};
use crate::machine::buried_processor_time;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Whether `tar` and `pigz` are there to compare with.
pub fn has_pigz() -> bool {
    let runs = |program| {
        let mut command = Command::new(program);
        command
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    runs("tar") && runs("pigz")
}

/// The repository that this package is part of.
fn repository() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Builds the archiver, as cargo does it.
pub fn build() -> Result<()> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--locked", "--quiet"])
        .args(["-p", "multitools-examples", "--bin", "archiver"])
        .current_dir(repository())
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("building the archiver: {status}").into()),
    }
}

/// The archiver.
pub fn ours(job: &Job) -> Result<Outcome> {
    measure(job, |input, output| {
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        let mut command = Command::new(repository().join(target).join("release/archiver"));
        command.args([input, output]);
        command
    })
}

/// `tar c INPUT | pigz -p 2 > OUTPUT`.
pub fn pigz(job: &Job) -> Result<Outcome> {
    measure(job, |input, output| {
        let mut command = Command::new("sh");
        let script = "set -e; tar cf - \"$0\" 2>/dev/null | pigz -p 2 > \"$1\"";
        command.args(["-c", script, input, output]);
        command
    })
}

fn measure(job: &Job, command: impl Fn(&str, &str) -> Command) -> Result<Outcome> {
    let input = job.input.as_deref().ok_or("nothing to pack")?;
    let folder = tempfile::Builder::new().prefix(&job.scratch).tempdir()?;
    let output = folder.path().join("archive.tar.gz");
    let output = output.to_str().ok_or("a path that is no text")?;
    let used = buried_processor_time()?;
    let begun = Instant::now();
    let status = command(input, output)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let seconds = begun.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("packing {input}: {status}").into());
    }
    let cpu = buried_processor_time()? - used;
    let mebibytes = fs::metadata(output)?.len() as f64 / f64::from(1 << 20);
    let figures = [("seconds", seconds), ("cpu", cpu), ("mebibytes", mebibytes)];
    Ok(Outcome::new(seconds, figures))
}
