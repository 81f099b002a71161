//! What the peers are asked to do.

pub mod archiver;
pub mod commands;
pub mod streams;
pub mod trips;

/// The message of all peers: a number, and a text of 16 bytes or 1 KiB.
#[multitools::message]
#[derive(Clone, Debug)]
pub struct Text {
    pub seq: u64,
    pub text: String,
}

impl Text {
    /// The first one with a text of so many bytes.
    pub fn of(bytes: usize) -> Text {
        Text {
            seq: 0,
            text: "sixteen letters!".repeat(bytes.div_ceil(16)),
        }
    }
}
