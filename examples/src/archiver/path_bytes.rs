//! Paths that survive serialisation whatever their bytes.

use serde::{Deserialize, Serialize};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// A path as its bytes.
///
/// Serde refuses a `PathBuf` that is not UTF-8, and on Unix a path may be any bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathBytes(Vec<u8>);

impl PathBytes {
    /// The path.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.0))
    }

    /// The bytes of the path.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<PathBuf> for PathBytes {
    fn from(path: PathBuf) -> PathBytes {
        PathBytes::from(path.into_os_string())
    }
}

impl From<OsString> for PathBytes {
    fn from(name: OsString) -> PathBytes {
        PathBytes(name.into_vec())
    }
}

impl AsRef<Path> for PathBytes {
    fn as_ref(&self) -> &Path {
        self.as_path()
    }
}

impl From<Vec<u8>> for PathBytes {
    fn from(bytes: Vec<u8>) -> PathBytes {
        PathBytes(bytes)
    }
}
