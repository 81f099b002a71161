//! How notices and reports are written: for people, with colours on a terminal that shows them, or a line
//! of JSON each for programs (rule R13).

use super::{Notice, Report};
use crate::transport;
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::fmt::Write;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// In the environment of a program: `json` to have its notices and reports as JSON, `text` for what holds
/// without it.
const CHOICE: &str = "MULTITOOLS_REPORT";

/// What the environment of a program may ask for: of which variable, which values, and what holds otherwise.
static CHOICES: [(&str, [&str; 2], &str); 2] = [
    (CHOICE, ["json", "text"], "reports are text"),
    (
        transport::CHOICE,
        ["socket", "memory"],
        "messages travel through shared memory",
    ),
];

/// How to write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wording {
    Plain,
    Coloured,
    Json,
}

impl Wording {
    /// What the environment asks of the standard error. `anstream` knows `NO_COLOR` and its relatives.
    pub(super) fn of_standard_error() -> Wording {
        if std::env::var_os(CHOICE).is_some_and(|choice| choice == "json") {
            return Wording::Json;
        }
        match anstream::AutoStream::choice(&io::stderr()) {
            anstream::ColorChoice::Never => Wording::Plain,
            _ => Wording::Coloured,
        }
    }

    /// What to say of an environment that asks for what there is not: once in a process, since all of its
    /// runs would say the same.
    pub(super) fn complaints() -> Vec<String> {
        static ASKED: AtomicBool = AtomicBool::new(false);
        if ASKED.swap(true, Ordering::Relaxed) {
            return Vec::new();
        }
        let complaint = |(name, known, otherwise): &(&str, [&str; 2], &str)| {
            let choice = std::env::var_os(name)?;
            let [one, other] = known;
            let is_known = choice.is_empty() || choice == *one || choice == *other;
            let choice = harmless(&choice.to_string_lossy());
            (!is_known).then(|| {
                format!(
                    "multitools: {name} is `{choice}`, which is neither `{one}` nor `{other}`: {otherwise}"
                )
            })
        };
        CHOICES.iter().filter_map(complaint).collect()
    }

    pub(super) fn notice(self, notice: &Notice) -> String {
        let text = notice.to_string();
        self.write("notice", &text, AnsiColor::Yellow, notice)
    }

    pub(super) fn failure(self, report: &Report) -> String {
        self.write("failure", &report.to_string(), AnsiColor::Red, report)
    }

    fn write(self, what: &str, text: &str, colour: AnsiColor, data: &impl Serialize) -> String {
        let plain = || format!("multitools: {}", harmless(text));
        match self {
            Wording::Plain => plain(),
            Wording::Coloured => coloured(&plain(), colour),
            Wording::Json => {
                let record = Record {
                    multitools: what,
                    text,
                    data,
                };
                serde_json::to_string(&record).unwrap_or_else(|_| plain())
            }
        }
    }
}

/// A line for programs.
#[derive(Serialize)]
struct Record<'a, T> {
    multitools: &'a str,
    text: &'a str,
    #[serde(flatten)]
    data: &'a T,
}

/// Without what would have a terminal do something. The texts are those of agents, and what made them fail
/// may be in them.
fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => harmless.push(character),
            character if character.is_control() => harmless.extend(character.escape_default()),
            character => harmless.push(character),
        }
    }
    harmless
}

/// The first word in a colour, names standing out, and quotations standing back.
fn coloured(text: &str, colour: AnsiColor) -> String {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let mut painted = String::with_capacity(text.len() * 2);
    paint(
        &mut painted,
        Style::new().bold().fg_color(Some(colour.into())),
        first,
    );
    for (number, line) in rest.split('\n').enumerate() {
        painted.push(if number == 0 { ' ' } else { '\n' });
        if number > 0 && line.starts_with("    ") {
            paint(&mut painted, Style::new().dimmed(), line);
        } else {
            paint_names(&mut painted, line);
        }
    }
    painted
}

fn paint_names(painted: &mut String, line: &str) {
    let mut pieces = line.split('`').peekable();
    let mut inside = false;
    while let Some(piece) = pieces.next() {
        // What follows the last of an odd number is no name.
        if inside && pieces.peek().is_some() {
            paint(painted, Style::new().bold(), &format!("`{piece}`"));
        } else {
            if inside {
                painted.push('`');
            }
            painted.push_str(piece);
        }
        inside = !inside;
    }
}

fn paint(painted: &mut String, style: Style, text: &str) {
    let _ = write!(painted, "{style}{text}{style:#}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(reason: &str) -> Notice {
        Notice::Refused {
            agent: "Ann\u{1b}[2J`".to_owned(),
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn r13_the_words_are_the_same_with_colours_and_without() {
        for text in ["", "x", "`a` b `c`", "a `b\n    c `d`\n  e `f` `", "` `"] {
            let notice = Notice::PlainCommand {
                program: text.to_owned(),
            };
            let coloured = Wording::Coloured.notice(&notice);
            let stripped = anstream::adapter::strip_str(&coloured).to_string();
            assert_eq!(stripped, Wording::Plain.notice(&notice));
            assert_ne!(stripped, coloured);
        }
    }

    #[test]
    fn r13_a_text_cannot_take_hold_of_the_terminal() {
        let notice = notice("\u{1b}]0;title\u{7}\r\u{9b}31m\u{7f}\tä\nsecond");
        let told = Wording::Plain.notice(&notice);
        let expected = "multitools: agent `Ann\\u{1b}[2J`` refused \\u{1b}]0;title\\u{7}\\r\\u{9b}31m\\u{7f}\tä\nsecond";
        assert_eq!(told, expected);
        let stripped = anstream::adapter::strip_str(&Wording::Coloured.notice(&notice)).to_string();
        assert_eq!(stripped, expected);
    }

    #[test]
    fn r13_a_notice_is_one_line_of_json_whatever_its_texts() {
        let reason = "a\nb\r\"\\\u{0}\u{1b}\u{2028}\u{fffd}{]";
        let line = Wording::Json.notice(&notice(reason));
        assert!(!line.contains(['\n', '\r', '\u{1b}']), "{line}");
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(json["multitools"], "notice");
        assert_eq!(json["kind"], "refused");
        assert_eq!(json["agent"], "Ann\u{1b}[2J`");
        assert_eq!(json["reason"], reason);
        assert_eq!(json["text"], notice(reason).to_string());
    }
}
