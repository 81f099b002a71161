//! What is generated for what an agent declares that it sends.

use super::expand::{Lists, names};
use super::model::Agent;
use crate::types::{text, with_static};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, parse_quote};

/// Whose declaration the agent's context obeys.
pub(super) fn scope(agent: &Agent) -> TokenStream {
    let mt = agent.library.private();
    if agent.declares_sends {
        quote!(Self)
    } else {
        quote!(#mt::Anything)
    }
}

/// What the compiler lets pass. Only types without a declared supertype count: every message then has
/// one row at most, and the compiler finds it. An agent with mistakes may send everything: whatever else
/// would be said of it, the mistakes say already.
pub(super) fn may_send(agent: &Agent, lists: &Lists<'_>, sound: bool) -> TokenStream {
    let (mt, ident) = (agent.library.private(), &agent.ident);
    if !agent.declares_sends {
        return TokenStream::new();
    }
    if !sound {
        return quote! {
            #[automatically_derived]
            impl<__M> #mt::MaySend<__M, #mt::Row<0>> for #ident {}
        };
    }
    let declared = names(&lists.sends).chain(names(&lists.announces));
    let paths = lists.sends.iter().chain(&lists.announces);
    let each = paths.enumerate().map(|(row, (path, _))| {
        let path: Type = parse_quote!(#path);
        let message = with_static(&path);
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl<__M: #mt::Is<#message>> #mt::MaySend<__M, #mt::Row<#row>> for #ident
            where
                __M: #mt::When<{ #mt::widest(#row, __DECLARED) }>,
            {}
        }
    });
    // Without any row the compiler would not wait for the type of the message before it complains.
    let nothing = (lists.sends.is_empty() && lists.announces.is_empty()).then(|| {
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl<__M: #mt::When<false>> #mt::MaySend<__M, #mt::Row<0>> for #ident {}
        }
    });
    quote! {
        const __DECLARED: &[#mt::Ancestry] = &[#(#declared),*];
        #(#each)*
        #nothing
    }
}

/// What `run!` compares: who announces what, and who listens to it.
pub(super) fn listed(agent: &Agent, lists: &Lists<'_>) -> TokenStream {
    let (mt, ident) = (agent.library.private(), &agent.ident);
    let announced = lists.announces.iter().map(|(path, constant)| {
        let unheard = format!(
            "no agent of this run listens to `{}`, which agent `{ident}` announces",
            text(path)
        );
        quote!(#mt::Announced { message: #constant, unheard: #unheard })
    });
    let listens = names(&lists.listens);
    let spawns = (!lists.spawns.is_empty()).then(|| {
        let spawns = names(&lists.spawns);
        quote!(const SPAWNS: &'static [#mt::Spawns] = &[#(#spawns),*];)
    });
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #mt::Listed for #ident {
            const ANNOUNCES: &'static [#mt::Announced] = &[#(#announced),*];
            const LISTENS: &'static [#mt::Ancestry] = &[#(#listens),*];
            #spawns
        }
    }
}
