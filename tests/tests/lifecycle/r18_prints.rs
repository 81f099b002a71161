//! R18: what agents print.

use super::PROGRAM;
use multitools::{Context, agent, run};
use multitools_tests::lifecycle::{LONG, Program, Watch, kill};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pipe::fcntl_setpipe_size;
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::process::{Command, Stdio};

#[test]
fn r18_lines_are_never_torn_or_mixed_and_all_are_written_before_the_run_returns() {
    let finished = Program::run(PROGRAM, &["print"]).finish();
    assert!(finished.status.success(), "{}", finished.err);
    let mut lines = finished.out.lines();
    assert_eq!(lines.next_back(), Some("the run is over"));
    let mut next: BTreeMap<String, usize> = BTreeMap::new();
    // The second line of a text follows its first, and the texts of one agent come in their order.
    while let Some(first) = lines.next() {
        let letter = &first[..1];
        let n = next.entry(letter.to_owned()).or_default();
        let long = letter.repeat(if n.is_multiple_of(20) { 20_000 } else { 50 });
        assert_eq!(first, format!("{letter} {n} first {long}"));
        let second = lines.next();
        assert_eq!(second, Some(&*format!("{letter} {n} second {long}")));
        *n += 1;
    }
    let all = ["a", "b", "c", "d"].map(|letter| (letter.to_owned(), 200));
    assert_eq!(next, BTreeMap::from(all));
}

#[agent(name = "Counts", manual)]
struct Counts {
    to: u32,
}

#[agent]
impl Counts {
    fn op(&mut self, ctx: &mut Context) {
        for n in 0..self.to {
            ctx.print(format_args!("{n}\n  and more of {n}"));
        }
        ctx.print("");
    }
}

#[multitools::test]
fn r18_the_print_handler_is_given_each_text_whole_and_in_order() {
    let mut texts = Vec::new();
    run!(Counts { to: 1000 }; on_print = |text: &str| texts.push(text.to_owned())).unwrap();
    assert_eq!(texts.pop(), Some(String::new()));
    assert_eq!(texts.len(), 1000);
    for (n, text) in texts.iter().enumerate() {
        assert_eq!(*text, format!("{n}\n  and more of {n}"));
    }
}

#[test]
fn r18_a_closed_standard_output_ends_nobody() {
    let mut command = Command::new("sh");
    // Nobody reads: the reader of the pipe has ended before the program begins.
    command.args([
        "-c",
        r#"{ read -r _; "$0" print; echo "status $?" >&2; } | :"#,
        PROGRAM,
    ]);
    let mut program = Program::start(&mut command);
    program.write("go\n");
    let finished = program.finish();
    assert_eq!(finished.out, "");
    assert!(finished.err.contains("status "), "{finished:?}");
}

/// How a program ends whose standard output, standard error or both are pipes that nobody reads.
fn status_with_closed(out: bool, err: bool) -> Option<i32> {
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        Stdio::from(writer)
    };
    let end = |is_closed| if is_closed { closed() } else { Stdio::null() };
    let mut command = Command::new(PROGRAM);
    command.arg("print-and-fail").stdin(Stdio::null());
    let mut child = command.stdout(end(out)).stderr(end(err)).spawn().unwrap();
    if !Watch::new(child.id()).gone_within(LONG) {
        child.kill().unwrap();
    }
    child.wait().unwrap().code()
}

#[test]
fn r18_who_does_not_read_on_makes_no_run_hang_or_panic() {
    for (out, err) in [(true, false), (false, true), (true, true)] {
        assert_eq!(status_with_closed(out, err), Some(1), "{out} {err}");
    }
}

#[test]
fn r18_an_output_that_takes_nothing_is_told_once() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(PROGRAM);
    command
        .arg("print-and-fail")
        .stdout(writer)
        .stderr(Stdio::piped());
    let out = command.output().unwrap();
    let err = String::from_utf8(out.stderr).unwrap();
    let told = "multitools: what agents print is lost: Broken pipe";
    assert_eq!(err.matches(told).count(), 1, "{err}");
    assert_eq!(err.matches(" again\n").count(), 1000 + 20, "{err}");
    assert!(
        err.contains("agent `Complains` failed: nobody listens"),
        "{err}"
    );
}

/// A pipe that takes little at once.
fn small_pipe() -> (PipeReader, PipeWriter) {
    let (reader, writer) = std::io::pipe().unwrap();
    assert_eq!(fcntl_setpipe_size(&writer, 4096).unwrap(), 4096);
    (reader, writer)
}

fn blocks(writer: &PipeWriter, blocks: bool) {
    let mut flags = fcntl_getfl(writer).unwrap();
    flags.set(OFlags::NONBLOCK, !blocks);
    fcntl_setfl(writer, flags).unwrap();
}

/// As another program may have made it that has the same terminal.
#[test]
fn r18_an_output_that_does_not_block_gets_all_lines_too() {
    let mut texts = Vec::new();
    let (mut reader, writer) = small_pipe();
    blocks(&writer, false);
    let mut command = Command::new(PROGRAM);
    command.arg("print").stdout(writer).stderr(Stdio::piped());
    let child = command.stdin(Stdio::null()).spawn().unwrap();
    drop(command);
    reader.read_to_end(&mut texts).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    let lines = texts.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(lines, 2 * 4 * 200 + 1);
}

#[test]
fn r16_a_program_whose_output_nobody_reads_can_be_interrupted() {
    let (_reader, mut writer) = small_pipe();
    blocks(&writer, false);
    while writer.write(b"full").is_ok() {}
    blocks(&writer, true);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("printed");
    assert!(
        Command::new("mkfifo")
            .arg(&file)
            .status()
            .unwrap()
            .success()
    );
    let mut command = Command::new(PROGRAM);
    command
        .arg("print-and-stay")
        .arg(&file)
        .stdin(Stdio::null());
    let mut child = command
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(command);
    // Reading the pipe waits for who writes.
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "printed");
    kill(child.id(), Signal::INT);
    if !Watch::new(child.id()).gone_within(LONG) {
        child.kill().unwrap();
    }
    let ended = child.wait_with_output().unwrap();
    let err = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{err}");
    let told = "multitools: what agents print is lost: nobody reads it\n";
    assert_eq!(err.matches(told).count(), 1, "{err}");
    assert!(err.ends_with("Error: interrupted\n"), "{err}");
}
