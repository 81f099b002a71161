//! Memory shared between processes, as an array of 64-bit atomics.
//!
//! It has no name in any file system: it lives as long as some process maps it or holds its descriptor.

#![allow(unsafe_code)]

use super::memory_file;
use memmap2::{MmapOptions, MmapRaw};
use rustix::fs::fstat;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::AtomicU64;

const WORD: usize = size_of::<AtomicU64>();

/// An array of atomics that other processes may map as well.
pub(crate) struct SharedWords {
    map: MmapRaw,
    descriptor: OwnedFd,
    len: usize,
}

impl SharedWords {
    /// Makes `len` words of nought. Pages that nobody touches cost nothing.
    pub(crate) fn create(name: &str, len: usize) -> io::Result<SharedWords> {
        SharedWords::map(memory_file::create(name, (len * WORD) as u64)?)
    }

    /// Maps what another process made with [`create`](Self::create).
    pub(crate) fn map(descriptor: OwnedFd) -> io::Result<SharedWords> {
        memory_file::check(&descriptor)?;
        let bytes = usize::try_from(fstat(&descriptor)?.st_size).map_err(io::Error::other)?;
        let map = MmapOptions::new().len(bytes).map_raw(&descriptor)?;
        Ok(SharedWords {
            map,
            descriptor,
            len: bytes / WORD,
        })
    }

    /// The word at `index`, or `None` past the end.
    #[inline]
    pub(crate) fn word(&self, index: usize) -> Option<&AtomicU64> {
        if index >= self.len {
            return None;
        }
        // SAFETY: `index < len`, so the eight bytes lie inside the mapping, which is page-aligned and
        // lives as long as `self`. The file is sealed against shrinking (checked in `map`), so no
        // access can fault. Every process accesses these bytes through atomics only, or not at all,
        // and every bit pattern is a valid `AtomicU64`.
        Some(unsafe { &*self.map.as_ptr().cast::<AtomicU64>().add(index) })
    }

    /// How many words there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

impl AsFd for SharedWords {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{MemfdFlags, memfd_create};
    use std::sync::atomic::Ordering;

    #[test]
    fn two_mappings_see_one_memory() {
        let one = SharedWords::create("test", 512).unwrap();
        let two = SharedWords::map(one.as_fd().try_clone_to_owned().unwrap()).unwrap();
        one.word(511).unwrap().store(7, Ordering::SeqCst);
        assert_eq!(two.word(511).unwrap().load(Ordering::SeqCst), 7);
        assert_eq!(two.len(), 512);
        assert!(two.word(512).is_none());
    }

    #[test]
    fn memory_that_may_shrink_is_refused() {
        let descriptor = memfd_create("test", MemfdFlags::ALLOW_SEALING).unwrap();
        assert!(SharedWords::map(descriptor).is_err());
    }
}
