//! What errors show of the messages in them. `unwrap` writes the error with its `Debug`, and a message may have
//! megabytes.

use super::SendError;
use std::fmt::{self, Write};

/// How many characters are shown.
const LONGEST: usize = 200;

/// The beginning of what may be long, and how many bytes it takes if that is not all.
pub(crate) struct Abbreviated<'v> {
    pub(crate) value: &'v dyn fmt::Debug,
    pub(crate) bytes: usize,
}

impl fmt::Debug for Abbreviated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut beginning = Beginning {
            text: String::new(),
            left: LONGEST,
            is_all: true,
        };
        let written = match f.alternate() {
            true => write!(beginning, "{:#?}", self.value),
            false => write!(beginning, "{:?}", self.value),
        };
        f.write_str(&beginning.text)?;
        match beginning.is_all {
            true => written,
            false => write!(f, "… ({} bytes)", self.bytes),
        }
    }
}

/// Takes so many characters, and then refuses, so that what follows is not even formatted.
struct Beginning {
    text: String,
    left: usize,
    is_all: bool,
}

impl Write for Beginning {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        if let Some((end, _)) = piece.char_indices().nth(self.left) {
            self.text.push_str(&piece[..end]);
            self.left = 0;
            self.is_all = false;
            return Err(fmt::Error);
        }
        self.left -= piece.chars().count();
        self.text.push_str(piece);
        Ok(())
    }
}

impl fmt::Debug for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (variant, id, name, message) = match self {
            SendError::Dead { id, name, message } => ("Dead", id, name, message),
            SendError::Full { id, name, message } => ("Full", id, name, message),
            SendError::TooLarge {
                message,
                size,
                limit,
            } => {
                let mut written = f.debug_struct("TooLarge");
                written.field("message", message).field("size", size);
                return written.field("limit", limit).finish();
            }
            SendError::NoTarget {
                message,
                target,
                ended,
                similar,
            } => {
                let mut written = f.debug_struct("NoTarget");
                written.field("message", message).field("target", target);
                written.field("ended", ended).field("similar", similar);
                return written.finish();
            }
            SendError::NoListener { message } => {
                let mut written = f.debug_struct("NoListener");
                return written.field("message", message).finish();
            }
            SendError::Encode(error) => return f.debug_tuple("Encode").field(error).finish(),
            SendError::Stopped => return f.write_str("Stopped"),
            SendError::Unsupervised => return f.write_str("Unsupervised"),
        };
        let message = Abbreviated {
            value: message,
            bytes: message.size(),
        };
        let mut written = f.debug_struct(variant);
        written.field("id", id).field("name", name);
        written.field("message", &message).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{AskError, Error};
    use crate::id::AgentId;
    use crate::message::Message;
    use crate::message::{AnyMessage, PoisonMessage, StringMessage};
    use crate::wire::body::Body;
    use crate::wire::codec;
    use crate::wire::frame::Envelope;
    use std::cell::Cell;

    fn shown(value: &dyn fmt::Debug) -> String {
        let bytes = 7;
        format!("{:?}", Abbreviated { value, bytes })
    }

    #[test]
    fn what_is_short_is_shown_whole_and_of_what_is_long_the_beginning() {
        assert_eq!(shown(&Some("ä")), r#"Some("ä")"#);
        let whole = "ä".repeat(LONGEST - 2);
        assert_eq!(shown(&whole), format!("\"{whole}\""));
        let long = "ä".repeat(LONGEST);
        let beginning = "ä".repeat(LONGEST - 1);
        assert_eq!(shown(&long), format!("\"{beginning}… (7 bytes)"));
    }

    #[test]
    fn what_is_not_shown_is_not_formatted() {
        struct Counts<'c>(&'c Cell<usize>);
        impl fmt::Debug for Counts<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.set(self.0.get() + 1);
                f.write_str("one")
            }
        }
        let count = Cell::new(0);
        let many: Vec<Counts<'_>> = (0..10_000).map(|_| Counts(&count)).collect();
        assert!(shown(&many).ends_with(" (7 bytes)"));
        assert!(count.get() <= LONGEST, "{count:?}");
    }

    #[test]
    fn an_error_shows_the_beginning_of_the_message_that_it_gives_back() {
        let text = StringMessage::new("x".repeat(1 << 20));
        let body = codec::encode(&text).unwrap();
        let size = body.len();
        let id = AgentId::new(3, 0);
        let envelope = Envelope::new(text.leaf().id().unwrap(), id, 0);
        let message = || {
            let message = AnyMessage::received(envelope, Body::from(body.clone()));
            Box::new(message.unwrap())
        };
        let (full, dead) = (
            SendError::Full {
                id,
                name: None,
                message: message(),
            },
            SendError::Dead {
                id,
                name: None,
                message: message(),
            },
        );
        let shown = format!("{full:?}");
        let beginning = r#"Full { id: #3, name: None, message: StringMessage { text: "xxx"#;
        assert!(shown.starts_with(beginning), "{shown}");
        assert!(
            shown.ends_with(&format!("xxx… ({size} bytes) }}")),
            "{shown}"
        );
        let poison = PoisonMessage::new(id, String::new(), envelope, body.clone());
        let all: [&dyn fmt::Debug; 4] = [
            &AskError::Send(full),
            &Error::Send(dead),
            &SendError::Dead {
                id,
                name: None,
                message: message(),
            },
            &poison,
        ];
        for error in all {
            for shown in [format!("{error:?}"), format!("{error:#?}")] {
                assert!(shown.contains(&format!("… ({size} bytes)")), "{shown}");
                assert!(shown.len() < 900, "{shown}");
            }
        }
    }
}
