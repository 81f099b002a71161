//! What can be seen to be wrong with a message without knowing its types.

use crate::args::Args;
use crate::diag::Diag;
use crate::fields::{refuse_gaps, serde_keys};
use crate::item::Item;
use crate::types::last_segment;
use syn::{Attribute, Field, GenericParam, Generics, Ident, ItemStruct, Path};

/// The stable name identifies the type on the wire.
pub(super) fn name(args: &Args, diag: &mut Diag) {
    if let Some(name) = args.text("name")
        && name.value().trim().is_empty()
    {
        diag.at(name, "the name of a message cannot be empty");
    }
}

/// Lifetimes only: `None` when the type can be no message.
pub(super) fn generics(generics: &Generics, diag: &mut Diag) -> Option<()> {
    let mut fits = Some(());
    for param in &generics.params {
        if !matches!(param, GenericParam::Lifetime(_)) {
            diag.at(param, "a message cannot be generic over types or constants: its name is its identity on the wire; define one message per instance, or hold the generic part in a field");
            fits = None;
        }
    }
    fits
}

/// The supertype, if the type can have it.
pub(super) fn extends<'a>(
    args: &'a Args,
    ident: &Ident,
    item: &Item,
    diag: &mut Diag,
) -> Option<&'a Path> {
    let fields: Vec<_> = match item {
        Item::Struct(item) => item.fields.iter().collect(),
        Item::Enum(item) => item.variants.iter().flat_map(|v| &v.fields).collect(),
        _ => return None,
    };
    refuse_gaps(fields.into_iter(), diag);
    let parent = args.path("extends")?;
    if parent.is_ident(ident) {
        diag.at(parent, "a message cannot extend itself");
        return None;
    }
    if parent
        .segments
        .last()
        .is_some_and(|last| last.ident == "AnyMessage")
    {
        diag.at(
            parent,
            "every message extends `AnyMessage`: leave out `extends`",
        );
        return None;
    }
    Some(parent)
}

/// The first field, if the supertype may be read from it.
///
/// The macro cannot know whether the supertype is a struct, which is the first field, or an enum,
/// which has a variant for this type. It takes it for a struct when the field is spelled like it;
/// otherwise a struct that is not fit to be read so is just not offered as one.
pub(super) fn base<'a>(item: &'a ItemStruct, parent: &Path, diag: &mut Diag) -> Option<&'a Field> {
    let first = item.fields.iter().next()?;
    let obstacles = obstacles(item, first);
    if obstacles.is_empty() {
        return Some(first);
    }
    if is_spelled_like(first, parent) {
        for (attr, reason) in obstacles {
            diag.at(attr, reason);
        }
    }
    None
}

/// Whether the field's type ends as the path does.
pub(super) fn is_spelled_like(field: &Field, path: &Path) -> bool {
    let last = path.segments.last().map(|last| &last.ident);
    last_segment(&field.ty).map(|last| &last.ident) == last
}

/// What keeps a supertype from being read from the beginning of the encoding.
fn obstacles<'a>(item: &'a ItemStruct, first: &'a Field) -> Vec<(&'a Attribute, &'static str)> {
    let of_type = |key: &str| {
        matches!(
            key,
            "into" | "from" | "try_from" | "remote" | "transparent" | "tag" | "untagged"
        )
    };
    let of_first = |key: &str| {
        key.starts_with("skip")
            || matches!(
                key,
                "with" | "serialize_with" | "deserialize_with" | "getter"
            )
    };
    let keys = serde_keys(&item.attrs).filter(|(key, _)| of_type(key));
    let first_keys = serde_keys(&first.attrs).filter(|(key, _)| of_first(key));
    let fields = item
        .fields
        .iter()
        .flat_map(|field| serde_keys(&field.attrs));
    let flattened = fields.filter(|(key, _)| key == "flatten");
    let cfgs = first
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"));
    let serde = keys.chain(first_keys).chain(flattened).map(|(_, attr)| {
        (attr, "a subtype is read through the beginning of its encoding, which this serde attribute changes")
    });
    let cfgs = cfgs.map(|attr| {
        (
            attr,
            "the first field holds the supertype, so it cannot be conditional",
        )
    });
    serde.chain(cfgs).collect()
}
