//! Where an agent stands in the program, as its entry says it.

use crate::paths::Library;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The fields that say so, and the key that the compiler makes of them.
pub(crate) fn fields(ident: &Ident, library: &Library) -> TokenStream {
    let (mt, name) = (library.private(), ident.to_string());
    let path = quote!(::core::concat!(::core::module_path!(), "::", #name));
    let location = quote!(::core::concat!(
        ::core::file!(),
        ":",
        ::core::line!(),
        ":",
        ::core::column!()
    ));
    quote! {
        path: #path,
        location: #location,
        key: #mt::agent_key(#path, #location)
    }
}
