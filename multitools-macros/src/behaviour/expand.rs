//! What is generated for a behaviour.

use super::contexts;
use super::model::{Behaviour, Handler, Op};
use crate::agent::Kind;
use crate::cfg;
use crate::item;
use crate::output::Output;
use crate::paths::respan;
use crate::types::{generated_at, span, with_static};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;

/// Everything but the block.
///
/// When there are errors, the agent counts as one that does everything: whatever else would be said
/// of it, the mistakes say already.
pub(super) fn expand(behaviour: &Behaviour, sound: bool) -> TokenStream {
    let implementation = implementation(behaviour, sound);
    let rest = if sound {
        let rows = rows(behaviour);
        let handles = behaviour.handlers.iter().map(|h| handle(behaviour, h));
        let (accepts, contexts) = (accepts(behaviour), contexts::checks(behaviour));
        quote!(#rows #(#handles)* #accepts #contexts)
    } else {
        let (mt, agent) = (behaviour.library.private(), &behaviour.agent);
        quote! {
            const __HANDLED: &[#mt::Ancestry] = &[#mt::Ancestry::ROOT];
            const __HANDLERS: &[#mt::Handler<#agent>] = &[#mt::Handler::placeholder()];
            #[automatically_derived]
            impl<__M> #mt::Accepts<__M, #mt::Row<0>> for #agent {}
            #[automatically_derived]
            impl<__M> #mt::Answers<__M, #mt::Row<0>> for #agent {}
        }
    };
    item::hidden(
        &behaviour.attrs,
        &behaviour.library,
        quote!(#rest #implementation),
    )
}

/// The handlers with the names of their constants.
fn numbered(behaviour: &Behaviour) -> impl Iterator<Item = (usize, Ident, &Handler)> {
    let handlers = behaviour.handlers.iter().enumerate();
    handlers.map(|(i, handler)| (i, format_ident!("__H{i}"), handler))
}

/// The table of handlers. Each type is named in one constant: one error if it is no message.
fn rows(behaviour: &Behaviour) -> TokenStream {
    let (library, agent) = (&behaviour.library, &behaviour.agent);
    let mt = library.private();
    let silent = (behaviour.kind == Kind::Logger).then(|| quote!(.without_reply()));
    let rows = numbered(behaviour).map(|(_, constant, Handler { cfgs, message, .. })| {
        let at = span(message);
        let (mt, agent) = (library.private_at(at), respan(quote!(#agent), at));
        let message = with_static(message);
        quote_spanned!(at=>
            #(#cfgs)*
            const #constant: #mt::Handler<#agent> = <#mt::Handler<#agent>>::of::<#message>() #silent;
        )
    });
    let each = || numbered(behaviour).map(|(_, constant, handler)| (constant, &handler.cfgs));
    let constants = each().map(|(constant, cfgs)| quote!(#(#cfgs)* #constant));
    let ancestries = each().map(|(constant, cfgs)| quote!(#(#cfgs)* #constant.ancestry));
    quote! {
        #(#rows)*
        const __HANDLED: &[#mt::Ancestry] = &[#(#ancestries),*];
        const __HANDLERS: &[#mt::Handler<#agent>] = &#mt::sort([#(#constants),*]);
    }
}

fn implementation(behaviour: &Behaviour, sound: bool) -> TokenStream {
    let (library, agent) = (&behaviour.library, &behaviour.agent);
    let mt = library.private();
    let has_log = if sound {
        behaviour.log.exists()
    } else {
        quote!(true)
    };
    let has_op = !sound;
    let scope = contexts::scope(behaviour);
    let ops = behaviour.ops.iter().map(|op| run_op(behaviour, op));
    let conditions = behaviour.ops.iter().map(|op| cfg::predicate(&op.cfgs));
    let otherwise = match behaviour.ops.is_empty() {
        true => quote!(),
        false => quote!(#[cfg(not(any(#(#conditions),*)))]),
    };
    quote_spanned! {generated_at(span(agent))=>
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #mt::Behaviour for #agent {
            type Scope = #scope;
            #(#ops)*
            #otherwise
            type Output = ();
            #otherwise
            const HAS_OP: ::core::primitive::bool = #has_op;
            #otherwise
            fn run_op(
                mut self,
                __ctx: &mut #mt::Context<Self::Scope>,
            ) -> ::core::result::Result<(), #mt::Failure> {
                #mt::serve_mailbox(&mut self, __ctx)
            }
            const HAS_LOG: ::core::primitive::bool = #has_log;
            const HANDLED: &'static [#mt::Ancestry] = __HANDLED;
            const HANDLERS: &'static [#mt::Handler<Self>] = __HANDLERS;
            fn dispatch() -> &'static #mt::Dispatch<Self> {
                static DISPATCH: ::std::sync::OnceLock<#mt::Dispatch<#agent>> =
                    ::std::sync::OnceLock::new();
                DISPATCH.get_or_init(#mt::Dispatch::assemble)
            }
        }
    }
}

fn run_op(behaviour: &Behaviour, op: &Op) -> TokenStream {
    // All of it stands at the type that is returned, where an error about it then is, and is one.
    let at = op.returns.as_ref().map_or_else(|| op.ident.span(), span);
    let mt = behaviour.library.private_at(at);
    let cfgs = &op.cfgs;
    let output = Output::of(op.returns.as_ref(), &behaviour.library);
    let method = &op.ident;
    let given = op.ctx.as_ref().map(contexts::handed_on);
    let ty = &output.ty;
    let (receiver, outcome) = match op.is_sound {
        true => {
            let call = quote_spanned!(at=> Self::#method(&mut self #given));
            (quote!(mut self), output.outcome(&call))
        }
        false => (quote!(self), quote!(#mt::never())),
    };
    let ctx = match &op.ctx {
        Some(_) => quote!(__ctx),
        None => quote!(_),
    };
    quote_spanned! {at=>
        #(#cfgs)*
        type Output = #ty;
        #(#cfgs)*
        const HAS_OP: ::core::primitive::bool = true;
        #(#cfgs)*
        fn run_op(
            #receiver,
            #ctx: &mut #mt::Context<Self::Scope>,
        ) -> ::core::result::Result<Self::Output, #mt::Failure> {
            #outcome
        }
    }
}

/// Calls a method. Its result is bound to a name at its type, where an error about it then is.
fn handle(behaviour: &Behaviour, handler: &Handler) -> TokenStream {
    let (library, agent) = (&behaviour.library, &behaviour.agent);
    let mt = library.private();
    let Handler {
        cfgs,
        method,
        message,
        ..
    } = handler;
    let at = handler.result_span();
    let mt_at = library.private_at(at);
    let result = Ident::new("__result", at);
    let scope = contexts::scope(behaviour);
    let ctx = handler.ctx.as_ref().map(contexts::handed_on);
    let settle = match behaviour.kind {
        // The call stands at the message, where it is said that it is none; the result is named at its type.
        Kind::Agent => {
            let at = span(message);
            let mt = library.private_at(at);
            let given = Ident::new("__ctx", generated_at(at));
            quote_spanned!(at=> <#mt::Settle>::of::<#message, _>(#result, #given))
        }
        Kind::Logger => {
            let given = Ident::new("__ctx", generated_at(at));
            quote_spanned!(at=> #mt_at::HandlerResult::<#mt::NoReply>::settle(#result, #given))
        }
    };
    quote_spanned! {generated_at(span(message))=>
        #(#cfgs)*
        #[automatically_derived]
        impl #mt::Handle<#message> for #agent {
            fn handle(
                &mut self,
                __message: &#message,
                __ctx: &mut #mt::Context<#scope>,
            ) -> ::core::result::Result<#mt::Flow, #mt::Failure> {
                let #result = Self::#method(self, __message #ctx);
                #settle
            }
        }
    }
}

/// What may be sent to the agent, and what it may be asked. Only handlers without a handled supertype count: every message then
/// has one row at most, and the compiler finds it.
fn accepts(behaviour: &Behaviour) -> TokenStream {
    let (library, agent) = (&behaviour.library, &behaviour.agent);
    let mt = library.private();
    let each = numbered(behaviour).map(|(row, constant, Handler { cfgs, message, .. })| {
        let message = with_static(message);
        quote! {
            #(#cfgs)*
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl<__M: #mt::Is<#message>> #mt::Accepts<__M, #mt::Row<#row, #message>> for #agent
            where
                __M: #mt::When<{ #mt::maximal(&#constant.ancestry, __HANDLED) }>,
            {}
            #(#cfgs)*
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl<__M: #mt::Is<#message>> #mt::Answers<__M, #mt::Row<#row, #message>> for #agent
            where
                __M: #mt::When<{ #mt::answers(&#constant, __HANDLERS) }>,
            {}
        }
    });
    quote!(#(#each)*)
}
