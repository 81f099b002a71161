//! Names for people: the last segment of a path, and the whole of it where that is not enough.

use std::collections::BTreeMap;

/// The last segment of a path. Names that were given in so many words stay as they are.
pub(super) fn short(name: &'static str) -> &'static str {
    let name = name.strip_prefix("multitools.").unwrap_or(name);
    name.rsplit("::").next().unwrap_or(name)
}

/// How often each short name occurs.
pub(super) struct Names(BTreeMap<&'static str, usize>);

impl Names {
    pub(super) fn of(names: impl Iterator<Item = &'static str>) -> Names {
        let mut counts = BTreeMap::new();
        for name in names {
            *counts.entry(name).or_default() += 1;
        }
        Names(counts)
    }

    /// The short name if nothing else bears it, otherwise both.
    pub(super) fn unique(&self, short: &str, whole: &str) -> String {
        match self.0.get(short) {
            Some(2..) if whole.ends_with(short) => whole.to_owned(),
            Some(2..) => format!("{short} ({whole})"),
            _ => short.to_owned(),
        }
    }
}
