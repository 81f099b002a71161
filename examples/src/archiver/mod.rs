//! What the archiver does, without the agents that do it: `tar` and `gzip` in one, on all cores.
//!
//! ```text
//! folder --pack--> tar stream --BlockCutter--> blocks of 1 MiB --BlockCompressor--> gzip members
//!        --OrderedWriter--> Draft --commit--> archive.tar.gz
//! ```
//!
//! A gzip file may be any number of gzip members one after the other, so each block becomes a member of
//! its own and blocks are compressed at the same time, wherever. The archive depends on the tree alone:
//! neither the number of compressors nor their order shows in its bytes.
//!
//! What is stored of a tree is what `tar` stores: names and link targets of any bytes, modes, numeric
//! owners, times to the nanosecond, hard links. Not stored: the names of owners, extended attributes, the
//! holes of sparse files.

mod attributes;
mod compress;
mod cutter;
mod display;
mod draft;
mod hard_links;
mod header;
mod job;
mod note;
mod ordered;
mod pack;
mod path_bytes;
mod pax;
mod summary;
mod target;
mod window;

pub use compress::{BlockCompressor, CompressError};
pub use cutter::{BLOCK_SIZE, Sink};
pub use display::Display;
pub use draft::{Draft, DraftError};
pub use job::{Job, JobError, Source};
pub use note::Note;
pub use ordered::{OrderError, OrderedWriter};
pub use pack::{Packed, pack};
pub use path_bytes::PathBytes;
pub use summary::Summary;
pub use target::Target;
pub use window::Window;
