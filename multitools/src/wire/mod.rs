//! Bytes without I/O: how values are encoded and how frames are laid out.

pub mod bytes;
pub mod codec;
pub mod frame;
mod narrow;
