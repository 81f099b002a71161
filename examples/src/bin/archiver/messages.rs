//! What the agents tell each other.

use multitools::message;

/// A piece of the tar stream, for a compressor; for the writer if all compressors fail at it.
#[message]
pub struct Block<'a> {
    pub sequence: u64,
    pub data: &'a [u8],
}

/// The same piece compressed, for the writer.
#[message]
pub struct Member<'a> {
    pub sequence: u64,
    pub data: &'a [u8],
}

/// How many members are written by now, for the reader.
#[message]
pub struct Written {
    pub members: u64,
}

/// The compressor that had this block has room for one more, for the reader.
#[message]
pub struct Ready {
    pub sequence: u64,
}

/// The reader has seen everything, for the writer.
#[message]
pub struct EndOfStream {
    pub blocks: u64,
    pub bytes: u64,
    pub files: u64,
    pub losses: u64,
}

/// What there is to tell the user meanwhile.
#[message]
pub enum Progress {
    Advance(Advance),
    Remark(Remark),
    Done,
}

/// How far the archive is.
#[message(extends = Progress)]
pub struct Advance {
    pub bytes_in: u64,
    pub bytes_out: u64,
}

/// Something is to be said about a single file.
#[message(extends = Progress)]
pub struct Remark {
    pub text: String,
}
