//! The only door to the operating system.

pub(crate) mod clock;
pub(crate) mod descriptors;
pub(crate) mod futex;
pub(crate) mod group;
pub(crate) mod limits;
mod mapping;
mod memory_file;
pub(crate) mod memory_kills;
pub(crate) mod output;
pub(crate) mod process;
pub(crate) mod processor;
mod shared_copy;
pub(crate) mod shared_file;
pub(crate) mod shared_words;
pub(crate) mod signals;
pub(crate) mod stdin;
pub(crate) mod text;
pub(crate) mod timer;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What a file says that the system makes up when it is read: it has no size, so that more than one reading
/// needs room from the first.
fn read_text(path: impl AsRef<Path>) -> io::Result<String> {
    const ROOM: usize = 8 << 10;
    let mut text = String::with_capacity(ROOM);
    File::open(path)?.read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(not(target_os = "linux"))]
compile_error!(
    "multitools runs on Linux; another system needs its own half of the module `sys` first"
);
