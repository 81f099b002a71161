//! A sparse file of memory that all processes of a run share, and windows onto parts of it.
//!
//! It has no name in any file system: it lives as long as some process maps it or holds its descriptor.
//! It is as large as the layout wants it, and costs what has been touched.

#![allow(unsafe_code)]

use super::mapping::{LARGE_PAGE, Mapping};
use super::memory_file;
use super::shared_copy::copy_words;
use rustix::fs::{FallocateFlags, fallocate, fstat};
use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

pub(super) const WORD: usize = size_of::<AtomicU64>();

/// What windows begin and end at: a multiple of the page size of every Linux system.
pub(crate) const GRAIN: usize = 64 << 10;

/// The file. It can neither shrink nor grow.
pub(crate) struct SharedFile {
    descriptor: OwnedFd,
}

impl SharedFile {
    /// Makes `len` bytes of nought.
    pub(crate) fn create(name: &str, len: u64) -> io::Result<SharedFile> {
        let descriptor = memory_file::create(name, len)?;
        Ok(SharedFile { descriptor })
    }

    /// Takes over what another process made with [`create`](Self::create).
    pub(crate) fn adopt(descriptor: OwnedFd) -> io::Result<SharedFile> {
        memory_file::check(&descriptor)?;
        Ok(SharedFile { descriptor })
    }

    /// Maps a part to read and write. `offset` is a multiple of [`GRAIN`].
    pub(crate) fn window(&self, offset: u64, len: usize) -> io::Result<Window> {
        self.check(offset, len)?;
        let map = Mapping::new(self.as_fd(), offset, len, true)?;
        Ok(Window {
            map,
            collapsed: 0,
            cannot_collapse: false,
        })
    }

    /// Maps a part to read only. `offset` is a multiple of [`GRAIN`].
    pub(crate) fn view(&self, offset: u64, len: usize) -> io::Result<View> {
        self.check(offset, len)?;
        let map = Mapping::new(self.as_fd(), offset, len, false)?;
        Ok(View { map })
    }

    /// Gives the memory of a part back to the system; it reads as nought from then on.
    pub(crate) fn discard(&self, offset: u64, len: u64) -> io::Result<()> {
        let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        Ok(fallocate(&self.descriptor, flags, offset, len)?)
    }

    /// A mapping beyond the end of the file would fault.
    fn check(&self, offset: u64, len: usize) -> io::Result<()> {
        let size = u64::try_from(fstat(&self.descriptor)?.st_size).unwrap_or(0);
        let inside = offset
            .checked_add(len as u64)
            .is_some_and(|end| end <= size);
        match inside && offset.is_multiple_of(GRAIN as u64) && len > 0 {
            true => Ok(()),
            false => Err(io::Error::other("no such part of the shared memory")),
        }
    }
}

impl AsFd for SharedFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }
}

/// A part of the file that this process reads and writes.
pub(crate) struct Window {
    map: Mapping,
    /// How many bytes are in large pages.
    collapsed: usize,
    cannot_collapse: bool,
}

impl Window {
    /// The word at `at`, in bytes.
    ///
    /// # Panics
    /// When `at` is no multiple of eight inside the window.
    #[inline]
    pub(crate) fn word(&self, at: usize) -> &AtomicU64 {
        // SAFETY: the mapping is readable and writable for as long as `self` is borrowed.
        unsafe { word_of(&self.map, at) }
    }

    /// The half word at `at`, in bytes: what a process can wait on.
    ///
    /// # Panics
    /// When `at` is no multiple of eight inside the window.
    #[inline]
    pub(crate) fn half_word(&self, at: usize) -> &AtomicU32 {
        let word: *const AtomicU64 = self.word(at);
        // SAFETY: the first four bytes of a word, aligned, inside the mapping and borrowed as it is.
        // Every process accesses them through this type alone.
        unsafe { &*word.cast::<AtomicU32>() }
    }

    /// Has the processor fetch the lines of memory at both ends of what will be written to, meanwhile. Nothing
    /// happens where there is no such place.
    #[inline]
    pub(crate) fn prepare_to_write(&self, range: Range<usize>) {
        for at in [range.start, range.end] {
            if at < self.map.len() {
                #[cfg(target_arch = "x86_64")]
                // SAFETY: the place is inside the mapping, so the pointer may be made; the instruction reads and
                // writes nothing that could be seen, and is none to processors that do not know it.
                unsafe {
                    std::arch::asm!(
                        "prefetchw [{}]",
                        in(reg) self.map.start().add(at),
                        options(nostack, preserves_flags, readonly),
                    );
                }
            }
        }
    }

    /// The bytes of a range, to be written.
    ///
    /// # Safety
    /// Until the borrow ends, nobody else may access these bytes: no other borrow in this process, and
    /// no other process that keeps to the protocol. A process that does not keep to it must have them
    /// mapped read-only or not at all.
    ///
    /// # Panics
    /// When the range is not inside the window.
    #[allow(clippy::mut_from_ref)] // the caller promises that the borrow is the only one
    #[inline]
    pub(crate) unsafe fn bytes_mut(&self, range: Range<usize>) -> &mut [u8] {
        assert!(range.start <= range.end && range.end <= self.map.len());
        // SAFETY: the range is inside the mapping, which lives as long as `self`; the caller promises
        // that nobody else accesses it. Every byte is a valid `u8`.
        unsafe {
            let start = self.map.start().add(range.start);
            std::slice::from_raw_parts_mut(start, range.len())
        }
    }

