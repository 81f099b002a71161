//! The header blocks that announce one entry of a tar stream.

use super::attributes::Attributes;
use super::pax::PaxRecords;
use tar::{EntryType, Header};

/// The size of a header and the granularity of a tar stream.
pub const RECORD_SIZE: usize = 512;

/// The largest number that eleven octal digits hold: sizes (8 GiB) and times.
const MAX_OCTAL_11: u64 = 0o77_777_777_777;
/// The largest number that seven octal digits hold: owners.
const MAX_OCTAL_7: u64 = 0o7_777_777;

/// What the header of an entry says.
#[derive(Debug)]
pub struct EntryHeader<'a> {
    /// The name in the archive; that of a folder ends with a slash.
    pub name: &'a [u8],
    /// Which kind of entry.
    pub kind: EntryType,
    /// The target of a symbolic link, or the name in the archive a hard link stands for; else empty.
    pub link: &'a [u8],
    /// How many bytes of content follow.
    pub size: u64,
    /// The rest.
    pub attributes: Attributes,
}

impl EntryHeader<'_> {
    /// The header, preceded by what its fixed fields are too small for.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 * RECORD_SIZE);
        let header = self.fixed_fields();
        // A `pax` name has to be UTF-8, a GNU one may be any bytes, and every reader knows both.
        if self.name.len() > header.as_old().name.len() {
            append_special_entry(&mut bytes, EntryType::GNULongName, &with_nul(self.name));
        }
        if self.link.len() > header.as_old().linkname.len() {
            append_special_entry(&mut bytes, EntryType::GNULongLink, &with_nul(self.link));
        }
        if let Some(records) = self.large_numbers().bytes() {
            append_special_entry(&mut bytes, EntryType::XHeader, records);
        }
        bytes.extend_from_slice(header.as_bytes());
        bytes
    }

    fn large_numbers(&self) -> PaxRecords {
        let mut records = PaxRecords::default();
        let modified = self.attributes.modified;
        if modified.nanoseconds != 0 || !fits(modified.seconds, MAX_OCTAL_11) {
            records.add("mtime", &modified.to_decimal());
        }
        let numbers = [
            ("size", self.size, MAX_OCTAL_11),
            ("uid", self.attributes.uid, MAX_OCTAL_7),
            ("gid", self.attributes.gid, MAX_OCTAL_7),
        ];
        for (key, number, limit) in numbers {
            if !fits(number, limit) {
                records.add(key, &number.to_string());
            }
        }
        records
    }

    fn fixed_fields(&self) -> Header {
        let mut header = Header::new_ustar();
        let old = header.as_old_mut();
        copy_what_fits(&mut old.name, self.name);
        copy_what_fits(&mut old.linkname, self.link);
        header.set_entry_type(self.kind);
        header.set_mode(self.attributes.mode);
        header.set_uid(self.attributes.uid);
        header.set_gid(self.attributes.gid);
        header.set_size(self.size);
        let seconds = u64::try_from(self.attributes.modified.seconds).unwrap_or(0);
        header.set_mtime(seconds.min(MAX_OCTAL_11));
        if let Some(ustar) = header.as_ustar_mut() {
            ustar.set_device_major(self.attributes.device.0);
            ustar.set_device_minor(self.attributes.device.1);
        }
        header.set_cksum();
        header
    }
}

fn fits(number: impl TryInto<u64>, limit: u64) -> bool {
    number.try_into().is_ok_and(|number| number <= limit)
}

/// Appends an entry that says more about the next one.
fn append_special_entry(bytes: &mut Vec<u8>, kind: EntryType, content: &[u8]) {
    let name: &[u8] = match kind {
        EntryType::XHeader => b"././@PaxHeader",
        _ => b"././@LongLink",
    };
    let mut header = Header::new_ustar();
    copy_what_fits(&mut header.as_old_mut().name, name);
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(content.len() as u64);
    header.set_cksum();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(RECORD_SIZE), 0);
}

fn with_nul(name: &[u8]) -> Vec<u8> {
    [name, b"\0"].concat()
}

fn copy_what_fits(field: &mut [u8], value: &[u8]) {
    for (to, from) in field.iter_mut().zip(value) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests {
    use super::super::attributes::Timestamp;
    use super::*;

    const PLAIN: EntryHeader<'static> = EntryHeader {
        name: b"tree/file",
        kind: EntryType::Regular,
        link: b"",
        size: 5,
        attributes: Attributes {
            mode: 0o4755,
            uid: 1,
            gid: 2,
            modified: Timestamp {
                seconds: 1_000_000_000,
                nanoseconds: 0,
            },
            device: (0, 0),
        },
    };

    /// The extended records of an encoded header, as a reader of tar streams finds them.
    fn records(header: &EntryHeader<'_>) -> Vec<(String, Vec<u8>)> {
        let bytes = header.encode();
        let mut archive = tar::Archive::new(bytes.as_slice());
        let mut entry = archive.entries().unwrap().next().unwrap().unwrap();
        assert_eq!(entry.path_bytes().as_ref(), header.name);
        assert_eq!(entry.size(), header.size);
        let Some(extensions) = entry.pax_extensions().unwrap() else {
            return Vec::new();
        };
        extensions
            .map(|extension| extension.unwrap())
            .map(|extension| {
                (
                    extension.key().unwrap().into(),
                    extension.value_bytes().into(),
                )
            })
            .collect()
    }

    #[test]
    fn a_plain_entry_needs_one_record() {
        assert_eq!(PLAIN.encode().len(), RECORD_SIZE);
        assert_eq!(records(&PLAIN), []);
    }

    #[test]
    fn large_numbers_go_into_extended_records() {
        let header = EntryHeader {
            size: 9 << 30,
            attributes: Attributes {
                uid: 3_000_000,
                modified: Timestamp {
                    seconds: -2,
                    nanoseconds: 500_000_000,
                },
                ..PLAIN.attributes
            },
            ..PLAIN
        };
        let expected = [
            ("mtime", b"-1.500000000".to_vec()),
            ("size", b"9663676416".to_vec()),
            ("uid", b"3000000".to_vec()),
        ];
        assert_eq!(
            records(&header),
            expected.map(|(key, value)| (key.to_owned(), value))
        );
    }

    #[test]
    fn names_of_any_length_and_bytes_are_read_back() {
        for length in [100, 101, 512, 5_000] {
            let name = vec![0xff; length];
            let link = vec![0xfe; length];
            let header = EntryHeader {
                name: &name,
                link: &link,
                kind: EntryType::Symlink,
                size: 0,
                ..PLAIN
            };
            // Checks the name.
            assert_eq!(records(&header), []);
            let bytes = header.encode();
            assert_eq!(bytes.len() == RECORD_SIZE, length <= 100);
            let mut archive = tar::Archive::new(bytes.as_slice());
            let entry = archive.entries().unwrap().next().unwrap().unwrap();
            assert_eq!(entry.link_name_bytes().unwrap().as_ref(), link);
        }
    }
}
