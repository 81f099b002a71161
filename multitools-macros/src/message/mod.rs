//! `#[message]`.

mod check;
mod expand;
mod model;
mod parse;

use crate::cfg;
use crate::diag::Diag;
use crate::fields;
use crate::item::{self, Expansion, Item};
use crate::paths::Library;
use proc_macro2::TokenStream;
use syn::{Attribute, Field, parse_quote};

/// Expands the attribute.
pub(crate) fn expand(args: TokenStream, item: &mut Item, diag: &mut Diag) -> Expansion {
    let keys = parse::arguments(args, diag);
    if let Some((attrs, fields)) = parts(item) {
        let fields = fields.into_iter().map(|(_, field)| field);
        fields::borrowed::refuse_in_message(&Library::of(&keys), attrs, fields, diag);
    }
    name_lifetimes(item, diag);
    let Some(message) = parse::parse(&keys, item, diag) else {
        if let Some((attrs, fields)) = parts(item) {
            item::remove_serde(attrs);
            let fields = fields.into_iter().map(|(_, field)| field);
            fields.for_each(|field| item::remove_serde(&mut field.attrs));
        }
        return Expansion::default();
    };
    let library = &message.library;
    let sound = !diag.failed();
    let mut ahead = TokenStream::new();
    if let Some((attrs, mut fields)) = parts(item) {
        if sound {
            let fields = fields.iter().map(|(cfgs, field)| (cfgs.clone(), &**field));
            ahead = fields::sendable(library, attrs, "carried", fields);
        }
        fields::tell_serde(library, fields.iter_mut().map(|(_, field)| &mut **field));
        item::add_derives(attrs, library, true);
    }
    Expansion {
        ahead,
        behind: expand::expand(&message, sound),
    }
}

/// A message that borrows has a lifetime; where it was forgotten, the rest is read as if it had been named.
fn name_lifetimes(item: &mut Item, diag: &mut Diag) {
    let text = "a message that borrows names the lifetime: `struct Message<'a> { field: &'a .. }`";
    let Some((_, fields)) = parts(item) else {
        return;
    };
    let fields = fields.into_iter().map(|(_, field)| field);
    if !fields::refuse_elided(fields, "'__m", text, diag) {
        return;
    }
    let generics = match item {
        Item::Struct(item) => &mut item.generics,
        Item::Enum(item) => &mut item.generics,
        _ => return,
    };
    generics.params.insert(0, parse_quote!('__m));
}

/// A field with the conditions of the variant it is in.
type FieldOf<'a> = (Vec<Attribute>, &'a mut Field);

/// The attributes of the type and all its fields.
fn parts(item: &mut Item) -> Option<(&mut Vec<Attribute>, Vec<FieldOf<'_>>)> {
    match item {
        Item::Struct(item) => {
            let fields = item.fields.iter_mut().map(|field| (Vec::new(), field));
            Some((&mut item.attrs, fields.collect()))
        }
        Item::Enum(item) => {
            let fields = item.variants.iter_mut().flat_map(|variant| {
                let cfgs = cfg::cfgs(&variant.attrs);
                let fields = variant.fields.iter_mut();
                fields.map(move |field| (cfgs.clone(), field))
            });
            Some((&mut item.attrs, fields.collect()))
        }
        _ => None,
    }
}