    /// The bytes from the start, as they were written.
    ///
    /// # Safety
    /// Until the borrow ends, nobody may write to these bytes.
    ///
    /// # Panics
    /// When there are not so many.
    pub(crate) unsafe fn bytes(&self, len: usize) -> &[u8] {
        assert!(len <= self.map.len());
        // SAFETY: inside the mapping, which lives as long as `self`; the caller promises that nobody
        // writes. Every byte is a valid `u8`.
        unsafe { std::slice::from_raw_parts(self.map.start(), len) }
    }

    /// Appends `len` bytes from `at`, a multiple of eight, to a buffer.
    ///
    /// # Panics
    /// When the range is not inside the window.
    #[inline]
    pub(crate) fn copy_to(&self, at: usize, len: usize, buffer: &mut Vec<u8>) {
        copy_words(&self.map, at, len, buffer);
    }

    /// Writes bytes from `at`, a multiple of eight, word by word; the last word is filled with noughts.
    ///
    /// # Panics
    /// When the range is not inside the window.
    pub(crate) fn store_bytes(&self, at: usize, bytes: &[u8]) {
        for (word, bytes) in bytes.chunks(WORD).enumerate() {
            let mut value = [0; WORD];
            value[..bytes.len()].copy_from_slice(bytes);
            self.word(at + WORD * word)
                .store(u64::from_ne_bytes(value), Ordering::Relaxed);
        }
    }

    /// Takes from this process, or gives back to it, the right to write to the first `len` bytes, rounded
    /// up to pages: to large ones where these are [collapsed](Self::collapse).
    pub(crate) fn allow_writing(&self, len: usize, allowed: bool) -> io::Result<()> {
        let grain = match len <= self.collapsed {
            true => LARGE_PAGE,
            false => GRAIN,
        };
        self.map.allow_writing(len.next_multiple_of(grain), allowed)
    }

    /// Puts the first `len` bytes, rounded up, into large pages, where the system has any: to take and
    /// to give the right to write is then as quick as for a single page. To try it a second time for so
    /// many bytes does nothing.
    pub(crate) fn collapse(&mut self, len: usize) {
        let len = len.next_multiple_of(LARGE_PAGE).min(self.map.len());
        if len <= self.collapsed || self.cannot_collapse {
            return;
        }
        match self.map.collapse(len) {
            Ok(()) => self.collapsed = len,
            Err(error) => {
                tracing::debug!(%error, "no large pages");
                self.cannot_collapse = true;
            }
        }
    }
}

/// A part of the file that this process only reads.
pub(crate) struct View {
    map: Mapping,
}

impl View {
    /// Reads the word at `at`, in bytes.
    ///
    /// # Panics
    /// When `at` is no multiple of eight inside the view.
    #[inline]
    pub(crate) fn load(&self, at: usize) -> u64 {
        // SAFETY: the mapping is readable for as long as `self` is borrowed, and the word is only read.
        unsafe { word_of(&self.map, at) }.load(Ordering::Relaxed)
    }

    /// Reads some words in a row from `at`, in bytes.
    ///
    /// # Panics
    /// When `at` is no multiple of eight, or not all of them are inside the view.
    #[inline]
    pub(crate) fn load_words<const N: usize>(&self, at: usize) -> [u64; N] {
        let size = N * WORD;
        assert!(at.is_multiple_of(WORD) && at <= self.map.len() && self.map.len() - at >= size);
        // SAFETY: the words lie inside the mapping (asserted), for which the rest holds as in `word_of`: it
        // is readable and page-aligned, lives as long as `self`, and is accessed as atomics.
        std::array::from_fn(|word| unsafe {
            let place = self.map.start().add(at + WORD * word);
            (*place.cast::<AtomicU64>()).load(Ordering::Relaxed)
        })
    }

    /// Reads the word at `at`, in bytes, in the one order of all that is sequentially consistent.
    ///
    /// # Panics
    /// When `at` is no multiple of eight inside the view.
    #[inline]
    pub(crate) fn load_in_order(&self, at: usize) -> u64 {
        // SAFETY: the mapping is readable for as long as `self` is borrowed.
        unsafe { word_of(&self.map, at) }.load(Ordering::SeqCst)
    }

    /// Appends `len` bytes from `at`, a multiple of eight, to a buffer.
    ///
    /// # Panics
    /// When the range is not inside the view.
    #[inline]
    pub(crate) fn copy_to(&self, at: usize, len: usize, buffer: &mut Vec<u8>) {
        copy_words(&self.map, at, len, buffer);
    }

