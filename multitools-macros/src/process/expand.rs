//! What is generated for a process: a struct with its arguments, which is an agent.

use super::model::Process;
use crate::cfg;
use crate::fields;
use crate::item::{self, Expansion};
use crate::output::Output;
use crate::shape::Fingerprint;
use crate::types::generated_at;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Attribute;

/// Everything but the function.
pub(super) fn expand(mut process: Process, sound: bool) -> Expansion {
    let mut ahead = TokenStream::new();
    if sound {
        let fields = process.fields.iter().map(|field| (Vec::new(), field));
        ahead = fields::sendable(&process.library, &process.attrs, fields);
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
    item::add_derives(&mut attrs, &process.library, false);
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

fn behaviour(process: &Process) -> TokenStream {
    let mt = process.library.private();
    let ident = &process.ident;
    let output = Output::of(process.returns.as_ref(), &process.library);
    let ctx = process.has_ctx.then(|| quote!(__ctx,));
    let names = process.fields.iter().map(|field| &field.ident);
    let outcome = output.outcome(&quote!(#ident(#ctx #(self.#names),*)));
    let ctx = if process.has_ctx {
        quote!(__ctx)
    } else {
        quote!(_)
    };
    let ty = &output.ty;
    quote! {
        #[automatically_derived]
        impl #mt::Behaviour for #ident {
            type Scope = #mt::Anything;
            type Output = #ty;
            const HAS_OP: ::core::primitive::bool = true;
            const HAS_LOG: ::core::primitive::bool = false;
            const HANDLED: &'static [#mt::Ancestry] = &[];
            const HANDLERS: &'static [#mt::Handler<Self>] = &[];
            fn run_op(
                self,
                #ctx: &mut #mt::Context,
            ) -> ::core::result::Result<#ty, #mt::Failure> {
                #outcome
            }
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
    let path = ident.to_string();
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
            path: ::core::concat!(::core::module_path!(), "::", #path),
            name: #name,
            location: ::core::concat!(::core::file!(), ":", ::core::line!(), ":", ::core::column!()),
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
        impl #mt::Agent for #ident {
            const NAME: ::core::option::Option<&'static ::core::primitive::str> = #name;
            fn entry() -> &'static #mt::AgentEntry { &__ENTRY }
        }
        #[automatically_derived]
        impl #mt::Listed for #ident {
            const ANNOUNCES: &'static [#mt::Announced] = &[];
            const LISTENS: &'static [#mt::Ancestry] = &[];
        }
        #mt::inventory::submit! { #mt::AgentRegistration(&__ENTRY) }
    }
}
