//! What a tar header says of a file beside its name.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// The attributes of a file that an archive keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Permissions with the setuid, setgid and sticky bits.
    pub mode: u32,
    /// The owner's number.
    pub uid: u64,
    /// The group's number.
    pub gid: u64,
    /// The time of the last change of the content.
    pub modified: Timestamp,
    /// For a device, which one: major and minor number.
    pub device: (u32, u32),
}

impl From<&Metadata> for Attributes {
    fn from(metadata: &Metadata) -> Attributes {
        let device = metadata.rdev();
        Attributes {
            mode: metadata.mode() & 0o7777,
            uid: metadata.uid().into(),
            gid: metadata.gid().into(),
            modified: Timestamp::of(metadata),
            device: (rustix::fs::major(device), rustix::fs::minor(device)),
        }
    }
}

/// A point in time: seconds since 1970, negative before, and nanoseconds after that second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timestamp {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Nanoseconds after that second, below a thousand million.
    pub nanoseconds: i64,
}

impl Timestamp {
    /// When the file's content was last changed.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Timestamp {
        Timestamp {
            seconds: metadata.mtime(),
            nanoseconds: metadata.mtime_nsec(),
        }
    }

    /// As a decimal fraction of seconds.
    #[must_use]
    pub fn to_decimal(self) -> String {
        match (self.seconds, self.nanoseconds) {
            (seconds, 0) => seconds.to_string(),
            // -1.25 s is kept as two seconds before 1970 and 0.75 s after that.
            (seconds, nanoseconds) if seconds < 0 => {
                format!("-{}.{:09}", -(seconds + 1), 1_000_000_000 - nanoseconds)
            }
            (seconds, nanoseconds) => format!("{seconds}.{nanoseconds:09}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_decimal_fractions_on_both_sides_of_1970() {
        let text = |seconds, nanoseconds| {
            Timestamp {
                seconds,
                nanoseconds,
            }
            .to_decimal()
        };
        assert_eq!(text(0, 0), "0");
        assert_eq!(text(1_700_000_000, 5), "1700000000.000000005");
        assert_eq!(text(-7, 0), "-7");
        assert_eq!(text(-2, 750_000_000), "-1.250000000");
        assert_eq!(text(-1, 1), "-0.999999999");
    }
}