    /// The bytes from the start, lent.
    ///
    /// # Safety
    /// Until the borrow ends, no process may be able to write to these bytes.
    ///
    /// # Panics
    /// When there are not so many.
    pub(crate) unsafe fn bytes(&self, len: usize) -> &[u8] {
        assert!(len <= self.map.len());
        // SAFETY: inside the mapping, which lives as long as `self`; the caller promises that nobody
        // writes. Every byte is a valid `u8`.
        unsafe { std::slice::from_raw_parts(self.map.start(), len) }
    }
}

/// A word of a mapping.
///
/// # Safety
/// The mapping must be readable while the word is borrowed, and writable where it is written.
#[inline]
unsafe fn word_of(map: &Mapping, at: usize) -> &AtomicU64 {
    assert!(at.is_multiple_of(WORD) && at < map.len() && map.len() - at >= WORD);
    // SAFETY: the eight bytes lie inside the mapping, which is page-aligned and lives as long as the
    // borrow. The file is sealed against shrinking and the mapping ends inside it (both checked when
    // they were made), so no access faults. While a process may write to them, every process accesses
    // them through atomics, or through `bytes_mut` where the protocol gives it sole access; every bit
    // pattern is a valid `AtomicU64`.
    unsafe { &*map.start().add(at).cast::<AtomicU64>() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{MemfdFlags, memfd_create};

    const FAR: u64 = 1 << 60;

    fn file() -> SharedFile {
        SharedFile::create("test", FAR + (1 << 20)).unwrap()
    }

    #[test]
    fn two_mappings_see_one_memory_however_far_out() {
        let file = file();
        let theirs = SharedFile::adopt(file.as_fd().try_clone_to_owned().unwrap()).unwrap();
        let (window, view) = (
            file.window(FAR, GRAIN).unwrap(),
            theirs.view(FAR, GRAIN).unwrap(),
        );
        window.word(GRAIN - 8).store(7, Ordering::SeqCst);
        assert_eq!(view.load(GRAIN - 8), 7);
        let bytes: Vec<u8> = (1..=19).collect();
        // SAFETY: nobody else accesses this window.
        unsafe { window.bytes_mut(8..27) }.copy_from_slice(&bytes);
        let mut copy = vec![99];
        view.copy_to(8, 19, &mut copy);
        assert_eq!(copy[1..], bytes);
        assert_eq!(copy[0], 99);
        let blocks = fstat(&file).unwrap().st_blocks;
        assert!(blocks <= 2 * 64 * 2, "{blocks} blocks for two pages");
        file.discard(FAR, GRAIN as u64).unwrap();
        assert_eq!(view.load(8), 0);
    }

    #[test]
    fn what_is_copied_is_what_is_there_however_long() {
        let file = file();
        let window = file.window(0, GRAIN).unwrap();
        let all: Vec<u8> = (0..GRAIN).map(|at| (at * 7 / 5) as u8).collect();
        // SAFETY: nobody else accesses the memory meanwhile.
        unsafe { window.bytes_mut(0..GRAIN) }.copy_from_slice(&all);
        for (at, len) in [
            (0, 1),
            (8, 2040),
            (16, 2041),
            (8, 2048),
            (24, 5001),
            (0, GRAIN),
        ] {
            let mut copy = vec![1, 2, 3];
            window.copy_to(at, len, &mut copy);
            assert_eq!(copy[..3], [1, 2, 3]);
            assert_eq!(copy[3..], all[at..at + len]);
        }
    }

    #[test]
    fn to_prepare_for_writing_changes_nothing_also_where_nothing_is() {
        let file = file();
        let window = file.window(0, GRAIN).unwrap();
        window.word(8).store(7, Ordering::SeqCst);
        for (begin, end) in [
            (0, 9),
            (9, GRAIN - 1),
            (GRAIN - 1, GRAIN),
            (GRAIN, usize::MAX),
        ] {
            window.prepare_to_write(begin..end);
        }
        assert_eq!(window.word(8).load(Ordering::SeqCst), 7);
    }

    #[test]
    fn parts_that_do_not_exist_cannot_be_mapped() {
        let file = file();
        assert!(file.window(FAR + (1 << 20), GRAIN).is_err());
        assert!(file.view(FAR, 2 << 20).is_err());
        assert!(file.view(4096 + 1, GRAIN).is_err());
        assert!(file.window(u64::MAX - GRAIN as u64 + 1, GRAIN).is_err());
    }

    #[test]
    fn the_right_to_write_can_be_taken_and_given_back() {
        let file = file();
        let window = file.window(0, GRAIN).unwrap();
        window.word(0).store(1, Ordering::SeqCst);
        window.allow_writing(8, false).unwrap();
        assert_eq!(window.word(0).load(Ordering::SeqCst), 1);
        window.allow_writing(8, true).unwrap();
        window.word(0).store(2, Ordering::SeqCst);
        assert_eq!(window.word(0).load(Ordering::SeqCst), 2);
    }

    #[test]
    fn memory_that_may_shrink_is_refused() {
        let descriptor = memfd_create("test", MemfdFlags::ALLOW_SEALING).unwrap();
        assert!(SharedFile::adopt(descriptor).is_err());
    }
}
