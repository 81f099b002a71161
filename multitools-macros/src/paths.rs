//! How generated code names the library.

use crate::args::Args;
use crate::types::text;
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::quote;

/// The path of the library: `::multitools`, or what `crate = path` says.
pub(crate) struct Library(TokenStream);

impl Library {
    /// The path that the arguments of an attribute choose.
    pub(crate) fn of(args: &Args) -> Library {
        match args.path("crate") {
            Some(path) => Library(quote!(#path)),
            None => Library(quote!(::multitools)),
        }
    }

    /// The library itself.
    pub(crate) fn root(&self) -> &TokenStream {
        &self.0
    }

    /// The module with everything that generated code uses.
    pub(crate) fn private(&self) -> TokenStream {
        let root = &self.0;
        quote!(#root::__private)
    }

    /// The same, for an error that shall underline `span`: tokens interpolated by `quote_spanned!`
    /// keep a span of their own, and an error of a path underlines the whole path.
    pub(crate) fn private_at(&self, span: Span) -> TokenStream {
        respan(self.private(), span)
    }

    /// The path of serde as `#[serde(crate = "..")]` wants it.
    pub(crate) fn serde_text(&self) -> String {
        let private = self.private();
        text(quote!(#private::serde))
    }
}

/// The same tokens at another place, resolved as before.
pub(crate) fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            if let TokenTree::Group(group) = &token {
                let mut moved = Group::new(group.delimiter(), respan(group.stream(), span));
                moved.set_span(group.span().located_at(span));
                return moved.into();
            }
            token.set_span(token.span().located_at(span));
            token
        })
        .collect()
}
