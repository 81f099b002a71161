//! What happened to single files while a tree was packed.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// A file that is not in the archive, or not as it should be; packing goes on.
///
/// Paths are written quoted and escaped, so that a note is one line whatever a name holds.
#[derive(Debug, Error)]
pub enum Note {
    /// Reading it or its attributes failed.
    #[error("{path:?}: {error}; left out")]
    Unreadable {
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Reading failed in the middle of a file, whose size was already written.
    #[error("{path:?}: {error}; its last {missing} bytes are zeros in the archive")]
    Torn {
        /// Which file.
        path: PathBuf,
        /// How many bytes are missing.
        missing: u64,
        /// What the system says.
        error: io::Error,
    },
    /// The file became shorter after its size was written.
    #[error(
        "{path:?}: shrank while it was read; its last {missing} bytes are zeros in the archive"
    )]
    Shrank {
        /// Which file.
        path: PathBuf,
        /// How many bytes are missing.
        missing: u64,
    },
    /// The file was written to while it was read.
    #[error("{path:?}: changed while it was read")]
    Changed {
        /// Which file.
        path: PathBuf,
    },
    /// A socket, which no archive can hold.
    #[error("{path:?}: is a socket; left out")]
    Socket {
        /// Which file.
        path: PathBuf,
    },
    /// The archive that is being written, or its forerunner.
    #[error("{path:?}: is the archive itself; left out")]
    ArchiveItself {
        /// Which file.
        path: PathBuf,
    },
}

impl Note {
    /// Whether something of the tree is missing in the archive that could have been there.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        !matches!(self, Note::Socket { .. } | Note::ArchiveItself { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    #[test]
    fn a_note_is_one_line_whatever_the_name() {
        let path = PathBuf::from(OsString::from_vec(b"a\nb\xff\x1b[0m".to_vec()));
        let note = Note::Changed { path };
        assert_eq!(
            note.to_string(),
            r#""a\nb\xFF\u{1b}[0m": changed while it was read"#
        );
    }

    #[test]
    fn what_tar_leaves_out_by_nature_is_no_loss() {
        let path = PathBuf::from("x");
        assert!(!Note::Socket { path: path.clone() }.is_loss());
        assert!(!Note::ArchiveItself { path: path.clone() }.is_loss());
        assert!(Note::Shrank { path, missing: 1 }.is_loss());
    }
}
