//! What an `op` or a process returns: the output of the agent, and whether it may fail instead.

use crate::types::{is_result, peel};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

/// The output of an agent.
pub(crate) struct Output {
    /// The type, without the error of a `Result`.
    pub(crate) ty: TokenStream,
    how: How,
}

enum How {
    Plain,
    Fallible,
    Never,
}

impl Output {
    /// The output of a function with this return type.
    pub(crate) fn of(returns: Option<&Type>, mt: &TokenStream) -> Output {
        let (ty, how) = match returns.map(peel) {
            None => (quote!(()), How::Plain),
            // `!` is no type of its own yet.
            Some(Type::Never(_)) => (quote!(()), How::Never),
            Some(ty) if is_result(ty) => (quote!(<#ty as #mt::Fallible>::Output), How::Fallible),
            Some(ty) => (quote!(#ty), How::Plain),
        };
        Output { ty, how }
    }
}

/// A call as a `Result` of the output.
pub(crate) fn outcome(output: &Output, call: &TokenStream, mt: &TokenStream) -> TokenStream {
    match output.how {
        How::Plain => quote!(::core::result::Result::Ok(#call)),
        How::Fallible => quote!(#mt::Fallible::outcome(#call)),
        How::Never => quote!(#call),
    }
}
