//! What is too long for one word to the supervisor.

use crate::protocol::Panic;

/// How much is told of why an agent failed, or of what it asks, in bytes.
const LONGEST_TEXT: usize = 1 << 20;

/// A text in pieces of so many bytes at most. An empty one is one piece.
pub(super) fn pieces(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let (piece, after) = text.split_at(text.floor_char_boundary(most));
        rest = (!after.is_empty()).then_some(after);
        Some(piece)
    })
}

/// A text without what is too much of it.
pub(super) fn cut(mut text: String) -> String {
    if text.len() > LONGEST_TEXT {
        text.truncate(text.floor_char_boundary(LONGEST_TEXT));
        text.push_str(" [..]");
    }
    text
}

/// A panic without what is too much of it.
pub(super) fn cut_panic(panic: Panic) -> Panic {
    Panic {
        text: cut(panic.text),
        location: panic.location.map(cut),
        backtrace: panic.backtrace.map(cut),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_whole_in_pieces() {
        for (text, most, count) in [("", 5, 1), ("abcde", 5, 1), ("abcdef", 5, 2), ("äöü", 3, 3)]
        {
            let pieces: Vec<&str> = pieces(text, most).collect();
            assert_eq!(pieces.concat(), text);
            assert_eq!(pieces.len(), count, "{pieces:?}");
        }
    }

    #[test]
    fn what_is_too_much_is_cut_between_letters() {
        assert_eq!(cut("ä".to_owned()), "ä");
        let text = cut(format!("a{}", "ä".repeat(LONGEST_TEXT)));
        assert!(text.ends_with("ä [..]"));
        assert!(text.len() <= LONGEST_TEXT + 5);
    }
}
