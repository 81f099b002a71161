//! What an `op` or a process returns: the output of the agent, and whether it may fail instead.

use crate::paths::Library;
use crate::types::{is_result, peel, span};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

/// The output of an agent.
pub(crate) struct Output {
    /// The type, without the error of a `Result`.
    pub(crate) ty: TokenStream,
    how: How,
}

enum How {
    Plain,
    /// By this function.
    Fallible(TokenStream),
    Never,
}

impl Output {
    /// The output of a function with this return type.
    pub(crate) fn of(returns: Option<&Type>, library: &Library) -> Output {
        let (ty, how) = match returns.map(peel) {
            None => (quote!(()), How::Plain),
            // `!` is no type of its own yet.
            Some(Type::Never(_)) => (quote!(()), How::Never),
            Some(ty) if is_result(ty) => {
                let at = span(ty);
                let mt = library.private_at(at);
                let output = quote_spanned!(at=> <#ty as #mt::Fallible>::Output);
                let outcome = quote_spanned!(at=> <#ty as #mt::Fallible>::outcome);
                (output, How::Fallible(outcome))
            }
            // It may be an alias of a `Result`.
            Some(ty @ Type::Path(_)) => {
                let at = span(ty);
                let mt = library.private_at(at);
                let returned = quote_spanned! {at=>
                    <#ty as #mt::Returned<{
                        #[allow(unused_imports)]
                        use #mt::IsNoResult as _;
                        #mt::IsResult::<#ty>::VALUE
                    }>>
                };
                let output = quote_spanned!(at=> #returned::Output);
                (
                    output,
                    How::Fallible(quote_spanned!(at=> #returned::outcome)),
                )
            }
            Some(ty) => (quote!(#ty), How::Plain),
        };
        let ty = match returns {
            Some(returns) if !matches!(how, How::Never) => {
                let at = span(returns);
                let mt = library.private_at(at);
                quote_spanned!(at=> <#mt::Op as #mt::Returns<#ty>>::Output)
            }
            _ => ty,
        };
        Output { ty, how }
    }

    /// A call of the function as a `Result` of the output.
    pub(crate) fn outcome(&self, call: &TokenStream) -> TokenStream {
        match &self.how {
            How::Plain => quote!(::core::result::Result::Ok(#call)),
            How::Fallible(outcome) => quote!(#outcome(#call)),
            How::Never => quote!(#call),
        }
    }
}
