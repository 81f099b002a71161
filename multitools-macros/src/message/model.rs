//! What is known of a message type.

use crate::paths::Library;
use crate::shape::Fingerprint;
use crate::types;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Attribute, Generics, Ident, Lifetime, LitStr, Member, Path, Type, parse_quote};

/// A message type.
pub(crate) struct Message {
    pub(crate) library: Library,
    /// Its attributes, for their conditions.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) ident: Ident,
    /// Lifetimes only.
    pub(crate) generics: Generics,
    pub(crate) extends: Option<Path>,
    pub(crate) reply: Option<Type>,
    pub(crate) name: Option<LitStr>,
    pub(crate) shape: Fingerprint,
    pub(crate) body: Body,
}

/// What it consists of.
pub(crate) enum Body {
    Struct(Option<Box<Base>>),
    Enum(Vec<Variant>),
}

/// The first field of a struct that extends another message.
pub(crate) struct Base {
    pub(crate) member: Member,
    pub(crate) ty: Type,
    /// Whether it is the only field of a tuple struct, as an expression.
    pub(crate) newtype: TokenStream,
    /// Whether its type is spelled like the supertype, so that the supertype must be a struct.
    pub(crate) is_spelled: bool,
}

/// A variant of an enum.
pub(crate) struct Variant {
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) ident: Ident,
    /// The only field, if it has no name.
    pub(crate) payload: Option<Type>,
}

impl Message {
    /// Whether it has no lifetimes.
    pub(crate) fn is_owned(&self) -> bool {
        self.generics.params.is_empty()
    }

    /// The type with one lifetime in all places, its name at a span.
    pub(crate) fn with_lifetime(&self, lifetime: &str, at: Span) -> TokenStream {
        let mut ident = self.ident.clone();
        ident.set_span(at);
        if self.is_owned() {
            return quote!(#ident);
        }
        let lifetime = Lifetime::new(lifetime, Span::call_site());
        let lifetimes = self.generics.lifetimes().map(|_| &lifetime);
        quote!(#ident<#(#lifetimes),*>)
    }

    /// The supertype, and the same without lifetimes of the message.
    pub(crate) fn parent(&self) -> (TokenStream, TokenStream) {
        match &self.extends {
            Some(path) => {
                let parent = types::with_static(&parse_quote!(#path));
                (quote!(#path), quote!(#parent))
            }
            None => {
                let mt = self.library.private();
                (quote!(#mt::AnyMessage), quote!(#mt::AnyMessage))
            }
        }
    }
}
