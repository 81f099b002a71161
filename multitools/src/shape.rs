//! What types look like on the wire: fingerprints, made in the compiler, and what it means when those of
//! two processes differ. Pure.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;

/// The fingerprint of a type from those of its parts that are not conditional or whose condition holds,
/// for generated code.
#[must_use]
pub const fn shape(parts: &[u64]) -> u64 {
    let mut hash = 0;
    let mut i = 0;
    while i < parts.len() {
        hash = mix(hash, parts[i]).rotate_left(5);
        i += 1;
    }
    hash
}

/// A fingerprint with something added.
pub(crate) const fn mix(hash: u64, value: u64) -> u64 {
    (hash ^ value).wrapping_mul(0x0100_0000_01b3)
}

/// Of what sort a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Sort {
    Message,
    Agent,
}

/// A type as one process knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TypeShape {
    pub(crate) sort: Sort,
    pub(crate) name: String,
    /// With the shapes of its supertypes.
    pub(crate) shape: u64,
}

impl fmt::Display for TypeShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sort = match self.sort {
            Sort::Message => "message",
            Sort::Agent => "agent",
        };
        write!(f, "{sort} `{}`", self.name)
    }
}

/// One number for all types, in their order.
pub(crate) fn fingerprint(types: &[TypeShape]) -> u64 {
    types.iter().fold(0, |hash, ty| {
        let sort = mix(hash.rotate_left(5), ty.sort as u64);
        let name = ty
            .name
            .bytes()
            .fold(sort, |hash, byte| mix(hash, byte.into()));
        mix(name, ty.shape)
    })
}

/// Why a process that knows `theirs` is no child of one that knows `ours`.
pub(crate) fn other_build(ours: &[TypeShape], theirs: &[TypeShape]) -> String {
    let text = "its process runs another build of the program";
    match difference(ours, theirs) {
        Some(difference) => format!("{text}: {difference}"),
        None => text.to_owned(),
    }
}

/// The first type that differs.
fn difference(ours: &[TypeShape], theirs: &[TypeShape]) -> Option<String> {
    let by_name = |types: &'_ [TypeShape]| -> HashMap<(Sort, String), u64> {
        let entry = |ty: &TypeShape| ((ty.sort, ty.name.clone()), ty.shape);
        types.iter().map(entry).collect()
    };
    let (known, known_there) = (by_name(ours), by_name(theirs));
    let differs = |ty: &TypeShape| match known_there.get(&(ty.sort, ty.name.clone())) {
        Some(shape) if *shape == ty.shape => None,
        Some(_) => Some(format!("{ty} has another shape")),
        None => Some(format!("{ty} is unknown to it")),
    };
    let alone = |ty: &&TypeShape| !known.contains_key(&(ty.sort, ty.name.clone()));
    let here = ours.iter().find_map(differs);
    here.or_else(|| {
        let there = theirs.iter().find(alone);
        there.map(|ty| format!("{ty} is known to it alone"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(name: &str, shape: u64) -> TypeShape {
        TypeShape {
            sort: Sort::Message,
            name: name.to_owned(),
            shape,
        }
    }

    #[test]
    fn shapes_tell_parts_apart() {
        assert_eq!(shape(&[1, 2]), shape(&[1, 2]));
        assert_ne!(shape(&[1, 2]), shape(&[2, 1]));
        assert_ne!(shape(&[1]), shape(&[1, 0]));
    }

    #[test]
    fn the_first_type_that_differs_is_named() {
        let ours = [message("a::A", 1), message("a::B", 2), message("a::C", 3)];
        let differs = |theirs: &[TypeShape]| {
            assert_ne!(fingerprint(&ours), fingerprint(theirs));
            other_build(&ours, theirs)
        };
        let other = "its process runs another build of the program: message";
        let theirs = [message("a::A", 1), message("a::B", 9), message("a::C", 9)];
        assert_eq!(
            differs(&theirs),
            format!("{other} `a::B` has another shape")
        );
        assert_eq!(
            differs(&ours[1..]),
            format!("{other} `a::A` is unknown to it")
        );
        let more = [&ours[..], &[message("a::D", 4)]].concat();
        assert_eq!(
            differs(&more),
            format!("{other} `a::D` is known to it alone")
        );
    }

    #[test]
    fn an_agent_is_no_message_of_that_name() {
        let agent = TypeShape {
            sort: Sort::Agent,
            ..message("a::A", 1)
        };
        let reason = other_build(std::slice::from_ref(&agent), &[message("a::A", 1)]);
        assert!(
            reason.ends_with("agent `a::A` is unknown to it"),
            "{reason}"
        );
    }
}
