//! Trees to pack: a nasty one, and how to tell whether two are the same.

use rustix::fs::{AtFlags, CWD, FileType, Mode, Timespec, Timestamps, UTIME_OMIT};
use rustix::fs::{mknodat, utimensat};
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// All that an archive has to keep of one file.
#[derive(Debug, PartialEq, Eq)]
struct Facts {
    mode: u32,
    owner: (u32, u32),
    modified: (i64, i64),
    device: u64,
    content: Vec<u8>,
    /// The first name of the same file.
    same_as: PathBuf,
}

/// Fails with the first difference between two trees.
pub fn assert_same(expected: &Path, actual: &Path) {
    let (expected, actual) = (facts(expected), facts(actual));
    let names = |tree: &BTreeMap<PathBuf, Facts>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&expected), names(&actual));
    for (path, facts) in &expected {
        // Contents are compared apart: they are too long to be shown.
        assert!(facts.content == actual[path].content, "{path:?}");
        assert_eq!(facts, &actual[path], "{path:?}");
    }
}

fn facts(root: &Path) -> BTreeMap<PathBuf, Facts> {
    let mut first_names = HashMap::new();
    let walk = walkdir::WalkDir::new(root).follow_root_links(false);
    walk.sort_by_file_name()
        .into_iter()
        .map(|entry| {
            let entry = entry.unwrap();
            let inner = entry.path().strip_prefix(root).unwrap().to_path_buf();
            let metadata = entry.metadata().unwrap();
            let first = first_names.entry(metadata.ino()).or_insert(inner.clone());
            let facts = Facts {
                mode: metadata.mode(),
                owner: (metadata.uid(), metadata.gid()),
                modified: (metadata.mtime(), metadata.mtime_nsec()),
                device: metadata.rdev(),
                content: content(entry.path()),
                same_as: first.clone(),
            };
            (inner, facts)
        })
        .collect()
}

fn content(path: &Path) -> Vec<u8> {
    let kind = fs::symlink_metadata(path).unwrap().file_type();
    if kind.is_symlink() {
        fs::read_link(path).unwrap().as_os_str().as_bytes().to_vec()
    } else if kind.is_file() {
        fs::read(path).unwrap()
    } else {
        assert!(!kind.is_socket(), "an archive cannot hold {path:?}");
        Vec::new()
    }
}

/// Unpacks an archive with the system's `tar`.
pub fn unpack(archive: &Path, folder: &Path) {
    let output = Command::new("tar")
        .arg("xpzf")
        .args([archive.as_os_str(), "-C".as_ref(), folder.as_os_str()])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}

/// Builds a tree with everything a file system allows and the user may make.
pub fn build_nasty(root: &Path) {
    fs::create_dir(root).unwrap();
    add_names(&root.join("names"));
    add_sizes(&root.join("sizes"));
    add_links(&root.join("links"));
    add_modes(&root.join("modes"));
    add_special(&root.join("special"));
    // Last, since making a file in a folder changes the folder's time.
    add_times(&root.join("times"));
    set_modified(root, 1_234_567_890, 123_456_789);
}

fn add_names(folder: &Path) {
    fs::create_dir(folder).unwrap();
    let mut names: Vec<Vec<u8>> = [99, 100, 101, 255].map(|length| vec![b'n'; length]).into();
    names.extend(
        [
            &b"\xff\xfe"[..],
            b"new\nline",
            b" ",
            b"-rf",
            b"*?\\",
            b"\x01\x7f",
            b"...",
        ]
        .map(Vec::from),
    );
    names.push("größe-日本語".into());
    // Not UTF-8, and too long for the fixed fields of a header.
    names.push(vec![0x80; 200]);
    for name in names {
        fs::write(folder.join(OsStr::from_bytes(&name)), &name).unwrap();
    }
    let deep = folder.join(["d"; 5].map(|name| name.repeat(200)).join("/"));
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("leaf"), "deep").unwrap();
}

