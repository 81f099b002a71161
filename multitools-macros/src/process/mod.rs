//! `#[process]`.

mod expand;
mod model;
mod parse;

use crate::diag::Diag;
use crate::item::{Expansion, Item};
use proc_macro2::TokenStream;
use syn::parse_quote;

/// Expands the attribute.
pub(crate) fn expand(args: TokenStream, item: &mut Item, diag: &mut Diag) -> Expansion {
    let Some(process) = parse::parse(args, item, diag) else {
        return Expansion::default();
    };
    if let Item::Fn(function) = item {
        // By value is how arguments are taken, whatever the body does with them.
        let allow = parse_quote!(#[allow(clippy::needless_pass_by_value)]);
        function.attrs.push(allow);
    }
    expand::expand(process, !diag.failed())
}
