//! What is known of an agent's behaviour.

use crate::agent::Kind;
use crate::cfg;
use crate::paths::Library;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Attribute, Ident, Type};

/// An `impl` block.
pub(crate) struct Behaviour {
    pub(crate) kind: Kind,
    pub(crate) library: Library,
    /// Its attributes, for their conditions.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) agent: Type,
    pub(crate) handlers: Vec<Handler>,
    /// More than one only if they are conditional.
    pub(crate) ops: Vec<Op>,
    pub(crate) log: Log,
}

/// A `#[handle]` method, or the `log` of a logger.
pub(crate) struct Handler {
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) method: Ident,
    pub(crate) message: Type,
    pub(crate) returns: Option<Type>,
    pub(crate) ctx: Option<Type>,
}

impl Handler {
    /// Where an error about the result belongs.
    pub(crate) fn result_span(&self) -> Span {
        self.returns
            .as_ref()
            .map_or_else(|| self.method.span(), crate::types::span)
    }
}

/// The method `op`.
pub(crate) struct Op {
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) ident: Ident,
    pub(crate) returns: Option<Type>,
    pub(crate) ctx: Option<Type>,
    /// Whether it can be called; otherwise it only tells what the agent returns.
    pub(crate) is_sound: bool,
}

/// Under which conditions there is a `log`; never if there are none.
#[derive(Default)]
pub(crate) struct Log(pub(crate) Vec<Vec<Attribute>>);

impl Log {
    /// As an expression.
    pub(crate) fn exists(&self) -> TokenStream {
        let conditions = self.0.iter().map(|cfgs| cfg::predicate(cfgs));
        match self.0.iter().any(Vec::is_empty) {
            true => quote!(true),
            false if self.0.is_empty() => quote!(false),
            false => quote!(::core::cfg!(any(#(#conditions),*))),
        }
    }
}
