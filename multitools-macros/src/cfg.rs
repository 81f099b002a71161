//! Conditional compilation: an attribute macro sees what `#[cfg]` has not removed yet, so all that is
//! generated for a conditional thing must carry its condition.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

/// The `#[cfg]` attributes among others.
pub(crate) fn cfgs(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .cloned()
        .collect()
}

/// The predicate that `#[cfg]` attributes mean together; `all()`, which holds, when there are none.
pub(crate) fn predicate(cfgs: &[Attribute]) -> TokenStream {
    let each = cfgs
        .iter()
        .filter_map(|cfg| cfg.meta.require_list().ok())
        .map(|list| &list.tokens);
    quote!(all(#(#each),*))
}
