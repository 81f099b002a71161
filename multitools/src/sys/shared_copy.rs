//! Copying out of memory that other processes write to.

#![allow(unsafe_code)]

use super::mapping::Mapping;
use super::shared_file::WORD;
use std::sync::atomic::{AtomicU64, Ordering};

/// From so many bytes on the processor's own copying is quicker: by a fourteenth at 2 KiB, a quarter at 8.
const LONG: usize = 2 << 10;

/// Copies out. What another process writes meanwhile, against the protocol, makes other bytes of the copy, and
/// nothing else.
#[inline]
pub(super) fn copy_words(map: &Mapping, at: usize, len: usize, buffer: &mut Vec<u8>) {
    let padded = len.next_multiple_of(WORD);
    assert!(at.is_multiple_of(WORD) && at <= map.len() && map.len() - at >= padded);
    buffer.reserve(padded);
    let begin = buffer.len();
    // SAFETY: source: the words from `at` lie inside the mapping (asserted), which is readable, aligned
    // and lives through the call. Target: `padded` bytes of spare capacity from `begin` (just reserved), which
    // nothing else refers to; `len <= padded` of them are initialised when the length is set.
    unsafe {
        let source = map.start().add(at).cast();
        let target = buffer.as_mut_ptr().add(begin).cast();
        match padded {
            LONG.. => copy_long(source, target, padded),
            _ => copy_short(source, target, padded),
        }
        buffer.set_len(begin + len);
    }
}

/// Copies so many bytes, whole words, which may change meanwhile: each word is one atomic read.
///
/// # Safety
///
/// The words at `source` are aligned and readable, the bytes at `target` writable, and they do not overlap.
#[inline]
unsafe fn copy_short(source: *const AtomicU64, target: *mut u64, len: usize) {
    for word in 0..len / WORD {
        // SAFETY: the caller vouches for both; the target is written without alignment.
        unsafe {
            let value = (*source.add(word)).load(Ordering::Relaxed);
            target.add(word).write_unaligned(value);
        }
    }
}

/// Does the same by an instruction that the compiler knows nothing of.
///
/// # Safety
///
/// As for [`copy_short`].
#[cfg(target_arch = "x86_64")]
unsafe fn copy_long(source: *const AtomicU64, target: *mut u64, len: usize) {
    // SAFETY: the caller vouches for both; the instruction touches nothing else, and goes upwards, as the
    // direction flag is clear wherever code of Rust runs.
    unsafe {
        std::arch::asm!(
            "rep movsb",
            inout("rcx") len => _,
            inout("rsi") source => _,
            inout("rdi") target => _,
            options(nostack, preserves_flags),
        );
    }
}
#[cfg(not(target_arch = "x86_64"))]
use copy_short as copy_long;
