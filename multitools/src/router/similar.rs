//! Names that are much like one another.

/// How many names are compared at most, and how long these are: what a typing error is looked for in was
/// typed by somebody.
const MOST_NAMES: usize = 1000;
const LONGEST_NAME: usize = 100;

/// The name that somebody may have meant who has written another, if there is one.
pub(super) fn most_like<'n>(
    name: &str,
    among: impl ExactSizeIterator<Item = &'n str>,
) -> Option<&'n str> {
    if among.len() > MOST_NAMES || name.len() > LONGEST_NAME {
        return None;
    }
    let wanted = name.to_lowercase();
    let most = (wanted.chars().count() / 3).max(1);
    among
        .filter(|other| other.len() <= LONGEST_NAME)
        .map(|other| (strsim::osa_distance(&wanted, &other.to_lowercase()), other))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(name: &str, among: &[&'static str]) -> Option<&'static str> {
        most_like(name, among.iter().copied())
    }

    #[test]
    fn a_typing_error_is_found_and_what_is_another_word_is_not() {
        let names = ["Agent one", "Agent two", "Writer", "Ä", "x"];
        assert_eq!(like("agent one", &names), Some("Agent one"));
        assert_eq!(like("AgentTwo", &names), Some("Agent two"));
        assert_eq!(like("Wirter", &names), Some("Writer"));
        assert_eq!(like("ä", &names), Some("Ä"));
        assert_eq!(like("Reader", &names), None);
        assert_eq!(like("", &["abc"]), None);
        assert_eq!(like("abc", &[]), None);
        // Of two that are as near the first in the order of the alphabet.
        assert_eq!(like("Agent", &["Agenx", "Agena"]), Some("Agena"));
    }

    #[test]
    fn what_nobody_has_typed_is_not_compared() {
        let many = std::iter::repeat_n("Writer", MOST_NAMES + 1);
        let many: Vec<&str> = many.collect();
        assert_eq!(like("Wirter", &many), None);
        let long = "x".repeat(LONGEST_NAME + 1);
        assert_eq!(most_like(&long, [long.as_str()].into_iter()), None);
    }
}
