//! Which context the methods of an agent take: `&mut Context`, or `&mut Context<Self>` if the agent
//! declares what it sends. The block cannot see the declaration, so it goes by what its methods say, and
//! has the compiler compare the two.

use super::model::Behaviour;
use crate::diag::Diag;
use crate::types::{context_name, is_plain_context, span};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Ident, Type};

/// The contexts that methods take, each with the conditions of its method.
fn contexts(behaviour: &Behaviour) -> impl Iterator<Item = (&Type, &Vec<Attribute>)> {
    let handlers = behaviour.handlers.iter().map(|h| (h.ctx.as_ref(), &h.cfgs));
    let ops = behaviour.ops.iter().map(|op| (op.ctx.as_ref(), &op.cfgs));
    handlers
        .chain(ops)
        .filter_map(|(ctx, cfgs)| ctx.map(|ctx| (ctx, cfgs)))
}

/// Whether the agent may send anything, as far as its methods say.
fn is_plain(behaviour: &Behaviour) -> bool {
    contexts(behaviour).all(|(ctx, _)| is_plain_context(ctx))
}

/// Whose declaration the context obeys.
pub(super) fn scope(behaviour: &Behaviour) -> TokenStream {
    let mt = behaviour.library.private();
    if is_plain(behaviour) {
        quote!(#mt::Anything)
    } else {
        quote!(Self)
    }
}

/// All methods take the same.
pub(super) fn check(behaviour: &Behaviour, diag: &mut Diag) {
    if is_plain(behaviour) {
        return;
    }
    for (ctx, _) in contexts(behaviour).filter(|(ctx, _)| is_plain_context(ctx)) {
        diag.at_span(
            context_name(ctx),
            "other methods of this agent take `&mut Context<Self>`: with `sends(..)` all do, without it all take `&mut Context`",
        );
    }
}

/// Whether that is what the declaration says: asked at one place, since one answer is enough.
pub(super) fn checks(behaviour: &Behaviour) -> TokenStream {
    let check = if is_plain(behaviour) {
        "plain_context"
    } else {
        "own_context"
    };
    let mut all: Vec<_> = contexts(behaviour)
        .map(|(ctx, cfgs)| (context_name(ctx), check, cfgs.as_slice()))
        .collect();
    if let Some(certain) = all.iter().position(|(_, _, cfgs)| cfgs.is_empty()) {
        all = vec![all[certain]];
    }
    if all.is_empty() {
        all.push((span(&behaviour.agent), "no_context", &[]));
    }
    let agent = &behaviour.agent;
    let checks = all.into_iter().map(|(at, check, cfgs)| {
        let mt = behaviour.library.private_at(at);
        let scope = (check != "no_context").then(|| quote_spanned!(at=> , _));
        let check = Ident::new(check, at);
        quote_spanned!(at=> #(#cfgs)* const _: () = #mt::#check::<#agent #scope>();)
    });
    quote!(#(#checks)*)
}

/// The context as a last argument, at the parameter.
pub(super) fn handed_on(ctx: &Type) -> TokenStream {
    let argument = Ident::new("__ctx", Span::call_site().located_at(context_name(ctx)));
    quote!(, #argument)
}
