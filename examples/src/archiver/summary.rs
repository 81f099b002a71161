//! The closing line.

use indicatif::HumanBytes;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a finished archive is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Files, links and other entries, apart from folders.
    pub files: u64,
    /// The size of the tar stream.
    pub bytes_in: u64,
    /// The size of the archive.
    pub bytes_out: u64,
    /// How long it took.
    pub seconds: f64,
    /// How many files are missing or damaged in the archive.
    pub losses: u64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.files == 1 { "" } else { "s" };
        // A stream is never empty: it has an end mark.
        let percent = 100.0 * self.bytes_out as f64 / self.bytes_in as f64;
        write!(
            f,
            "{} file{plural}, {} in, {} out, {percent:.1} %, {:.2} s",
            self.files,
            HumanBytes(self.bytes_in),
            HumanBytes(self.bytes_out),
            self.seconds
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_files_bytes_ratio_and_time() {
        let summary = Summary {
            files: 1,
            bytes_in: 3 << 20,
            bytes_out: 1 << 20,
            seconds: 0.5,
            losses: 0,
        };
        assert_eq!(
            summary.to_string(),
            "1 file, 3.00 MiB in, 1.00 MiB out, 33.3 %, 0.50 s"
        );
    }
}
