//! What is generated for a process: a struct with its arguments, which is an agent.

use super::model::Process;
use crate::agent::stand_in;
use crate::cfg;
use crate::fields;
use crate::item::{self, Expansion};
use crate::output::Output;
use crate::place;
use crate::shape::Fingerprint;
use crate::types::{generated_at, span};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Generics};

/// Everything but the function.
pub(super) fn expand(mut process: Process, sound: bool) -> Expansion {
    let mut ahead = TokenStream::new();
    if !process.fits {
        return Expansion {
            ahead,
            behind: stand_in(&process),
        };
    }
    if sound {
        let fields = process.fields.iter().map(|field| (Vec::new(), field));
        ahead = fields::sendable(&process.library, &process.attrs, "sendable", fields);
    }
    fields::tell_serde(&process.library, process.fields.iter_mut());
    let arguments = arguments(&process);
    let items = [behaviour(&process), entry(&process)];
    let import = process.library.import(&process.attrs);
    let hidden = item::hidden(&process.attrs, &process.library, quote!(#(#items)*));
    Expansion {
        ahead,
        behind: quote!(#import #arguments #hidden),
    }
}

/// The struct, in the namespace of types, where the function is not.
fn arguments(process: &Process) -> TokenStream {
    let Process { vis, fields, .. } = process;
    let mut ident = process.ident.clone();
    // Not the user's own token, for which it would be a type with the name of a function.
    ident.set_span(generated_at(ident.span()));
    let cfgs = cfg::cfgs(&process.attrs);
    let mut attrs: Vec<Attribute> = Vec::new();
    if process.fits {
        item::add_derives(&mut attrs, &process.library, false);
    }
    let names: Vec<_> = fields.iter().map(|field| &field.ident).collect();
    let types = fields.iter().map(|field| &field.ty);
    let doc =
        format!("The process [`{ident}`](fn@{ident}), ready to be started with its arguments.");
    let with = format!("The process [`{ident}`](fn@{ident}) with these arguments.");
    quote! {
        #(#cfgs)*
        #[doc = #doc]
        #(#attrs)*
        #vis struct #ident { #(#fields),* }
        #(#cfgs)*
        #[automatically_derived]
        impl #ident {
            #[doc = #with]
            #[must_use]
            #vis fn with(#(#names: #types),*) -> Self { Self { #(#names),* } }
        }
    }
}

/// A struct that can be named, and started, for a function that is no process.
fn stand_in(process: &Process) -> TokenStream {
    let Process {
        library,
        attrs,
        ident,
        ..
    } = process;
    let arguments = arguments(process);
    let output = Output::of(process.returns.as_ref(), library).ty;
    let none = Generics::default();
    let items = [
        stand_in::declaration(library, attrs, ident, &none),
        stand_in::behaviour(library, attrs, &none, &quote!(#ident), &output),
    ];
    quote!(#arguments #(#items)*)
}

fn behaviour(process: &Process) -> TokenStream {
    let mt = process.library.private();
    let ident = &process.ident;
    // What is said of the type that is returned is said once, since it is all said there.
    let at = process.returns.as_ref().map_or_else(Span::call_site, span);
    let mt_at = process.library.private_at(at);
    let output = Output::of(process.returns.as_ref(), &process.library);
    let ctx = process.has_ctx.then(|| quote_spanned!(at=> __ctx,));
    let names = process.fields.iter().map(|field| &field.ident);
    // By the same hygiene as the parameters.
    let this = names.clone().map(|_| quote_spanned!(at=> self));
    let outcome = output.outcome(&quote!(#ident(#ctx #(#this.#names),*)));
    let ctx = if process.has_ctx {
        quote_spanned!(at=> __ctx)
    } else {
        quote!(_)
    };
    let ty = &output.ty;
    let run_op = quote_spanned! {at=>
        type Output = #ty;
        fn run_op(
            self,
            #ctx: &mut #mt_at::Context,
        ) -> ::core::result::Result<Self::Output, #mt_at::Failure> {
            #outcome
        }
    };
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #mt::Behaviour for #ident {
            type Scope = #mt::Anything;
            #run_op
            const HAS_OP: ::core::primitive::bool = true;
            const HAS_LOG: ::core::primitive::bool = false;
            const HANDLED: &'static [#mt::Ancestry] = &[];
            const HANDLERS: &'static [#mt::Handler<Self>] = &[];
            fn dispatch() -> &'static #mt::Dispatch<Self> {
                static DISPATCH: ::std::sync::OnceLock<#mt::Dispatch<#ident>> =
                    ::std::sync::OnceLock::new();
                DISPATCH.get_or_init(#mt::Dispatch::assemble)
            }
        }
    }
}

fn entry(process: &Process) -> TokenStream {
    let mt = process.library.private();
    let ident = &process.ident;
    let place = place::fields(ident, &process.library);
    let name = match &process.name {
        Some(name) => quote!(::core::option::Option::Some(#name)),
        None => quote!(::core::option::Option::None),
    };
    let shape = Fingerprint::default()
        .with_fields(process.fields.iter())
        .with("returns", process.returns.as_ref())
        .hash(&process.library);
    let restart = process.restart.expand(&process.library);
    let limits = process.limits.expand(&process.library);
    let mt_at = process.library.private_at(ident.span());
    let run = quote_spanned!(ident.span()=> #mt_at::serve::<#ident>);
    quote! {
        static __ENTRY: #mt::AgentEntry = #mt::AgentEntry {
            #place,
            name: #name,
            resident: false,
            logger: false,
            manual: true,
            restart: #restart,
            limits: #limits,
            listens: &[],
            handles: &[],
            sends: ::core::option::Option::None,
            announces: &[],
            spawns: &[],
            shape: #shape,
            default: ::core::option::Option::None,
            run: #run,
        };
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #mt::Agent for #ident {
            const NAME: ::core::option::Option<&'static ::core::primitive::str> = #name;
            fn entry() -> &'static #mt::AgentEntry { &__ENTRY }
        }
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #mt::Listed for #ident {
            const ANNOUNCES: &'static [#mt::Announced] = &[];
            const LISTENS: &'static [#mt::Ancestry] = &[];
        }
        #mt::inventory::submit! { #mt::AgentRegistration(&__ENTRY) }
    }
}
