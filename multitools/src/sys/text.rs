//! Text from bytes.

#![expect(unsafe_code)]

/// Gives bytes as text, if that is what they are.
///
/// Most text is ASCII, for which there is a check that looks at many bytes at once, and also at few.
#[inline]
pub(crate) fn from_bytes(bytes: &[u8]) -> Option<&str> {
    if bytes.is_ascii() {
        // SAFETY: each byte of ASCII is by itself the UTF-8 of its character.
        return Some(unsafe { std::str::from_utf8_unchecked(bytes) });
    }
    std::str::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_text_if_it_is_utf_8(
            text in "[a-z]{0,40}", other in any::<Vec<u8>>(), letter in any::<char>(), place in 0usize..80,
        ) {
            let mut bytes = text.into_bytes();
            let place = place.min(bytes.len());
            bytes.splice(place..place, letter.to_string().into_bytes());
            prop_assert_eq!(from_bytes(&bytes), std::str::from_utf8(&bytes).ok());
            bytes.truncate(bytes.len() - 1);
            prop_assert_eq!(from_bytes(&bytes), std::str::from_utf8(&bytes).ok());
            prop_assert_eq!(from_bytes(&other), std::str::from_utf8(&other).ok());
        }
    }
}
