//! Where the library's own errors arose, for the report of an agent that fails with one (rule R13).
//!
//! An error does not say where it was made: what a user matches on or prints would be the worse for it.
//! It is known again by its text, which is in that of whatever the agent makes of it.

use super::core::Core;
use crate::error::{RecvError, SendError};
use std::fmt::Display;
use std::panic::Location;

/// The latest error that an agent was given.
pub(super) struct Mishap {
    place: &'static Location<'static>,
    what: What,
}

enum What {
    /// Of a wait, which may often end so: its text is only made where somebody wants it.
    Wait(RecvError),
    /// Of a message of this name that nobody hears, which may be sent as often.
    Unheard(&'static str),
    Text(String),
}

impl Mishap {
    /// Where it arose, if it is what this failure is about.
    pub(super) fn place_of(&self, failure: &str) -> Option<String> {
        let is_it = match &self.what {
            What::Wait(error) => failure.contains(&error.to_string()),
            What::Unheard(message) => {
                failure.contains(&SendError::NoListener { message }.to_string())
            }
            What::Text(text) => failure.contains(text),
        };
        is_it.then(|| self.place.to_string())
    }
}

impl Core {
    /// Remembers where an error arose that the agent is given.
    #[inline]
    pub(super) fn noting<T, E: Display>(
        &mut self,
        result: Result<T, E>,
        place: &'static Location<'static>,
    ) -> Result<T, E> {
        if let Err(error) = &result {
            self.note(error, place);
        }
        result
    }

    #[cold]
    pub(super) fn note(&mut self, error: &dyn Display, place: &'static Location<'static>) {
        let what = What::Text(error.to_string());
        self.mishap = Some(Mishap { place, what });
    }

    /// Remembers where nobody was to be sent a message.
    pub(super) fn note_unheard(
        &mut self,
        message: &'static str,
        place: &'static Location<'static>,
    ) {
        let what = What::Unheard(message);
        self.mishap = Some(Mishap { place, what });
    }

    /// Remembers where a wait has ended in vain.
    pub(super) fn note_wait(&mut self, error: RecvError, place: &'static Location<'static>) {
        let what = What::Wait(error);
        self.mishap = Some(Mishap { place, what });
    }

    /// Where the error arose that an agent has failed with, if it was one of the library's.
    pub(super) fn place_of(&self, failure: &str) -> Option<String> {
        self.mishap.as_ref()?.place_of(failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r13_an_error_is_known_again_in_what_is_made_of_it() {
        let mut core = Core::detached();
        let place = Location::caller();
        assert_eq!(core.place_of("no agent"), None);
        assert!(core.noting(Err::<(), _>("no agent"), place).is_err());
        let here = Some(place.to_string());
        assert_eq!(core.place_of("while packing: no agent, so I give up"), here);
        assert_eq!(core.place_of("no agreement"), None);
        assert!(core.noting(Ok::<_, String>(()), place).is_ok());
        assert_eq!(core.place_of("no agent"), here);
        let late = RecvError::Timeout(std::time::Duration::from_secs(3));
        core.note_wait(late, place);
        assert_eq!(core.place_of("no message came within 3s"), here);
        core.note_unheard("Tick", place);
        let unheard = SendError::NoListener { message: "Tick" }.to_string();
        assert_eq!(core.place_of(&unheard), here);
        assert_eq!(core.place_of("no agent"), None);
    }
}
