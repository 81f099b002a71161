//! What agents write down, before and after each step. A record is one write to a file of the agent's own,
//! opened to append: what was written survives the process, at whatever moment it is killed.
//!
//! | line | means |
//! | --- | --- |
//! | `s id` | who this is |
//! | `i n kind to` | message `n` is about to be sent |
//! | `o n copies missed..` | it was accepted by so many, and not by these |
//! | `b n` | it was given back: nobody has it |
//! | `u n` | it is not known what has become of it |
//! | `r kind key n` | message `n` of that sender was begun |
//! | `e` | and is done |
//! | `x text` | something is wrong |

use multitools::AgentId;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// The kinds of messages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// To one agent.
    Direct,
    /// To one agent, which answers.
    Ask,
    /// To everybody.
    Cast,
    /// To whoever listens.
    News,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 4] = [Kind::Direct, Kind::Ask, Kind::Cast, Kind::News];

    /// The stable name of the message.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Direct => "direct",
            Kind::Ask => "ask",
            Kind::Cast => "cast",
            Kind::News => "news",
        }
    }

    /// The kind with that name.
    pub fn of(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The file of one process.
pub struct Pen(File);

impl Pen {
    /// Begins the file of one incarnation of an agent.
    pub fn new(folder: &str, key: &str, id: AgentId) -> Pen {
        let path = Path::new(folder).join(key);
        let file = OpenOptions::new().create_new(true).append(true).open(path);
        let mut pen = Pen(file.unwrap());
        pen.write(&format!("s {id}"));
        pen
    }

    fn write(&mut self, line: &str) {
        // One write: it is there or it is not.
        let written = self.0.write(format!("{line}\n").as_bytes()).unwrap();
        assert_eq!(written, line.len() + 1);
    }

    pub fn intend(&mut self, n: u64, kind: Kind, to: &str) {
        self.write(&format!("i {n} {} {to}", kind.name()));
    }

    pub fn accepted(&mut self, n: u64, copies: usize, missed: &[String]) {
        self.write(&format!("o {n} {copies} {}", missed.join(" ")));
    }

    pub fn given_back(&mut self, n: u64) {
        self.write(&format!("b {n}"));
    }

    pub fn unknown(&mut self, n: u64) {
        self.write(&format!("u {n}"));
    }

    pub fn begun(&mut self, kind: Kind, key: &str, n: u64) {
        self.write(&format!("r {} {key} {n}", kind.name()));
    }

    pub fn done(&mut self) {
        self.write("e");
    }

    pub fn wrong(&mut self, what: &str) {
        self.write(&format!("x {what}"));
    }
}

/// One line, read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    Is(String),
    Intended {
        n: u64,
        kind: Kind,
        to: String,
    },
    Accepted {
        n: u64,
        copies: u64,
        missed: Vec<String>,
    },
    GivenBack {
        n: u64,
    },
    Unknown {
        n: u64,
    },
    Begun {
        kind: Kind,
        key: String,
        n: u64,
    },
    Done,
    Wrong(String),
}

/// Reads the file of one process.
pub fn read(path: &Path) -> Vec<Record> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| parse(line).unwrap_or_else(|| Record::Wrong(format!("no record: {line}"))))
        .collect()
}

fn parse(line: &str) -> Option<Record> {
    let mut words = line.split_whitespace();
    let what = words.next()?;
    if what == "x" {
        return Some(Record::Wrong(line.to_owned()));
    }
    if what == "s" {
        return Some(Record::Is(words.next()?.to_owned()));
    }
    if what == "e" {
        return Some(Record::Done);
    }
    if what == "r" {
        return Some(Record::Begun {
            kind: Kind::of(words.next()?)?,
            key: words.next()?.to_owned(),
            n: words.next()?.parse().ok()?,
        });
    }
    let n = words.next()?.parse().ok()?;
    Some(match what {
        "i" => Record::Intended {
            n,
            kind: Kind::of(words.next()?)?,
            to: words.next()?.to_owned(),
        },
        "o" => Record::Accepted {
            n,
            copies: words.next()?.parse().ok()?,
            missed: words.map(str::to_owned).collect(),
        },
        "b" => Record::GivenBack { n },
        "u" => Record::Unknown { n },
        _ => return None,
    })
}
