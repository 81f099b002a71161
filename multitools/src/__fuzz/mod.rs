//! What the fuzz targets call: everything that reads what a peer has written. The tests here drive the same
//! functions on a stable toolchain, with less noise.

mod control;
mod decoding;
#[cfg(test)]
mod tests;

pub use control::control;
pub use decoding::decoding;

use crate::transport::{ring_noise, socket_noise};
use crate::wire::frame::{Frame, FrameReader};

/// Bytes of a ring and of the words beside it.
pub fn ring(bytes: &[u8]) {
    // A lack of memory is nobody's fault.
    let _ = ring_noise::read(bytes);
}

/// What somebody who has connected sends first, and then.
pub fn handshake(bytes: &[u8]) {
    let _ = socket_noise::read(bytes);
}

/// Bytes of a socket, in pieces of a length that the first of them says.
pub fn frames(bytes: &[u8]) {
    const LIMIT: usize = 1000;
    let Some((cut, bytes)) = bytes.split_first() else {
        return;
    };
    let mut reader = FrameReader::new(LIMIT);
    for piece in bytes.chunks(usize::from(*cut).max(1)) {
        let read = reader.push(piece, |frame| {
            if let Frame::Message { body, .. } = frame {
                assert!(body.len() <= LIMIT);
            }
            Ok(())
        });
        if read.is_err() {
            return;
        }
    }
}
