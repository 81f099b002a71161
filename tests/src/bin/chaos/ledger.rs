//! The records of a run, in order: what each incarnation has sent and begun.

use super::records::{Kind, Record, read};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// What became of a message, as its sender knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// So many have it; these do not.
    Accepted(u64, Vec<String>),
    /// Nobody has it.
    GivenBack,
    /// It may have been accepted.
    Open,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Sent {
    pub kind: Kind,
    pub to: String,
    pub fate: Fate,
}

/// A message that was begun.
#[derive(Clone, Debug)]
pub struct Begun {
    pub kind: Kind,
    pub key: String,
    pub n: u64,
    /// Whether it was also done.
    pub done: bool,
}

/// What one process has written.
#[derive(Default, Debug)]
pub struct Pages {
    pub id: String,
    pub sent: BTreeMap<u64, Sent>,
    pub begun: Vec<Begun>,
    pub wrong: Vec<String>,
}

/// All of a run, by incarnation: `label@incarnation`.
pub struct Ledger(pub HashMap<String, Pages>);

/// The label in a key.
pub fn label(key: &str) -> &str {
    key.split('@').next().unwrap_or(key)
}

/// The incarnation in a key.
pub fn incarnation(key: &str) -> u16 {
    key.rsplit('@')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

impl Ledger {
    pub fn read(folder: &Path) -> Ledger {
        let files = std::fs::read_dir(folder).unwrap().flatten();
        Ledger(
            files
                .filter(|file| file.file_type().unwrap().is_file())
                .map(|file| {
                    let key = file.file_name().to_string_lossy().into_owned();
                    (key, pages(read(&file.path())))
                })
                .collect(),
        )
    }
}

fn pages(records: Vec<Record>) -> Pages {
    let mut pages = Pages::default();
    for record in records {
        match record {
            Record::Is(id) => pages.id = id,
            Record::Intended { n, kind, to } => {
                let fate = Fate::Open;
                pages.sent.insert(n, Sent { kind, to, fate });
            }
            Record::Accepted { n, copies, missed } => {
                settle(&mut pages, n, Fate::Accepted(copies, missed));
            }
            Record::GivenBack { n } => settle(&mut pages, n, Fate::GivenBack),
            Record::Unknown { .. } => {}
            Record::Begun { kind, key, n } => {
                let done = false;
                pages.begun.push(Begun { kind, key, n, done });
            }
            Record::Done => {
                if let Some(last) = pages.begun.last_mut() {
                    last.done = true;
                }
            }
            Record::Wrong(what) => pages.wrong.push(what),
        }
    }
    pages
}

fn settle(pages: &mut Pages, n: u64, fate: Fate) {
    match pages.sent.get_mut(&n) {
        Some(sent) => sent.fate = fate,
        None => pages
            .wrong
            .push(format!("message {n} was settled and not sent")),
    }
}
