//! What is generated for an agent.

use super::model::{Agent, Kind};
use super::sends;
use crate::item;
use crate::place;
use crate::types::{span, text};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Path};

/// Everything but the struct. The checks are left out when there are errors already: they would only
/// say the same again.
pub(super) fn expand(agent: &Agent, sound: bool) -> TokenStream {
    let lists = Lists {
        listens: constants("L", &agent.listens),
        sends: constants("S", &agent.sends),
        announces: constants("A", &agent.announces),
        spawns: constants("P", &agent.spawns),
    };
    let all = [&lists.listens, &lists.sends, &lists.announces];
    let ancestries = all.into_iter().flatten().map(|(path, constant)| {
        let at = span(path);
        let mt = agent.library.private_at(at);
        quote_spanned!(at=> const #constant: #mt::Ancestry = #mt::ancestry_of::<#path>();)
    });
    let spawns = lists.spawns.iter().map(|(path, constant)| {
        let at = span(path);
        let mt = agent.library.private_at(at);
        quote_spanned!(at=> const #constant: #mt::Spawns = #mt::spawns::<#path>();)
    });
    let entry = entry(agent, &lists);
    let may_send = sends::may_send(agent, &lists, sound);
    let listed = sends::listed(agent, &lists);
    let checks = sound.then(|| {
        let (runs, covers) = (runs(agent), covers(agent, &lists.listens));
        let listens = redundant(&lists.listens, "is listened to");
        let sends = redundant(&lists.sends, "is declared");
        let announces = redundant(&lists.announces, "is announced");
        quote!(#runs #covers #listens #sends #announces)
    });
    let items = quote!(#(#ancestries)* #(#spawns)* #entry #may_send #listed #checks);
    let import = agent.library.import(&agent.attrs);
    let hidden = item::hidden(&agent.attrs, &agent.library, items);
    quote!(#import #hidden)
}

/// A type in a list with the name of its constant. Each is named there only: one error if it is no
/// message.
pub(super) type Named<'a> = (&'a Path, Ident);

/// The lists in the declaration.
pub(super) struct Lists<'a> {
    pub(super) listens: Vec<Named<'a>>,
    pub(super) sends: Vec<Named<'a>>,
    pub(super) announces: Vec<Named<'a>>,
    /// Of agents, not of messages.
    pub(super) spawns: Vec<Named<'a>>,
}

fn constants<'a>(letter: &str, paths: &'a [Path]) -> Vec<Named<'a>> {
    let paths = paths.iter().enumerate();
    paths
        .map(|(i, path)| (path, format_ident!("__{letter}{i}")))
        .collect()
}

/// The names of the constants.
pub(super) fn names<'a>(list: &'a [Named<'a>]) -> impl Iterator<Item = &'a Ident> {
    list.iter().map(|(_, constant)| constant)
}

fn entry(agent: &Agent, lists: &Lists<'_>) -> TokenStream {
    let Agent {
        library,
        ident,
        resident,
        manual,
        ..
    } = agent;
    let mt = library.private();
    let place = place::fields(ident, library);
    let name = match &agent.name {
        Some(name) => quote!(::core::option::Option::Some(#name)),
        None => quote!(::core::option::Option::None),
    };
    let logger = agent.kind == Kind::Logger;
    let listens = names(&lists.listens);
    let sends = match agent.declares_sends {
        true => {
            let sends = names(&lists.sends);
            quote!(::core::option::Option::Some(&[#(#sends),*]))
        }
        false => quote!(::core::option::Option::None),
    };
    let announces = names(&lists.announces);
    let spawns = names(&lists.spawns);
    let restart = agent.restart.expand(library);
    let limits = agent.limits.expand(library);
    let scope = sends::scope(agent);
    let shape = agent.shape.hash(library);
    let mt_at = library.private_at(ident.span());
    let behaviour = quote_spanned!(ident.span()=> #mt_at::behaviour_of::<#ident>());
    quote! {
        const __BEHAVIOUR: #mt::BehaviourOf = #behaviour;
        static __ENTRY: #mt::AgentEntry = #mt::AgentEntry {
            #place,
            name: #name,
            resident: #resident,
            logger: #logger,
            manual: #manual,
            restart: #restart,
            limits: #limits,
            listens: &[#(#listens),*],
            handles: __BEHAVIOUR.handled,
            sends: #sends,
            announces: &[#(#announces),*],
            spawns: &[#(#spawns),*],
            shape: #shape,
            default: {
                use #mt::NoDefault as _;
                #mt::DefaultProbe::<#ident>::MAKE
            },
            run: __BEHAVIOUR.run,
        };
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #mt::Scoped for #ident {
            type Scope = #scope;
        }
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
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
fn covers(agent: &Agent, listens: &[Named<'_>]) -> TokenStream {
    let ident = &agent.ident;
    let checks = listens.iter().map(|(path, constant)| {
        let name = text(path);
        let message = match agent.kind {
            Kind::Agent => format!(
                "agent `{ident}` listens to `{name}` but has no handler for it or for a supertype of it: write `#[handle] fn on_message(&mut self, message: &{name})` in its `#[agent] impl`"
            ),
            Kind::Logger => format!(
                "logger `{ident}` listens to `{name}` but its `log` takes neither that nor a supertype of it: write `fn log(&mut self, message: &{name})`, or take `&AnyMessage`"
            ),
        };
        let at = span(path);
        let mt = agent.library.private_at(at);
        quote_spanned!(at=>
            const _: () = ::core::assert!(#mt::covers(__BEHAVIOUR.handled, &#constant), #message);
        )
    });
    quote!(#(#checks)*)
}

/// Whether nothing is listed twice, as itself and as a supertype.
fn redundant(list: &[Named<'_>], how: &str) -> TokenStream {
    let pairs = list.iter().flat_map(|one| {
        let others = list.iter().filter(move |other| other.1 != one.1);
        others.map(move |other| (one, other))
    });
    let checks = pairs.map(|((path, constant), (parent, supertype))| {
        let message = format!(
            "`{}` is redundant: `{}` is its supertype and {how} as well",
            text(path),
            text(parent)
        );
        quote_spanned!(span(path)=>
            const _: () = ::core::assert!(!#constant.is(&#supertype), #message);
        )
    });
    quote!(#(#checks)*)
}