fn add_sizes(folder: &Path) {
    fs::create_dir(folder).unwrap();
    for size in [0, 1, 511, 512, 513, 1 << 20, (3 << 20) + 7] {
        let content: Vec<u8> = (0..size).map(|at: usize| ((at * at) >> 7) as u8).collect();
        fs::write(folder.join(size.to_string()), content).unwrap();
    }
    let sparse = fs::File::create(folder.join("sparse")).unwrap();
    sparse.set_len(5 << 20).unwrap();
}

fn add_links(folder: &Path) {
    fs::create_dir(folder).unwrap();
    let file = folder.join("file");
    fs::write(&file, "linked").unwrap();
    fs::hard_link(&file, folder.join("hard")).unwrap();
    fs::hard_link(&file, folder.join("h".repeat(200))).unwrap();
    symlink("file", folder.join("soft")).unwrap();
    symlink("/no/such/file", folder.join("dangling")).unwrap();
    symlink("t".repeat(300), folder.join("long target")).unwrap();
    symlink(
        OsStr::from_bytes(&[0xfe; 150]),
        folder.join("target of bytes"),
    )
    .unwrap();
    fs::hard_link(folder.join("soft"), folder.join("soft, again")).unwrap();
    let inner = folder.join("i".repeat(150));
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("first"), "far").unwrap();
    fs::hard_link(inner.join("first"), folder.join("z, with a long link name")).unwrap();
}

fn add_modes(folder: &Path) {
    fs::create_dir(folder).unwrap();
    for mode in [0o400, 0o644, 0o777, 0o4755, 0o2755, 0o1644, 0o7777] {
        let path = folder.join(format!("file {mode:o}"));
        fs::write(&path, "").unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    for mode in [0o500, 0o755, 0o1777, 0o2775] {
        let path = folder.join(format!("folder {mode:o}"));
        fs::create_dir(&path).unwrap();
        fs::write(path.join("inside"), "").unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    fs::create_dir(folder.join("empty")).unwrap();
}

fn add_special(folder: &Path) {
    fs::create_dir(folder).unwrap();
    let make = |name: &str, kind, device| {
        mknodat(
            CWD,
            folder.join(name),
            kind,
            Mode::from_raw_mode(0o640),
            device,
        )
    };
    make("fifo", FileType::Fifo, 0).unwrap();
    // Only root may make devices.
    let device = rustix::fs::makedev(1, 3);
    if make("character", FileType::CharacterDevice, device).is_ok() {
        make(
            "block",
            FileType::BlockDevice,
            rustix::fs::makedev(259, 70_000),
        )
        .unwrap();
    }
}

fn add_times(folder: &Path) {
    fs::create_dir(folder).unwrap();
    let times = [
        (0, 0),
        (1, 1),
        (-2, 250_000_000),
        (-100_000, 0),
        (1 << 32, 999_999_999),
    ];
    for (seconds, nanoseconds) in times {
        let path = folder.join(format!("{seconds}.{nanoseconds}"));
        fs::write(&path, "").unwrap();
        set_modified(&path, seconds, nanoseconds);
    }
    let link = folder.join("link");
    symlink("0.0", &link).unwrap();
    set_modified(&link, 99, 5);
    set_modified(folder, 77, 7);
}

fn set_modified(path: &Path, seconds: i64, nanoseconds: i64) {
    let times = Timestamps {
        last_access: Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_OMIT,
        },
        last_modification: Timespec {
            tv_sec: seconds,
            tv_nsec: nanoseconds,
        },
    };
    utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW).unwrap();
}

/// Makes a folder that nobody can read, root included, and gives its path below `root`: the whole path to
/// it is longer than the system takes.
pub fn add_unreadable(root: &Path) -> io::Result<PathBuf> {
    let half = PathBuf::from(vec!["p".repeat(250); 9].join("/"));
    let upper = root.join("upper");
    fs::create_dir_all(upper.join(&half))?;
    fs::create_dir_all(root.join("lower").join(&half))?;
    // Both halves are within the limit until they are joined.
    fs::rename(root.join("lower"), upper.join(&half).join("lower"))?;
    Ok(upper)
}

/// Undoes modes that would keep a user who is not root from removing a tree.
pub fn make_removable(root: &Path) {
    let _ = Command::new("chmod")
        .args(["-R", "u+rwx"])
        .arg(root)
        .output();
}
