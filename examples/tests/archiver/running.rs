//! The program itself: all its agents, and what it says and leaves behind.

use crate::place::Place;
use crate::tree;
use multitools_examples::archiver::BLOCK_SIZE;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::process::{Command, Output};

/// Starts of the program, with the paths it is given.
pub fn archiver(source: &Path, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archiver"));
    command.args([source, out]);
    command
}

fn run(source: &Path, out: &Path) -> Output {
    archiver(source, out).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn names_in(folder: &Path) -> Vec<OsString> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect()
}

/// Bytes that no compressor makes smaller.
pub fn noise(size: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let next = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    };
    (0..size).map(next).collect()
}

#[test]
fn everything_a_file_system_allows_comes_back() {
    let place = Place::new();
    tree::build_nasty(&place.tree);
    let output = run(&place.tree, &place.out);
    assert_eq!(stderr(&output), "");
    assert_eq!(output.status.code(), Some(0));
    let summary = String::from_utf8(output.stdout).unwrap();
    assert!(summary.contains(" files, ") && summary.ends_with(" s\n"));
    assert_eq!(summary.lines().count(), 1);
    assert_eq!(names_in(place.out.parent().unwrap()), ["out.tar.gz"]);
    tree::assert_same(&place.tree, &place.unpack());
}

#[test]
fn the_archive_does_not_show_who_compressed_what() {
    let place = Place::with_tree();
    fs::write(place.tree.join("noise"), noise(10 * BLOCK_SIZE)).unwrap();
    fs::write(place.tree.join("zeros"), vec![0; 10 * BLOCK_SIZE]).unwrap();
    let archive = |workers: &str| {
        let mut command = archiver(&place.tree, &place.out);
        let output = command.args(["--workers", workers]).output().unwrap();
        assert!(output.status.success());
        fs::read(&place.out).unwrap()
    };
    let alone = archive("1");
    assert!(alone == archive("2"));
    assert!(alone == archive("7"));
}

#[test]
fn paths_may_be_any_bytes() {
    let mut place = Place::new();
    place.tree = place.path().join(OsStr::from_bytes(b"tree\xff\n"));
    place.out = place.path().join(OsStr::from_bytes(b"out\xfe"));
    fs::create_dir(&place.tree).unwrap();
    assert!(run(&place.tree, &place.out).status.success());
    let unpacked = place.path().join("unpacked");
    fs::create_dir(&unpacked).unwrap();
    tree::unpack(&place.out, &unpacked);
    assert_eq!(names_in(&unpacked), [OsStr::from_bytes(b"tree\xff\n")]);
}

#[test]
fn an_archive_in_the_current_folder_does_not_hold_itself() {
    let mut place = Place::with_tree();
    place.out = place.tree.join("out.tar.gz");
    fs::write(place.tree.join("file"), "content").unwrap();
    // The second time there is an earlier one to be replaced.
    for note in [
        "",
        "archiver: \"./out.tar.gz\": is the archive itself; left out\n",
    ] {
        let mut command = archiver(".".as_ref(), "out.tar.gz".as_ref());
        let output = command.current_dir(&place.tree).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(stderr(&output), note);
    }
    assert_eq!(names_in(&place.unpack()), ["file"]);
}

#[test]
fn what_cannot_be_read_is_named_and_shows_in_the_exit_status() {
    let place = Place::with_tree();
    tree::add_unreadable(&place.tree).unwrap();
    fs::write(place.tree.join("z"), "after it").unwrap();
    let output = run(&place.tree, &place.out);
    assert_eq!(output.status.code(), Some(2));
    let lines = stderr(&output);
    let [note, end] = lines.lines().collect::<Vec<_>>()[..] else {
        panic!("{lines}")
    };
    assert!(note.ends_with("File name too long (os error 36); left out"));
    assert_eq!(
        end,
        "archiver: files that are missing or damaged in the archive: 1"
    );
    assert_eq!(fs::read(place.unpack().join("z")).unwrap(), b"after it");
}

#[test]
fn a_refusal_is_one_line_and_leaves_nothing() {
    let place = Place::with_tree();
    let folder = place.out.parent().unwrap();
    let cases = [
        (
            place.path().join("none"),
            place.out.clone(),
            "No such file or directory (os error 2)",
        ),
        (
            place.tree.clone(),
            folder.join("no/out"),
            "No such file or directory (os error 2)",
        ),
        (
            place.tree.clone(),
            folder.into(),
            "it exists and is not a regular file",
        ),
        (
            place.tree.clone(),
            "/dev/null".into(),
            "it exists and is not a regular file",
        ),
    ];
    for (source, out, reason) in cases {
        let output = run(&source, &out);
        assert_eq!(output.status.code(), Some(1));
        let line = stderr(&output);
        assert!(line.starts_with("archiver: cannot "), "{line}");
        assert!(line.ends_with(&format!("{reason}\n")), "{line}");
        assert_eq!(line.lines().count(), 1);
        assert!(output.stdout.is_empty());
    }
    assert!(names_in(folder).is_empty());
    assert!(
        fs::metadata("/dev/null")
            .unwrap()
            .file_type()
            .is_char_device()
    );
}

#[test]
fn wrong_arguments_are_not_mistaken_for_an_incomplete_archive() {
    for arguments in [&[][..], &["one"], &["one", "two", "--workers", "0"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_archiver"));
        let output = command.args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).starts_with("error: "));
    }
}

/// A file system of one MiB, which only root may mount.
struct SmallDisk<'a>(&'a Path);

impl SmallDisk<'_> {
    fn mount(folder: &Path) -> Option<SmallDisk<'_>> {
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(folder);
        let output = mount.output().ok()?;
        output.status.success().then_some(SmallDisk(folder))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_the_earlier_archive() {
    let place = Place::with_tree();
    let folder = place.out.parent().unwrap();
    let Some(_disk) = SmallDisk::mount(folder) else {
        return;
    };
    fs::write(&place.out, "earlier").unwrap();
    fs::write(place.tree.join("noise"), noise(30 * BLOCK_SIZE)).unwrap();
    let output = run(&place.tree, &place.out);
    assert_eq!(output.status.code(), Some(1));
    let line = stderr(&output);
    assert!(
        line.ends_with("No space left on device (os error 28)\n"),
        "{line}"
    );
    assert!(line.starts_with("archiver: cannot write "), "{line}");
    assert_eq!(line.lines().count(), 1, "{line}");
    assert_eq!(fs::read(&place.out).unwrap(), b"earlier");
    assert_eq!(names_in(folder), ["out.tar.gz"]);
}
