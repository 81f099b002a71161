//! A tree of files as a tar stream.

use super::attributes::{Attributes, Timestamp};
use super::cutter::{BlockCutter, Copied, Sink};
use super::hard_links::HardLinks;
use super::header::{EntryHeader, RECORD_SIZE};
use super::job::{Job, Source};
use super::note::Note;
use super::target::OwnOutput;
use rustix::fs::OFlags;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use tar::EntryType;
use walkdir::WalkDir;

/// What a finished stream holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed {
    /// How many blocks went to the sink.
    pub blocks: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files, links and other entries, apart from folders.
    pub files: u64,
    /// How many files are missing or damaged, each with its note.
    pub losses: u64,
}

/// Packs a tree in the order of the bytes of its names.
///
/// Memory is needed for one block, the names in the folders on the way to the current file, and the hard
/// links whose other ends are still to come.
///
/// # Errors
/// Those of the sink. What is wrong with single files goes to the sink as notes.
pub fn pack<S: Sink>(job: &Job, sink: S) -> Result<Packed, S::Error> {
    let mut packer = Packer {
        source: &job.source,
        own_output: OwnOutput::new(&job.target),
        stream: BlockCutter::new(sink, job.block_size),
        links: HardLinks::default(),
        files: 0,
        losses: 0,
    };
    packer.add_tree()?;
    packer.finish()
}

struct Packer<'a, S> {
    source: &'a Source,
    own_output: OwnOutput<'a>,
    stream: BlockCutter<S>,
    links: HardLinks,
    files: u64,
    losses: u64,
}

impl<S: Sink> Packer<'_, S> {
    fn add_tree(&mut self) -> Result<(), S::Error> {
        let mut walk = WalkDir::new(&self.source.path)
            .follow_root_links(false)
            .sort_by_file_name()
            .into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Ok(entry) => match entry.metadata() {
                    Ok(metadata) => self.add(entry.path(), &metadata)?,
                    Err(error) => {
                        self.note_walk(error)?;
                        // Going into it would only say the same again.
                        if entry.file_type().is_dir() {
                            walk.skip_current_dir();
                        }
                    }
                },
                Err(error) => self.note_walk(error)?,
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Packed, S::Error> {
        // Two empty records end a tar stream.
        self.stream.write_zeros(2 * RECORD_SIZE as u64)?;
        let size = self.stream.finish()?;
        Ok(Packed {
            blocks: size.blocks,
            bytes: size.bytes,
            files: self.files,
            losses: self.losses,
        })
    }

    fn add(&mut self, path: &Path, metadata: &Metadata) -> Result<(), S::Error> {
        if self.own_output.is_at(path) {
            let path = path.to_path_buf();
            return self.note(Note::ArchiveItself { path });
        }
        let mut name = archive_name(self.source, path);
        if metadata.is_dir() {
            name.push(b'/');
            return self.write_header(&name, EntryType::Directory, b"", metadata);
        }
        if let Some(earlier) = self.links.earlier_name(metadata) {
            self.files += 1;
            return self.write_header(&name, EntryType::Link, &earlier, metadata);
        }
        self.add_content(path, &name, metadata)
    }

    fn add_content(
        &mut self,
        path: &Path,
        name: &[u8],
        metadata: &Metadata,
    ) -> Result<(), S::Error> {
        let kind = match metadata.file_type() {
            kind if kind.is_file() => return self.add_file(path, name),
            kind if kind.is_socket() => {
                let path = path.to_path_buf();
                return self.note(Note::Socket { path });
            }
            kind if kind.is_symlink() => EntryType::Symlink,
            kind if kind.is_fifo() => EntryType::Fifo,
            kind if kind.is_char_device() => EntryType::Char,
            _ => EntryType::Block,
        };
        let link = match kind {
            EntryType::Symlink => fs::read_link(path),
            _ => Ok(PathBuf::new()),
        };
        match link {
            Ok(link) => {
                self.write_header(name, kind, link.as_os_str().as_bytes(), metadata)?;
                self.remember(name, metadata);
                Ok(())
            }
            Err(error) => self.note_unreadable(path, error),
        }
    }

    fn add_file(&mut self, path: &Path, name: &[u8]) -> Result<(), S::Error> {
        let (mut file, metadata) = match open_file(path) {
            Ok(opened) => opened,
            Err(error) => return self.note_unreadable(path, error),
        };
        self.write_header(name, EntryType::Regular, b"", &metadata)?;
        self.remember(name, &metadata);
        let copied = self.stream.copy(&mut file, metadata.len())?;
        self.pad()?;
        match note_about(path, copied, &file, &metadata) {
            Some(note) => self.note(note),
            None => Ok(()),
        }
    }

    fn write_header(
        &mut self,
        name: &[u8],
        kind: EntryType,
        link: &[u8],
        metadata: &Metadata,
    ) -> Result<(), S::Error> {
        let header = EntryHeader {
            name,
            kind,
            link,
            size: match kind {
                EntryType::Regular => metadata.len(),
                _ => 0,
            },
            attributes: Attributes::from(metadata),
        };
        self.stream.write(&header.encode())
    }

    /// Contents end at a record's end.
    fn pad(&mut self) -> Result<(), S::Error> {
        let used = self.stream.len() % RECORD_SIZE as u64;
        self.stream
            .write_zeros((RECORD_SIZE as u64 - used) % RECORD_SIZE as u64)
    }

    fn remember(&mut self, name: &[u8], metadata: &Metadata) {
        self.files += 1;
        self.links.remember(metadata, name);
    }

    fn note_unreadable(&mut self, path: &Path, error: io::Error) -> Result<(), S::Error> {
        let path = path.to_path_buf();
        self.note(Note::Unreadable { path, error })
    }

    fn note_walk(&mut self, error: walkdir::Error) -> Result<(), S::Error> {
        let path = error.path().unwrap_or(self.source.path.as_path());
        let path = path.to_path_buf();
        // The text around the system's own error would repeat the path.
        let text = error.to_string();
        let error = error
            .into_io_error()
            .unwrap_or_else(|| io::Error::other(text));
        self.note(Note::Unreadable { path, error })
    }

    fn note(&mut self, note: Note) -> Result<(), S::Error> {
        self.losses += u64::from(note.is_loss());
        self.stream.sink().note(note)
    }
}

/// Opens a regular file; something else may have taken its name since it was looked at, and must neither
/// be followed nor waited for.
fn open_file(path: &Path) -> io::Result<(File, Metadata)> {
    let careful = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(careful.bits().cast_signed())
        .open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("replaced by something that is no file"));
    }
    Ok((file, metadata))
}

/// What is to be said about a file whose `before` was promised in its header.
fn note_about(path: &Path, copied: Copied, file: &File, before: &Metadata) -> Option<Note> {
    let path = path.to_path_buf();
    let missing = copied.missing;
    if let Some(error) = copied.error {
        return Some(Note::Torn {
            path,
            missing,
            error,
        });
    }
    if missing > 0 {
        return Some(Note::Shrank { path, missing });
    }
    let unchanged = file.metadata().is_ok_and(|after| {
        after.len() == before.len() && Timestamp::of(&after) == Timestamp::of(before)
    });
    (!unchanged).then_some(Note::Changed { path })
}

/// The name in the archive: the source's own, and below it as in the tree.
fn archive_name(source: &Source, path: &Path) -> Vec<u8> {
    let mut name = source.name.as_bytes().to_vec();
    let inner = path.strip_prefix(&source.path).unwrap_or(path);
    if !inner.as_os_str().is_empty() {
        name.push(b'/');
        name.extend_from_slice(inner.as_os_str().as_bytes());
    }
    name
}
