//! Bytes without I/O: how values are encoded and how frames are laid out.

pub(crate) mod body;
pub mod bytes;
pub mod codec;
pub(crate) mod decoder;
pub mod frame;
pub(crate) mod head;
pub(crate) mod parcel;
pub(crate) mod sink;
