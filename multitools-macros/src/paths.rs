//! How generated code names the library.

use crate::args::Args;
use crate::cfg;
use crate::types::text;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::Attribute;
use syn::ext::IdentExt;

/// The path of the library: `::multitools`, or what `crate = path` says.
pub(crate) struct Library {
    root: TokenStream,
    /// Another name of the private module, where serde could not read the path from a text.
    alias: Option<Ident>,
}

impl Library {
    /// The path that the arguments of an attribute choose.
    pub(crate) fn of(args: &Args) -> Library {
        match args.path("crate") {
            Some(path) => Library::at(quote!(#path)),
            None => Library::at(quote!(::multitools)),
        }
    }

    fn at(root: TokenStream) -> Library {
        Library { root, alias: None }
    }

    /// The path for an item whose derives get it as a text. A `$crate` would mean nothing there, so the
    /// item is accompanied by an import under a name that does.
    pub(crate) fn for_item(self, item: &Ident) -> Library {
        let dollar = self.root.clone().into_iter().next();
        let alias = dollar
            .filter(|token| token.to_string() == "$crate")
            .map(|_| format_ident!("__multitools_of_{}", item.unraw()));
        Library { alias, ..self }
    }

    /// That import, under the conditions of the item.
    pub(crate) fn import(&self, attrs: &[Attribute]) -> TokenStream {
        let Some(alias) = &self.alias else {
            return TokenStream::new();
        };
        let (root, cfgs) = (&self.root, cfg::cfgs(attrs));
        quote!(#(#cfgs)* #[doc(hidden)] use #root::__private as #alias;)
    }

    /// The library itself.
    pub(crate) fn root(&self) -> &TokenStream {
        &self.root
    }

    /// The module with everything that generated code uses, from anywhere.
    pub(crate) fn outside(&self) -> TokenStream {
        let root = &self.root;
        quote!(#root::__private)
    }

    /// The same from within what [`item::hidden`](crate::item::hidden) hides, where it has a short name:
    /// the compiler reads it hundreds of times.
    pub(crate) fn private(&self) -> TokenStream {
        quote!(__multitools)
    }

    /// What gives it that name.
    pub(crate) fn short_name(&self) -> TokenStream {
        let (root, name) = (&self.root, self.private());
        quote!(use #root::__private as #name;)
    }

    /// The same, for an error that shall underline `span`: tokens interpolated by `quote_spanned!`
    /// keep a span of their own, and an error of a path underlines the whole path.
    pub(crate) fn private_at(&self, span: Span) -> TokenStream {
        respan(self.private(), span)
    }

    /// The path of something in the private module as `#[serde(crate = "..")]` wants it.
    pub(crate) fn text_of(&self, name: &str) -> String {
        let private = match &self.alias {
            Some(alias) => alias.to_string(),
            None => text(self.outside()),
        };
        format!("{private}::{name}")
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
