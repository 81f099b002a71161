//! Which files of a tree are the same file under another name.

use std::collections::HashMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// The names in the archive of files that have more links than have been met.
///
/// A file is forgotten with its last link, so memory is needed for the links that are still to come.
#[derive(Debug, Default)]
pub struct HardLinks {
    open: HashMap<(u64, u64), Links>,
}

#[derive(Debug)]
struct Links {
    name: Vec<u8>,
    missing: u64,
}

impl HardLinks {
    /// The name under which the file is already in the archive.
    pub fn earlier_name(&mut self, metadata: &Metadata) -> Option<Vec<u8>> {
        if metadata.nlink() < 2 {
            return None;
        }
        let key = (metadata.dev(), metadata.ino());
        let links = self.open.get_mut(&key)?;
        links.missing -= 1;
        if links.missing == 0 {
            return self.open.remove(&key).map(|links| links.name);
        }
        Some(links.name.clone())
    }

    /// Remembers a file that was put into the archive.
    pub fn remember(&mut self, metadata: &Metadata, name: &[u8]) {
        let missing = metadata.nlink().saturating_sub(1);
        if missing > 0 {
            let name = name.to_vec();
            self.open
                .insert((metadata.dev(), metadata.ino()), Links { name, missing });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn later_links_find_the_first_and_the_last_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let [first, second, third] = ["a", "b", "c"].map(|name| folder.path().join(name));
        fs::write(&first, "x").unwrap();
        fs::hard_link(&first, second).unwrap();
        fs::hard_link(&first, third).unwrap();
        let metadata = fs::metadata(&first).unwrap();
        let mut links = HardLinks::default();
        assert_eq!(links.earlier_name(&metadata), None);
        links.remember(&metadata, b"a");
        assert_eq!(links.earlier_name(&metadata).as_deref(), Some(&b"a"[..]));
        assert_eq!(links.open.len(), 1);
        assert_eq!(links.earlier_name(&metadata).as_deref(), Some(&b"a"[..]));
        assert!(links.open.is_empty());
    }

    #[test]
    fn a_file_with_one_link_needs_no_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "x").unwrap();
        let mut links = HardLinks::default();
        links.remember(&fs::metadata(&path).unwrap(), b"a");
        assert!(links.open.is_empty());
    }
}
