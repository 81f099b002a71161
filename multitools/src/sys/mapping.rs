//! A part of a file in the address space.

#![allow(unsafe_code)]

use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap, mmap_anonymous, mprotect, munmap};
use std::ffi::c_void;
use std::io;
use std::os::fd::BorrowedFd;
use std::ptr::{NonNull, null_mut};

/// The size of a large page. Mappings that are at least as large begin at a multiple of it, as far as
/// their place in the file does.
pub(super) const LARGE_PAGE: usize = 2 << 20;

/// Owns a range of addresses and gives it back when dropped.
pub(super) struct Mapping {
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: a mapping is memory, which belongs to the process and not to a thread; what of it may be
// accessed when is up to whoever holds it, as with any pointer.
unsafe impl Send for Mapping {}
// SAFETY: as above; the methods only read the address and the length, or change the protection of all
// of it, which the system does atomically.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Maps `len` bytes of a file from `offset`, to read or to read and write.
    pub(super) fn new(
        file: BorrowedFd<'_>,
        offset: u64,
        len: usize,
        writable: bool,
    ) -> io::Result<Mapping> {
        let protection = match writable {
            true => ProtFlags::READ | ProtFlags::WRITE,
            false => ProtFlags::READ,
        };
        if len < LARGE_PAGE {
            // SAFETY: without an address of ours and without `FIXED`, the system chooses addresses that
            // nothing else is at.
            let start =
                unsafe { mmap(null_mut(), len, protection, MapFlags::SHARED, file, offset)? };
            return Mapping::at(start, len);
        }
        let reserved = Mapping::reserve(len + LARGE_PAGE)?;
        let into_page = reserved.start.as_ptr().addr() % LARGE_PAGE;
        let skip = (LARGE_PAGE - into_page) % LARGE_PAGE;
        let flags = MapFlags::SHARED | MapFlags::FIXED;
        // SAFETY: the range is inside `reserved` (`skip` is less than a large page), which is ours and
        // which nobody has a pointer to.
        let start = unsafe {
            let target = reserved.start.as_ptr().add(skip).cast::<c_void>();
            mmap(target, len, protection, flags, file, offset)?
        };
        reserved.cut_down_to(skip, len);
        Mapping::at(start, len)
    }

    fn at(start: *mut c_void, len: usize) -> io::Result<Mapping> {
        let start = NonNull::new(start.cast());
        let start = start.ok_or_else(|| io::Error::other("memory was mapped at address nought"))?;
        Ok(Mapping { start, len })
    }

    fn reserve(len: usize) -> io::Result<Mapping> {
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: as in `new`: the system chooses the addresses.
        let start = unsafe { mmap_anonymous(null_mut(), len, ProtFlags::empty(), flags)? };
        Mapping::at(start, len)
    }

    /// Gives back what is before and behind a part, which is somebody else's from now on.
    fn cut_down_to(self, skip: usize, len: usize) {
        let (start, whole) = (self.start.as_ptr(), self.len);
        std::mem::forget(self);
        for (begin, len) in [(0, skip), (skip + len, whole - skip - len)] {
            if len > 0 {
                // SAFETY: this part of the reserved range is ours, nobody has a pointer to it, and it is
                // given back once, since `self` is forgotten.
                let gone = unsafe { munmap(start.add(begin).cast(), len) };
                debug_assert!(gone.is_ok());
            }
        }
    }

    pub(super) fn start(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Lets this process write to the first `len` bytes, rounded up to pages, or forbids it.
    pub(super) fn allow_writing(&self, len: usize, allowed: bool) -> io::Result<()> {
        let flags = match allowed {
            true => MprotectFlags::READ | MprotectFlags::WRITE,
            false => MprotectFlags::READ,
        };
        let len = len.min(self.len);
        // SAFETY: the range is ours. Where writing is forbidden, a store faults, which is what is wanted;
        // reading is allowed before and after.
        unsafe { mprotect(self.start().cast(), len, flags)? };
        Ok(())
    }

    /// Asks the system to put the first `len` bytes into large pages.
    pub(super) fn collapse(&self, len: usize) -> io::Result<()> {
        let len = len.min(self.len) / LARGE_PAGE * LARGE_PAGE;
        // SAFETY: the range is ours; `MADV_COLLAPSE` changes how it is backed, not what is in it.
        let done = unsafe { libc::madvise(self.start().cast(), len, libc::MADV_COLLAPSE) };
        match done {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the range is ours, and whoever had pointers into it borrowed `self`.
        let gone = unsafe { munmap(self.start().cast(), self.len) };
        debug_assert!(gone.is_ok());
    }
}
