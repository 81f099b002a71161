//! Packing without agents: the stream alone, compressed block by block.

use crate::place::Place;
use crate::tree;
use multitools_examples::archiver::{BLOCK_SIZE, BlockCompressor, Job, Note, Packed, Sink, pack};
use std::convert::Infallible;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

/// Writes an archive and collects the notes.
struct Archive<Meanwhile> {
    file: File,
    compressor: BlockCompressor,
    notes: Vec<Note>,
    /// What happens to the tree when the first block is full.
    meanwhile: Option<Meanwhile>,
}

impl<Meanwhile: FnOnce()> Sink for Archive<Meanwhile> {
    type Error = Infallible;

    fn block(&mut self, _: u64, data: &[u8]) -> Result<(), Infallible> {
        if let Some(meanwhile) = self.meanwhile.take() {
            meanwhile();
        }
        let member = self.compressor.member(data).unwrap();
        self.file.write_all(member).unwrap();
        Ok(())
    }

    fn note(&mut self, note: Note) -> Result<(), Infallible> {
        self.notes.push(note);
        Ok(())
    }
}

fn pack_at(place: &Place) -> (Packed, Vec<String>) {
    pack_while(place, || ())
}

fn pack_while(place: &Place, meanwhile: impl FnOnce()) -> (Packed, Vec<String>) {
    let job = Job::new(&place.tree, &place.out).unwrap();
    let mut archive = Archive {
        file: File::create(&place.out).unwrap(),
        compressor: BlockCompressor::default(),
        notes: Vec::new(),
        meanwhile: Some(meanwhile),
    };
    let Ok(packed) = pack(&job, &mut archive);
    (packed, archive.notes.iter().map(Note::to_string).collect())
}

#[test]
fn everything_a_file_system_allows_comes_back() {
    let place = Place::new();
    tree::build_nasty(&place.tree);
    let (packed, notes) = pack_at(&place);
    assert_eq!((packed.losses, notes), (0, vec![]));
    assert_eq!(packed.blocks, packed.bytes.div_ceil(BLOCK_SIZE as u64));
    tree::assert_same(&place.tree, &place.unpack());
}

#[test]
fn a_single_file_is_an_archive_too() {
    let place = Place::new();
    fs::write(&place.tree, "alone").unwrap();
    assert_eq!(pack_at(&place).0.files, 1);
    assert_eq!(fs::read(place.unpack()).unwrap(), b"alone");
}

#[test]
fn a_link_as_source_stays_a_link() {
    let place = Place::new();
    symlink("elsewhere", &place.tree).unwrap();
    pack_at(&place);
    assert_eq!(
        fs::read_link(place.unpack()).unwrap(),
        Path::new("elsewhere")
    );
}

#[test]
fn an_archive_inside_the_tree_is_not_packed() {
    let mut place = Place::with_tree();
    place.out = place.tree.join("out.tar.gz");
    fs::create_dir(place.tree.join("inner")).unwrap();
    fs::write(place.tree.join("inner/out.tar.gz"), "of the same name").unwrap();
    let (packed, notes) = pack_at(&place);
    assert_eq!(
        notes,
        [format!("{:?}: is the archive itself; left out", place.out)]
    );
    assert_eq!((packed.files, packed.losses), (1, 0));
    let unpacked = place.unpack();
    assert!(!unpacked.join("out.tar.gz").exists());
    assert!(unpacked.join("inner/out.tar.gz").exists());
}

#[test]
fn names_come_in_the_order_of_their_bytes() {
    let place = Place::with_tree();
    for name in ["b", "a", "B", "a.b", "é"] {
        fs::write(place.tree.join(name), "").unwrap();
    }
    pack_at(&place);
    let packed = fs::read(&place.out).unwrap();
    let mut stream = vec![0; BLOCK_SIZE];
    let mut decompressor = libdeflater::Decompressor::new();
    let size = decompressor.gzip_decompress(&packed, &mut stream).unwrap();
    let mut archive = tar::Archive::new(&stream[..size]);
    let names: Vec<String> = archive
        .entries()
        .unwrap()
        .map(|entry| entry.unwrap().path().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        ["tree/", "tree/B", "tree/a", "tree/a.b", "tree/b", "tree/é"]
    );
}

