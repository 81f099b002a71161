//! Extended headers: numbers that the fixed fields of a tar header cannot hold (POSIX `pax`).

/// The records of one entry's extended header, `length key=value\n` each.
#[derive(Debug, Default)]
pub struct PaxRecords(String);

impl PaxRecords {
    /// Adds a record.
    pub fn add(&mut self, key: &str, value: &str) {
        let rest = format!(" {key}={value}\n");
        let length = record_length(rest.len());
        self.0.push_str(&length.to_string());
        self.0.push_str(&rest);
    }

    /// The records, `None` when there are none.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        (!self.0.is_empty()).then_some(self.0.as_bytes())
    }
}

/// The length of a record counts its own digits too.
fn record_length(rest: usize) -> usize {
    let mut length = rest + 1;
    while length != rest + digits(length) {
        length = rest + digits(length);
    }
    length
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_counts_its_own_digits() {
        for rest in 4..2_000 {
            let length = record_length(rest);
            assert_eq!(length, rest + length.to_string().len());
        }
    }

    #[test]
    fn records_have_the_form_of_posix() {
        let mut records = PaxRecords::default();
        assert_eq!(records.bytes(), None);
        records.add("mtime", "1.5");
        records.add("uid", "3000000");
        let expected = b"13 mtime=1.5\n15 uid=3000000\n";
        assert_eq!(records.bytes(), Some(&expected[..]));
    }
}
