//! Ancestry of a message type as a constant: what tables and compile-time checks of concrete types use.

/// The identity of a message or agent type: FNV-1a 64 of its stable name.
pub type Key = u64;

/// The key of a stable name.
#[must_use]
pub const fn key(name: &str) -> Key {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    hash
}

/// How many levels a hierarchy may have, [`AnyMessage`](crate::AnyMessage) included.
pub const MAX_DEPTH: usize = 12;

/// The keys from the root of the hierarchy down to one message type (a Cohen display): whether one
/// type is a subtype of another is a single comparison.
#[derive(Clone, Copy, Debug)]
pub struct Ancestry {
    keys: [Key; MAX_DEPTH],
    len: usize,
}

impl Ancestry {
    /// The ancestry of [`AnyMessage`](crate::AnyMessage).
    pub const ROOT: Ancestry = Ancestry {
        keys: [0; MAX_DEPTH],
        len: 1,
    };

    /// The ancestry of a direct subtype.
    ///
    /// # Panics
    /// At compile time, when the hierarchy is deeper than [`MAX_DEPTH`].
    #[must_use]
    pub const fn child(mut self, key: Key) -> Ancestry {
        assert!(
            self.len < MAX_DEPTH,
            "the message hierarchy is deeper than 12 levels"
        );
        self.keys[self.len] = key;
        self.len += 1;
        self
    }

    /// The distance from the root, whose depth is 0.
    #[must_use]
    pub const fn depth(&self) -> usize {
        self.len - 1
    }

    /// The key of the type itself.
    #[must_use]
    pub const fn key(&self) -> Key {
        self.keys[self.len - 1]
    }

    /// Whether `ancestor` stands above the type, and is not the type itself.
    #[must_use]
    pub(crate) const fn is_below(&self, ancestor: &Ancestry) -> bool {
        // Evaluated by the compiler for each two handlers of an agent, which is why it calls nothing.
        ancestor.len < self.len && self.keys[ancestor.len - 1] == ancestor.keys[ancestor.len - 1]
    }

    /// Whether the type is `ancestor` or one of its subtypes.
    #[must_use]
    pub const fn is(&self, ancestor: &Ancestry) -> bool {
        self.len >= ancestor.len && self.keys[ancestor.len - 1] == ancestor.keys[ancestor.len - 1]
    }

    /// Root first, the type itself last.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_itself_and_its_ancestors() {
        let text = Ancestry::ROOT.child(key("text"));
        let print = text.child(key("print"));
        let other = Ancestry::ROOT.child(key("other"));
        assert!(print.is(&print) && print.is(&text) && print.is(&Ancestry::ROOT));
        assert!(!text.is(&print) && !print.is(&other) && !other.is(&text));
        assert_eq!(print.depth(), 2);
        assert_eq!(print.keys().len(), 3);
    }
}