#[test]
fn a_file_that_shrinks_is_filled_up() {
    let place = Place::with_tree();
    let path = place.tree.join("file");
    fs::write(&path, vec![1; 3 * BLOCK_SIZE]).unwrap();
    let kept = BLOCK_SIZE + 10;
    let shrink = || {
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(kept as u64)
            .unwrap()
    };
    let (packed, notes) = pack_while(&place, shrink);
    assert_eq!(packed.losses, 1);
    assert!(notes[0].contains("shrank while it was read"), "{notes:?}");
    let content = fs::read(place.unpack().join("file")).unwrap();
    assert_eq!(content.len(), 3 * BLOCK_SIZE);
    assert!(content[..kept].iter().all(|&byte| byte == 1));
    assert!(content[kept..].iter().all(|&byte| byte == 0));
}

#[test]
fn a_file_that_grows_is_cut() {
    let place = Place::with_tree();
    let path = place.tree.join("file");
    fs::write(&path, vec![1; 3 * BLOCK_SIZE]).unwrap();
    fs::write(place.tree.join("next"), "next").unwrap();
    let grow = || {
        let mut file = File::options().append(true).open(&path).unwrap();
        file.write_all(&[2; 100]).unwrap();
    };
    let (packed, notes) = pack_while(&place, grow);
    assert_eq!(packed.losses, 1);
    assert!(notes[0].ends_with("changed while it was read"), "{notes:?}");
    let unpacked = place.unpack();
    assert_eq!(
        fs::read(unpacked.join("file")).unwrap(),
        vec![1; 3 * BLOCK_SIZE]
    );
    assert_eq!(fs::read(unpacked.join("next")).unwrap(), b"next");
}

#[test]
fn a_file_that_vanishes_is_left_out() {
    let place = Place::with_tree();
    fs::write(place.tree.join("a"), vec![1; 2 * BLOCK_SIZE]).unwrap();
    fs::write(place.tree.join("b"), "").unwrap();
    let (packed, notes) = pack_while(&place, || fs::remove_file(place.tree.join("b")).unwrap());
    assert_eq!((packed.files, packed.losses), (1, 1));
    assert!(notes[0].ends_with("(os error 2); left out"), "{notes:?}");
    place.unpack();
}

#[test]
fn what_nobody_can_read_is_named_and_the_rest_is_packed() {
    let place = Place::with_tree();
    let unreadable = tree::add_unreadable(&place.tree).unwrap();
    fs::write(place.tree.join("z"), "after it").unwrap();
    let (packed, notes) = pack_at(&place);
    assert_eq!(packed.losses, 1);
    let start = format!("{unreadable:?}");
    assert!(
        notes[0].starts_with(start.trim_end_matches('"')),
        "{notes:?}"
    );
    assert!(notes[0].ends_with("File name too long (os error 36); left out"));
    assert_eq!(fs::read(place.unpack().join("z")).unwrap(), b"after it");
}

#[test]
fn what_the_user_may_not_read_is_named_and_the_rest_is_packed() {
    if rustix::process::geteuid().is_root() {
        return;
    }
    let place = Place::with_tree();
    for name in ["file", "folder"] {
        let path = place.tree.join(name);
        match name {
            "file" => fs::write(&path, "").unwrap(),
            _ => fs::create_dir(&path).unwrap(),
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    }
    let (packed, notes) = pack_at(&place);
    assert_eq!((packed.files, packed.losses), (0, 2));
    assert!(
        notes.iter().all(|note| note.contains("Permission denied")),
        "{notes:?}"
    );
    assert!(place.unpack().join("folder").exists());
}

#[test]
fn a_socket_is_left_out_without_loss() {
    let place = Place::with_tree();
    let _listener = UnixListener::bind(place.tree.join("socket")).unwrap();
    let (packed, notes) = pack_at(&place);
    assert_eq!((packed.files, packed.losses, notes.len()), (0, 0, 1));
    assert!(notes[0].ends_with("is a socket; left out"), "{notes:?}");
}
