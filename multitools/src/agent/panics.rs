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
        backtrace: (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string()),
    }
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
