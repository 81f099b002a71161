//! Panics of the agent's thread: caught, kept and told to the supervisor instead of printed here.

use crate::protocol::Panic;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

thread_local! {
    static LATEST: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// Is told of the panic at once where the program is built to abort on one.
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
        LATEST.set(Some(panic));
    }));
    catch_unwind(AssertUnwindSafe(code)).map_err(|payload| {
        let panic = LATEST.take().unwrap_or_else(|| Panic {
            text: text_of(&*payload),
            location: None,
            backtrace: None,
        });
        // Dropping it could panic again, where nobody catches it. The process is about to end.
        std::mem::forget(payload);
        panic
    })
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
