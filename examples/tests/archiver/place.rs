//! Where a test keeps a tree, its archive and what comes out of it.

use crate::tree;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of its own for a test; it goes with the test.
pub struct Place {
    folder: tempfile::TempDir,
    /// What is packed. It is not there yet.
    pub tree: PathBuf,
    /// The archive.
    pub out: PathBuf,
}

impl Place {
    pub fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        fs::create_dir(&out).unwrap();
        Place {
            tree: folder.path().join("tree"),
            out: out.join("out.tar.gz"),
            folder,
        }
    }

    /// With an empty folder as the tree.
    pub fn with_tree() -> Place {
        let place = Place::new();
        fs::create_dir(&place.tree).unwrap();
        place
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Unpacks the archive; the path is that of the tree that came out.
    pub fn unpack(&self) -> PathBuf {
        let unpacked = self.path().join("unpacked");
        fs::create_dir(&unpacked).unwrap();
        tree::unpack(&self.out, &unpacked);
        unpacked.join("tree")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        tree::make_removable(self.path());
    }
}
