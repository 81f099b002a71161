//! The only door to the operating system.

pub(crate) mod clock;
pub(crate) mod descriptors;
pub(crate) mod futex;
pub(crate) mod limits;
mod mapping;
pub(crate) mod memory_kills;
pub(crate) mod process;
pub(crate) mod processor;
pub(crate) mod shared_file;
pub(crate) mod shared_words;
pub(crate) mod signals;
pub(crate) mod stdin;

#[cfg(not(target_os = "linux"))]
compile_error!(
    "multitools runs on Linux; another system needs its own half of the module `sys` first"
);
