//! A file that appears under its name when it is complete, or never.

use super::target::Target;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use thiserror::Error;

/// Why a file did not come into being.
#[derive(Debug, Error)]
#[error("cannot {doing} {path:?}: {error}")]
pub struct DraftError {
    doing: &'static str,
    path: PathBuf,
    error: io::Error,
}

/// A file in the making, beside its final place.
///
/// Where the system has them it is a file without a name, of which nothing stays even when the process is
/// killed; elsewhere it has a name of its own, and dropping the draft removes it.
#[derive(Debug)]
pub struct Draft {
    file: File,
    target: Target,
    named: bool,
}

impl Draft {
    /// Starts a file for the target.
    ///
    /// # Errors
    /// When its folder does not exist or cannot be written to.
    pub fn create(target: Target) -> Result<Draft, DraftError> {
        match unnamed::create(target.folder()) {
            Some(file) => Ok(Draft {
                file,
                target,
                named: false,
            }),
            None => Draft::create_named(target),
        }
    }

    /// Removes what a draft for the target has left behind whose process was killed.
    pub fn remove_remains(target: &Target) {
        // Mostly there is nothing, and that is well.
        let _ = fs::remove_file(target.draft_path());
    }

    fn create_named(target: Target) -> Result<Draft, DraftError> {
        let created = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(target.draft_path());
        match created {
            Ok(file) => Ok(Draft {
                file,
                target,
                named: true,
            }),
            Err(error) => Err(DraftError {
                doing: "write",
                path: target.path(),
                error,
            }),
        }
    }

    /// Puts the complete file in its place, and replaces what was there.
    ///
    /// # Errors
    /// When it does not reach the disk or its name is refused; then nothing of it stays.
    pub fn commit(mut self) -> Result<(), DraftError> {
        self.settle().map_err(|error| DraftError {
            doing: "complete",
            path: self.target.path(),
            error,
        })
    }

    fn settle(&mut self) -> io::Result<()> {
        // A name must never stand for content that a power failure may still take away.
        self.file.sync_all()?;
        if !self.named {
            unnamed::give_name(&self.file, &self.target.draft_path())?;
            self.named = true;
        }
        fs::rename(self.target.draft_path(), self.target.path())?;
        self.named = false;
        // Some file systems cannot sync a folder; the file itself is safe by now.
        let _ = File::open(self.target.folder()).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.named {
            Draft::remove_remains(&self.target);
        }
    }
}

#[cfg(target_os = "linux")]
mod unnamed {
    //! Files without a name, and giving them one.

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd;
    use std::path::Path;

    /// `None` where the folder's file system has no such files.
    pub fn create(folder: &Path) -> Option<File> {
        let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o666);
        let file = File::from(openat(CWD, folder, flags, mode).ok()?);
        // It gets its name by way of `/proc`, which is not everywhere.
        Path::new(&descriptor_path(&file)).exists().then_some(file)
    }

    pub fn give_name(file: &File, path: &Path) -> io::Result<()> {
        let descriptor = descriptor_path(file);
        Ok(linkat(CWD, descriptor, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }

    fn descriptor_path(file: &File) -> String {
        format!("/proc/self/fd/{}", file.as_raw_fd())
    }
}

#[cfg(not(target_os = "linux"))]
mod unnamed {
    //! Systems whose files all have names.

    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub fn create(_: &Path) -> Option<File> {
        None
    }

    pub fn give_name(_: &File, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    type Create = fn(Target) -> Result<Draft, DraftError>;
    const WAYS: [Create; 2] = [Draft::create, Draft::create_named];

    fn names_in(folder: &Path) -> Vec<std::ffi::OsString> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect()
    }

    #[test]
    fn the_name_appears_with_the_complete_file() {
        for create in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.gz");
            fs::write(&path, "old").unwrap();
            let mut draft = create(Target::at(&path).unwrap()).unwrap();
            draft.write_all(b"new").unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"old");
            draft.commit().unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"new");
            assert_eq!(names_in(folder.path()), ["a.gz"]);
        }
    }

    #[test]
    fn a_dropped_draft_leaves_nothing() {
        for create in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let mut draft = create(Target::at(&folder.path().join("a.gz")).unwrap()).unwrap();
            draft.write_all(b"half").unwrap();
            drop(draft);
            assert_eq!(names_in(folder.path()).len(), 0);
        }
    }

    #[test]
    fn remains_of_a_killed_process_can_be_removed() {
        for create in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let target = Target::at(&folder.path().join("a.gz")).unwrap();
            std::mem::forget(create(target.clone()).unwrap());
            Draft::remove_remains(&target);
            assert_eq!(names_in(folder.path()).len(), 0);
        }
    }

    #[test]
    fn a_refused_name_leaves_nothing() {
        for create in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.gz");
            let draft = create(Target::at(&path).unwrap()).unwrap();
            fs::create_dir(&path).unwrap();
            draft.commit().unwrap_err();
            assert_eq!(names_in(folder.path()), ["a.gz"]);
        }
    }

    #[test]
    fn a_missing_folder_is_named_with_the_reason() {
        for create in WAYS {
            let target = Target::at(Path::new("/no/such/folder/a.gz")).unwrap();
            let error = create(target).unwrap_err();
            assert_eq!(
                error.to_string(),
                "cannot write \"/no/such/folder/a.gz\": No such file or directory (os error 2)"
            );
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_draft_has_no_name_where_that_can_be() {
        let folder = tempfile::tempdir().unwrap();
        let draft = Draft::create(Target::at(&folder.path().join("a.gz")).unwrap()).unwrap();
        if !draft.named {
            assert_eq!(names_in(folder.path()).len(), 0);
        }
    }
}
