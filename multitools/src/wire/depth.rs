//! How deep a value may be nested.
//!
//! `rmp-serde` counts arrays and maps, and stops at 1024. Around values in variants of enums, in options and
//! in newtypes it counts nothing, so a few bytes for each level could overflow the stack of whoever reads
//! them.

use serde::de::Error;
use std::cell::Cell;

/// How many variants, options and newtypes may be around a value. Their frames are deeper than those of
/// arrays.
pub(super) const DEEPEST: u32 = 512;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// One level, until it is dropped.
pub(super) struct Level(());

impl Level {
    #[inline]
    pub(super) fn enter<E: Error>() -> Result<Level, E> {
        let depth = DEPTH.get();
        if depth >= DEEPEST {
            return Err(too_deep());
        }
        DEPTH.set(depth + 1);
        Ok(Level(()))
    }
}

impl Drop for Level {
    #[inline]
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

#[cold]
#[inline(never)]
fn too_deep<E: Error>() -> E {
    E::custom(format_args!("it is nested deeper than {DEEPEST}"))
}
