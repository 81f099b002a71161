//! What every attribute macro does around its own work: it parses the item, and gives it back with
//! what was generated and all errors, so that the rest of the crate sees the item in any case.

use crate::cfg;
use crate::diag::Diag;
use crate::loose::{LooseFn, LooseImpl};
use crate::paths::Library;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, ItemEnum, ItemStruct, Token, Visibility, parse_quote};

/// The item under an attribute.
pub(crate) enum Item {
    Struct(ItemStruct),
    Enum(ItemEnum),
    Fn(LooseFn),
    Impl(LooseImpl),
    Other { head: TokenStream, all: TokenStream },
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        ahead.call(Attribute::parse_outer)?;
        ahead.parse::<Visibility>()?;
        if ahead.peek(Token![struct]) {
            return input.parse().map(Item::Struct);
        }
        if ahead.peek(Token![enum]) {
            return input.parse().map(Item::Enum);
        }
        if ahead.peek(Token![impl]) {
            return input.parse().map(Item::Impl);
        }
        if input.fork().parse::<LooseFn>().is_ok() {
            return input.parse().map(Item::Fn);
        }
        let head = ahead.parse::<TokenTree>()?;
        let name = ahead.parse::<Option<Ident>>()?;
        Ok(Item::Other {
            head: quote!(#head #name),
            all: input.parse()?,
        })
    }
}

impl Item {
    /// What an error about the whole item underlines: its keyword and name.
    pub(crate) fn head(&self) -> TokenStream {
        match self {
            Item::Struct(ItemStruct {
                struct_token,
                ident,
                ..
            }) => quote!(#struct_token #ident),
            Item::Enum(ItemEnum {
                enum_token, ident, ..
            }) => quote!(#enum_token #ident),
            Item::Fn(LooseFn { sig, .. }) => {
                let (fn_token, ident) = (&sig.fn_token, &sig.ident);
                quote!(#fn_token #ident)
            }
            Item::Impl(LooseImpl {
                impl_token,
                self_ty,
                ..
            }) => quote!(#impl_token #self_ty),
            Item::Other { head, .. } => head.clone(),
        }
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Item::Struct(item) => item.to_tokens(tokens),
            Item::Enum(item) => item.to_tokens(tokens),
            Item::Fn(item) => item.to_tokens(tokens),
            Item::Impl(item) => item.to_tokens(tokens),
            Item::Other { all, .. } => all.to_tokens(tokens),
        }
    }
}

/// What a macro adds to its item.
#[derive(Default)]
pub(crate) struct Expansion {
    /// Checks whose errors shall come before those of the item's derives.
    pub(crate) ahead: TokenStream,
    /// Everything else.
    pub(crate) behind: TokenStream,
}

/// Runs an attribute macro.
pub(crate) fn run(
    args: TokenStream,
    item: TokenStream,
    expand: impl FnOnce(TokenStream, &mut Item, &mut Diag) -> Expansion,
) -> TokenStream {
    let mut diag = Diag::default();
    let mut parsed = match syn::parse2::<Item>(item.clone()) {
        Ok(parsed) => parsed,
        Err(error) => {
            diag.push(error);
            let errors = diag.into_tokens();
            return quote!(#item #errors);
        }
    };
    let Expansion { ahead, behind } = expand(args, &mut parsed, &mut diag);
    let errors = diag.into_tokens();
    quote!(#ahead #parsed #behind #errors)
}

/// Puts generated items where they cannot meet the user's names, under the conditions of the item.
pub(crate) fn hidden(attrs: &[Attribute], library: &Library, items: TokenStream) -> TokenStream {
    let (cfgs, name) = (cfg::cfgs(attrs), library.short_name());
    quote! {
        #(#cfgs)*
        #[doc(hidden)]
        const _: () = { #name #items };
    }
}

/// Adds the derives of serde, and `Debug` if it is wanted, unless the user has written them. Only
/// what stands below the attribute can be seen.
pub(crate) fn add_derives(attrs: &mut Vec<Attribute>, library: &Library, debug: bool) {
    let written = derives(attrs);
    let missing = |name: &str| !written.iter().any(|derive| derive == name);
    let serde: Vec<Ident> = ["Serialize", "Deserialize"]
        .into_iter()
        .filter(|name| missing(name))
        .map(|name| format_ident!("{name}", span = Span::call_site()))
        .collect();
    let mut added: Vec<Attribute> = Vec::new();
    if debug && missing("Debug") {
        added.push(parse_quote!(#[derive(::core::fmt::Debug)]));
    }
    if !serde.is_empty() {
        let mt = library.outside();
        added.push(parse_quote!(#[derive(#(#mt::serde::#serde),*)]));
        if !names_serde(attrs) {
            let path = library.text_of("serde");
            added.push(parse_quote!(#[serde(crate = #path)]));
        }
    }
    // Behind conditions, which decide about derives as well, and ahead of attributes for the derives.
    attrs.sort_by_key(|attr| !attr.path().is_ident("cfg"));
    let place = attrs.iter().position(|attr| attr.path().is_ident("serde"));
    let place = place.unwrap_or(attrs.len());
    attrs.splice(place..place, added);
}

/// Without the derives of serde its attributes mean nothing.
pub(crate) fn remove_serde(attrs: &mut Vec<Attribute>) {
    attrs.retain(|attr| !attr.path().is_ident("serde"));
}

fn derives(attrs: &[Attribute]) -> Vec<Ident> {
    let mut names = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
        // A malformed list is rustc's to report.
        let _ = attr.parse_nested_meta(|derive| {
            names.extend(derive.path.segments.last().map(|last| last.ident.clone()));
            Ok(())
        });
    }
    names
}

fn names_serde(attrs: &[Attribute]) -> bool {
    crate::fields::serde_keys(attrs).any(|(key, _)| key == "crate")
}
