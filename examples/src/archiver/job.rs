//! What to pack and where to, checked before anything is started.

use super::cutter::BLOCK_SIZE;
use super::draft::{Draft, DraftError};
use super::path_bytes::PathBytes;
use super::target::{OwnOutput, Target};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why nothing was started.
#[derive(Debug, Error)]
pub enum JobError {
    /// There is nothing to pack, or it cannot be looked at.
    #[error("cannot read {path:?}: {error}")]
    Source {
        /// The path as it was given.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// In the place of the archive is something that no archive may replace: a folder, a device.
    #[error("cannot write {path:?}: it exists and is not a regular file")]
    NoFile {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The archive would replace the only file it is to hold.
    #[error("{path:?} cannot be packed into itself")]
    Itself {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The archive cannot be written.
    #[error(transparent)]
    Target(#[from] DraftError),
}

/// A folder or file to pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Where it is.
    pub path: PathBytes,
    /// What it is called in the archive; names in it go below this one.
    pub name: PathBytes,
}

/// What to pack and where to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// What to pack.
    pub source: Source,
    /// Where to.
    pub target: Target,
    /// How many bytes of it are compressed at once.
    pub block_size: usize,
}

impl Job {
    /// Checks both paths; nothing of the check stays behind.
    ///
    /// # Errors
    /// When the source is not there or the target cannot be written.
    pub fn new(source: &Path, target: &Path) -> Result<Job, JobError> {
        let name = name_of(source).map_err(|error| JobError::Source {
            path: source.to_path_buf(),
            error,
        })?;
        let job = Job {
            source: Source {
                path: source.to_path_buf().into(),
                name: name.into(),
            },
            target: checked_target(target)?,
            block_size: BLOCK_SIZE,
        };
        if OwnOutput::new(&job.target).is_at(source) {
            return Err(JobError::Itself {
                path: source.to_path_buf(),
            });
        }
        drop(Draft::create(job.target.clone())?);
        Ok(job)
    }
}

/// The last name of an existing path; that of `.` and `..` is the folder's own, that of `/` a dot.
fn name_of(source: &Path) -> io::Result<OsString> {
    fs::symlink_metadata(source)?;
    if let Some(name) = source.file_name() {
        return Ok(name.to_os_string());
    }
    let real = fs::canonicalize(source)?;
    Ok(real.file_name().unwrap_or(".".as_ref()).to_os_string())
}

fn checked_target(path: &Path) -> Result<Target, JobError> {
    let no_file = || JobError::NoFile {
        path: path.to_path_buf(),
    };
    // Replacing `/dev/null` by an archive would be within root's power.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(no_file());
    }
    Target::at(path).ok_or_else(no_file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(source: &Path, target: &Path) -> String {
        Job::new(source, target).unwrap_err().to_string()
    }

    #[test]
    fn a_job_leaves_no_trace_before_it_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let out = tempfile::tempdir().unwrap();
        Job::new(folder.path(), &out.path().join("a.tar.gz")).unwrap();
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
    }

    #[test]
    fn refusals_name_the_path_and_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let inner = |name: &str| folder.path().join(name);
        let out = inner("a.tar.gz");
        fs::write(&out, "").unwrap();
        assert!(
            refused(&inner("none"), &out)
                .ends_with("none\": No such file or directory (os error 2)")
        );
        assert!(refused(&out, &out).ends_with("a.tar.gz\" cannot be packed into itself"));
        let not_a_file = "it exists and is not a regular file";
        assert!(refused(&out, folder.path()).ends_with(not_a_file));
        assert!(refused(&out, Path::new("/")).ends_with(not_a_file));
        assert!(refused(&out, Path::new("/dev/null")).ends_with(not_a_file));
        assert!(refused(&out, &inner("no/such")).contains("cannot write"));
    }

    #[test]
    fn names_are_those_tar_would_give() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        fs::create_dir(&tree).unwrap();
        fs::create_dir(tree.join("inner")).unwrap();
        let name = |path: &Path| name_of(path).unwrap();
        assert_eq!(name(&tree), "tree");
        assert_eq!(name(&tree.join("")), "tree");
        assert_eq!(name(&tree.join("inner/..")), "tree");
        assert_eq!(name(Path::new("/")), ".");
    }
}
