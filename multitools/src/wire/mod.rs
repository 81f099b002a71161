//! Bytes without I/O: how values are encoded and how frames are laid out.

pub(crate) mod body;
pub mod bytes;
pub mod codec;
mod depth;
pub mod frame;
pub(crate) mod head;
mod narrow;
pub(crate) mod parcel;
pub(crate) mod sink;
