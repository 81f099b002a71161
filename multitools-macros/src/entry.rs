//! `#[multitools::main]` and `#[multitools::test]`: functions that begin with `init`.

use crate::args::{Args, Key, Shape};
use crate::diag::Diag;
use crate::item::{self, Expansion, Item};
use crate::loose::LooseFn;
use crate::paths::Library;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse_quote;

const KEYS: &[Key] = &[Key("crate", Shape::Path)];

/// Expands `#[multitools::main]`.
pub(crate) fn main(args: TokenStream, item: &mut Item, diag: &mut Diag) -> Expansion {
    let library = Library::of(&Args::parse("multitools::main", KEYS, args, diag));
    match function(item, "main", "`fn main`", diag) {
        Some(function) if function.sig.ident == "main" => begin_with_init(function, &library),
        Some(function) => diag.at(
            &function.sig.ident,
            "`#[multitools::main]` goes on `fn main`",
        ),
        None => hide_async_main(item),
    }
    Expansion::default()
}

/// Puts an `async fn main` into another, since rustc refuses it as well.
fn hide_async_main(item: &mut Item) {
    if let Item::Fn(LooseFn { sig, .. }) = item
        && sig.asyncness.is_some()
        && sig.ident == "main"
    {
        let (head, main) = (item.head(), &*item);
        let all = quote!(#[allow(dead_code)] fn main() { #main });
        *item = Item::Other { head, all };
    }
}

/// Expands `#[multitools::test]`. The test is registered, so that children can be started through it.
pub(crate) fn test(args: TokenStream, item: &mut Item, diag: &mut Diag) -> Expansion {
    let library = Library::of(&Args::parse("multitools::test", KEYS, args, diag));
    let Some(function) = function(item, "test", "a function", diag) else {
        return Expansion::default();
    };
    begin_with_init(function, &library);
    function
        .attrs
        .insert(0, parse_quote!(#[::core::prelude::v1::test]));
    let mt = library.private();
    let name = function.sig.ident.unraw().to_string();
    let register = quote! {
        #mt::inventory::submit! {
            #mt::TestEntry {
                path: #mt::strip_crate(::core::concat!(::core::module_path!(), "::", #name)),
            }
        }
    };
    let mut attrs = function.attrs.clone();
    attrs.push(parse_quote!(#[cfg(test)]));
    Expansion {
        ahead: TokenStream::new(),
        behind: item::hidden(&attrs, &library, register),
    }
}

fn begin_with_init(function: &mut LooseFn, library: &Library) {
    let root = library.root();
    function.begin_with(quote!(#root::init();));
}

fn function<'a>(
    item: &'a mut Item,
    attribute: &str,
    place: &str,
    diag: &mut Diag,
) -> Option<&'a mut LooseFn> {
    if let Item::Fn(LooseFn { sig, .. }) = item
        && let Some(token) = &sig.asyncness
    {
        diag.at(token, format!("`#[multitools::{attribute}]` goes on {place} that is not `async`: a runtime would have started its threads before `init`; start the runtime inside"));
        return None;
    }
    let head = item.head();
    match item {
        Item::Fn(function) => Some(function),
        _ => {
            diag.at(
                head,
                format!("`#[multitools::{attribute}]` goes on {place}"),
            );
            None
        }
    }
}
