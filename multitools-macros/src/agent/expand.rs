//! What is generated for an agent.

use super::model::{Agent, Kind};
use crate::item;
use crate::types::{span, text};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Path};

/// Everything but the struct. The checks are left out when there are errors already: they would only
/// say the same again.
pub(super) fn expand(agent: &Agent, sound: bool) -> TokenStream {
    let listens = constants(agent);
    let ancestries = listens.iter().map(|(path, constant)| {
        let at = span(path);
        let mt = agent.library.private_at(at);
        quote_spanned!(at=> const #constant: #mt::Ancestry = #mt::ancestry_of::<#path>();)
    });
    let entry = entry(agent, &listens);
    let checks = sound.then(|| {
        let (runs, covers, redundant) = (runs(agent), covers(agent, &listens), redundant(&listens));
        quote!(#runs #covers #redundant)
    });
    item::hidden(&agent.attrs, quote!(#(#ancestries)* #entry #checks))
}

/// Each type that is listened to is named in one constant only: one error if it is no message.
fn constants(agent: &Agent) -> Vec<(&Path, Ident)> {
    let listens = agent.listens.iter().enumerate();
    listens
        .map(|(i, path)| (path, format_ident!("__L{i}")))
        .collect()
}

fn entry(agent: &Agent, listens: &[(&Path, Ident)]) -> TokenStream {
    let Agent {
        library,
        ident,
        resident,
        manual,
        ..
    } = agent;
    let mt = library.private();
    let path = ident.to_string();
    let name = match &agent.name {
        Some(name) => quote!(::core::option::Option::Some(#name)),
        None => quote!(::core::option::Option::None),
    };
    let logger = agent.kind == Kind::Logger;
    let constants = listens.iter().map(|(_, constant)| constant);
    let shape = agent.shape.hash(library);
    let mt_at = library.private_at(ident.span());
    let behaviour = quote_spanned!(ident.span()=> #mt_at::behaviour_of::<#ident>());
    quote! {
        const __BEHAVIOUR: #mt::BehaviourOf<#ident> = #behaviour;
        static __ENTRY: #mt::AgentEntry = #mt::AgentEntry {
            path: ::core::concat!(::core::module_path!(), "::", #path),
            name: #name,
            location: ::core::concat!(::core::file!(), ":", ::core::line!(), ":", ::core::column!()),
            resident: #resident,
            logger: #logger,
            manual: #manual,
            listens: &[#(#constants),*],
            handles: __BEHAVIOUR.handled,
            sends: &[],
            shape: #shape,
            default: {
                use #mt::NoDefault as _;
                #mt::DefaultProbe::<#ident>::MAKE
            },
            run: __BEHAVIOUR.run,
        };
        #[automatically_derived]
        impl #mt::Agent for #ident {
            const NAME: ::core::option::Option<&'static ::core::primitive::str> = #name;
            fn entry() -> &'static #mt::AgentEntry { &__ENTRY }
        }
        #mt::inventory::submit! { #mt::AgentRegistration(&__ENTRY) }
    }
}

/// Whether there is something to run, and written under the right attribute.
fn runs(agent: &Agent) -> TokenStream {
    let ident = &agent.ident;
    let idle = format!(
        "agent `{ident}` has nothing to run: give its `#[agent] impl` an `fn op(&mut self, ctx: &mut Context)`, or declare it `resident`"
    );
    let (holds, message) = match agent.kind {
        Kind::Logger => (
            quote!(__BEHAVIOUR.has_log),
            format!("`{ident}` is a logger: write `log` in a `#[logger] impl {ident}` block"),
        ),
        // Only a `#[logger] impl` has a `log` and no `op`.
        Kind::Agent if agent.resident => (
            quote!(__BEHAVIOUR.has_op || !__BEHAVIOUR.has_log),
            format!(
                "`{ident}` is no logger: write its handlers in an `#[agent] impl {ident}` block"
            ),
        ),
        Kind::Agent => (quote!(__BEHAVIOUR.has_op), idle),
    };
    quote_spanned!(ident.span()=> const _: () = ::core::assert!(#holds, #message);)
}

/// Whether there is a handler for all that is listened to.
fn covers(agent: &Agent, listens: &[(&Path, Ident)]) -> TokenStream {
    let (kind, ident) = (agent.kind.name(), &agent.ident);
    let handler = match agent.kind {
        Kind::Agent => "a handler for it or for",
        Kind::Logger => "a `log` for it or for",
    };
    let checks = listens.iter().map(|(path, constant)| {
        let message = format!(
            "{kind} `{ident}` listens to `{}` but does not have {handler} a supertype of it",
            text(path)
        );
        let at = span(path);
        let mt = agent.library.private_at(at);
        quote_spanned!(at=>
            const _: () = ::core::assert!(#mt::covers(__BEHAVIOUR.handlers, &#constant), #message);
        )
    });
    quote!(#(#checks)*)
}

/// Whether nothing is listened to twice, as itself and as a supertype.
fn redundant(listens: &[(&Path, Ident)]) -> TokenStream {
    let pairs = listens.iter().flat_map(|one| {
        let others = listens.iter().filter(move |other| other.1 != one.1);
        others.map(move |other| (one, other))
    });
    let checks = pairs.map(|((path, constant), (parent, supertype))| {
        let message = format!(
            "`{}` is redundant: `{}` is its supertype and is listened to as well",
            text(path),
            text(parent)
        );
        quote_spanned!(span(path)=>
            const _: () = ::core::assert!(!#constant.is(&#supertype), #message);
        )
    });
    quote!(#(#checks)*)
}
