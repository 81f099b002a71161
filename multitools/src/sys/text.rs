//! Text from bytes.

#![expect(unsafe_code)]

/// Gives bytes as text, if they are UTF-8.
pub(crate) fn from_bytes(bytes: &[u8]) -> Option<&str> {
    from_ascii(bytes).or_else(|| std::str::from_utf8(bytes).ok())
}

/// Gives bytes as text, if they are ASCII. Most text is, and this is found out for many bytes at once, also where
/// they are few.
#[inline]
pub(crate) fn from_ascii(bytes: &[u8]) -> Option<&str> {
    // SAFETY: each byte of ASCII is by itself the UTF-8 of its character.
    bytes
        .is_ascii()
        .then(|| unsafe { std::str::from_utf8_unchecked(bytes) })
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
