//! Where an archive goes, and how to tell it from the files that are packed.

use super::path_bytes::PathBytes;
use serde::{Deserialize, Serialize};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The place of an archive: a folder, and two names in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    folder: PathBytes,
    name: PathBytes,
    draft_name: PathBytes,
}

impl Target {
    /// The target at a path; `None` for a path without a last name, which can only be a folder.
    #[must_use]
    pub fn at(path: &Path) -> Option<Target> {
        // A link to the place of the archive stays one.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let name = place.file_name()?.to_os_string();
        Some(Target {
            folder: folder_of(&place).to_path_buf().into(),
            name: name.into(),
            draft_name: draft_name().into(),
        })
    }

    /// The folder of the archive.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.as_path()
    }

    /// The archive.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder().join(&self.name)
    }

    /// What it is called before it is complete, beside its place; never the name of anything else.
    #[must_use]
    pub fn draft_path(&self) -> PathBuf {
        self.folder().join(&self.draft_name)
    }

    fn bears(&self, name: &OsStr) -> bool {
        [&self.name, &self.draft_name]
            .iter()
            .any(|own| own.as_path() == name)
    }
}

/// Recognises the archive among the files that are packed.
#[derive(Debug)]
pub struct OwnOutput<'a> {
    target: &'a Target,
    folder: Option<(u64, u64)>,
}

impl<'a> OwnOutput<'a> {
    /// Looks up the target's folder.
    #[must_use]
    pub fn new(target: &'a Target) -> OwnOutput<'a> {
        OwnOutput {
            target,
            folder: identity(target.folder()),
        }
    }

    /// Whether it is the archive, an earlier one in its place, or the unfinished one.
    ///
    /// The folder is compared by what it is, since many paths may lead to it.
    #[must_use]
    pub fn is_at(&self, path: &Path) -> bool {
        path.file_name().is_some_and(|name| self.target.bears(name))
            && self.folder.is_some()
            && self.folder == identity(folder_of(path))
    }
}

/// The folder a path lies in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// A name for this run alone, short enough for every file system.
fn draft_name() -> OsString {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanoseconds = now.map_or(0, |now| now.as_nanos());
    format!(".archiver-{}-{nanoseconds:x}.partial", std::process::id()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn the_archive_is_recognised_by_any_path_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        symlink(&inner, folder.path().join("way")).unwrap();
        let target = Target::at(&inner.join("a.tar.gz")).unwrap();
        let own = OwnOutput::new(&target);
        assert!(own.is_at(&inner.join("a.tar.gz")));
        assert!(own.is_at(&folder.path().join("way/a.tar.gz")));
        assert!(own.is_at(&target.draft_path()));
        assert!(!own.is_at(&folder.path().join("a.tar.gz")));
        assert!(!own.is_at(&inner.join("b.tar.gz")));
    }

    #[test]
    fn a_link_is_followed_to_the_place_of_the_archive() {
        let folder = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(folder.path()).unwrap().join("real.tar.gz");
        fs::write(&real, "").unwrap();
        symlink("real.tar.gz", folder.path().join("link")).unwrap();
        let target = Target::at(&folder.path().join("link")).unwrap();
        assert_eq!(target.path(), real);
    }

    #[test]
    fn a_bare_name_lies_in_the_current_folder() {
        let target = Target::at(Path::new("no-such.tar.gz")).unwrap();
        assert_eq!(target.folder(), Path::new("."));
        assert_eq!(Target::at(Path::new("/")), None);
    }
}
