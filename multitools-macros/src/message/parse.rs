//! From the attribute and its item to a [`Message`].

use super::check;
use super::model::{Base, Body, Message, Variant};
use crate::args::{Args, Key, Shape};
use crate::cfg;
use crate::diag::Diag;
use crate::item::Item;
use crate::paths::Library;
use crate::shape::Fingerprint;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, Index, ItemEnum, ItemStruct, Member, Path};

const KEYS: &[Key] = &[
    Key("extends", Shape::Path),
    Key("reply", Shape::Type),
    Key("name", Shape::Text),
    Key("crate", Shape::Path),
];

/// What can be understood of the arguments.
pub(super) fn arguments(tokens: TokenStream, diag: &mut Diag) -> Args {
    Args::parse("message", KEYS, tokens, diag)
}

/// What can be understood of the message; `None` when it can be no message.
pub(super) fn parse(args: &Args, item: &Item, diag: &mut Diag) -> Option<Message> {
    let (attrs, ident, generics) = match item {
        Item::Struct(ItemStruct {
            attrs,
            ident,
            generics,
            ..
        })
        | Item::Enum(ItemEnum {
            attrs,
            ident,
            generics,
            ..
        }) => (attrs, ident, generics),
        other => {
            diag.at(other.head(), "`#[message]` goes on a struct or an enum");
            return None;
        }
    };
    check::name(args, diag);
    check::generics(generics, diag)?;
    let extends = check::extends(args, ident, item, diag).cloned();
    let base = |item, diag: &mut Diag| base(item, extends.as_ref()?, diag).map(Box::new);
    let (body, shape) = match item {
        Item::Struct(item) => (Body::Struct(base(item, diag)), Fingerprint::of_struct(item)),
        Item::Enum(item) => (Body::Enum(variants(item)), Fingerprint::of_enum(item)),
        _ => return None,
    };
    Some(Message {
        library: Library::of(args).for_item(ident),
        attrs: attrs.clone(),
        ident: ident.clone(),
        generics: generics.clone(),
        extends,
        reply: args.ty("reply").cloned(),
        name: args.text("name").cloned(),
        shape: shape.with("reply", args.ty("reply")),
        body,
    })
}

fn base(item: &ItemStruct, parent: &Path, diag: &mut Diag) -> Option<Base> {
    let first = check::base(item, parent, diag)?;
    // A field behind the first may be conditional: then it depends whether the first is the only one.
    let others = item.fields.iter().skip(1);
    let absent = others.map(|field| cfg::predicate(&cfg::cfgs(&field.attrs)));
    Some(Base {
        member: match &first.ident {
            Some(name) => Member::Named(name.clone()),
            None => Member::Unnamed(Index::from(0)),
        },
        ty: first.ty.clone(),
        newtype: match &item.fields {
            Fields::Unnamed(_) => quote!(true #(&& !::core::cfg!(#absent))*),
            Fields::Named(_) | Fields::Unit => quote!(false),
        },
        is_spelled: check::is_spelled_like(first, parent),
    })
}

fn variants(item: &ItemEnum) -> Vec<Variant> {
    let payload = |fields: &Fields| match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let only = fields.unnamed.first()?;
            cfg::cfgs(&only.attrs).is_empty().then(|| only.ty.clone())
        }
        _ => None,
    };
    item.variants
        .iter()
        .map(|variant| Variant {
            cfgs: cfg::cfgs(&variant.attrs),
            ident: variant.ident.clone(),
            payload: payload(&variant.fields),
        })
        .collect()
}
