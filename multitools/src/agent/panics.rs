//! Panics of the agent's thread: caught, kept and told to the supervisor instead of printed here.

use crate::protocol::Panic;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

thread_local! {
    /// The last panics of the thread, the latest at the end.
    static LATEST: RefCell<Vec<Panic>> = const { RefCell::new(Vec::new()) };
}

/// What Rust's runtime panics with when it is about to abort, and how many panics have brought it there.
const NO_WAY_BACK: [(&str, usize); 2] = [
    ("panic in a destructor during cleanup", 2),
    ("panic in a function that cannot unwind", 1),
];

/// As many panics as can have brought the runtime to abort.
const MOST_CAUSES: usize = 2;

/// What is in the names of the frames of a panic, and of what calls the agent's own code.
const PANICKING: [&str; 5] = [
    "core::panicking::",
    "std::panicking::",
    "begin_unwind",
    "unwrap_failed",
    "expect_failed",
];
const RUNNING: &str = "multitools::agent::serve::";

/// Is told of the panic at once where nobody can catch it: the process is about to abort.
pub type LastWords = Box<dyn Fn(&Panic) + Send + Sync>;

/// Runs an agent's code and catches its panic. Panics of other threads are printed as ever.
pub(super) fn catch<T>(code: impl FnOnce() -> T, last_words: LastWords) -> Result<T, Panic> {
    let thread = std::thread::current().id();
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() != thread {
            return previous(info);
        }
        let panic = describe(info);
        if cfg!(panic = "abort") {
            last_words(&panic);
        }
        LATEST.with_borrow_mut(|latest| {
            if let Some((_, causes)) = NO_WAY_BACK.iter().find(|(text, _)| *text == panic.text) {
                let first = latest.len().saturating_sub(*causes);
                last_words(&together(&latest[first..], &panic));
            }
            if latest.len() == MOST_CAUSES {
                latest.remove(0);
            }
            latest.push(panic);
        });
    }));
    catch_unwind(AssertUnwindSafe(code)).map_err(|payload| {
        let latest = LATEST.with_borrow_mut(Vec::pop);
        let panic = latest.unwrap_or_else(|| Panic {
            text: text_of(&*payload),
            location: None,
            backtrace: None,
        });
        // Dropping it could panic again, where nobody catches it. The process is about to end.
        std::mem::forget(payload);
        panic
    })
}

/// The first of several panics with what the others say, down to the one that the runtime aborts with.
fn together(causes: &[Panic], end: &Panic) -> Panic {
    let Some((first, others)) = causes.split_first() else {
        return end.clone();
    };
    let mut panic = first.clone();
    for other in others {
        let place = other.location.as_deref().unwrap_or("some place");
        panic.text += &format!("\nwhile this unwound, another at {place}: {}", other.text);
    }
    panic.text += &format!("\nthe process aborted: {}", end.text);
    panic
}

fn describe(info: &PanicHookInfo<'_>) -> Panic {
    let backtrace = Backtrace::capture();
    Panic {
        text: text_of(info.payload()),
        location: info.location().map(ToString::to_string),
        backtrace: (backtrace.status() == BacktraceStatus::Captured)
            .then(|| shortened(&backtrace.to_string())),
    }
}

/// A backtrace from the call that panicked to the first of the agent's own, unless `RUST_BACKTRACE=full` asks
/// for all of it: what Rust prints of a panic is cut alike.
fn shortened(backtrace: &str) -> String {
    match std::env::var_os("RUST_BACKTRACE").is_some_and(|wanted| wanted == "full") {
        true => backtrace.to_owned(),
        false => own_frames(backtrace),
    }
}

/// The frames between those of the panic and those that run an agent.
fn own_frames(backtrace: &str) -> String {
    let lines: Vec<&str> = backtrace.lines().collect();
    let frames: Vec<&[&str]> = lines.chunk_by(|_, next| !begins_frame(next)).collect();
    let end = frames.iter().position(|frame| frame[0].contains(RUNNING));
    let before = &frames[..end.unwrap_or(frames.len())];
    let is_of_panic = |frame: &&[&str]| PANICKING.iter().any(|name| frame[0].contains(name));
    let panicking = before.iter().rposition(is_of_panic);
    match &before[panicking.map_or(0, |at| at + 1)..] {
        [] => backtrace.to_owned(),
        own => own.concat().join("\n"),
    }
}

/// A frame is a number, a colon and a name, and perhaps a line that says where that is.
fn begins_frame(line: &str) -> bool {
    let number = line.split(':').next();
    number.is_some_and(|number| number.trim().parse::<usize>().is_ok())
}

fn text_of(payload: &(dyn std::any::Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a text".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r13_a_backtrace_is_of_the_agents_own_code() {
        let whole = "   0: multitools::agent::panics::describe\n             at panics.rs:101\n   \
                     9: core::panicking::panic_fmt\n  10: core::result::unwrap_failed\n  11: \
                     app::Parser::digits\n             at ./src/main.rs:7:5\n  12: app::Parser::op\n  \
                     13: multitools::agent::serve::live\n  14: multitools::agent::panics::catch\n  15: _start";
        let own =
            "  11: app::Parser::digits\n             at ./src/main.rs:7:5\n  12: app::Parser::op";
        assert_eq!(own_frames(whole), own);
        for unknown in [
            "",
            "   0: <unknown>\n   1: <unknown>",
            "   0: core::panicking::panic",
        ] {
            assert_eq!(own_frames(unknown), unknown);
        }
    }
}
