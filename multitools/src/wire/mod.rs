//! Bytes without I/O: how values are encoded and how frames are laid out.

pub(crate) mod body;
pub mod bytes;
pub mod codec;
pub(crate) mod decoder;
mod encoder;
pub mod frame;
pub(crate) mod head;
pub(crate) mod parcel;
#[cfg(test)]
mod samples;
pub(crate) mod sink;
