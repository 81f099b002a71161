//! What stands in for an agent or a process that there cannot be: whatever else names it would be reported
//! as well.

use crate::item::remove_serde;
use crate::paths::Library;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;
use syn::{Attribute, GenericParam, Generics, Ident, ItemStruct, parse_quote};

/// The parameters of a type, and what it is with them, where every lifetime is `'static`.
struct Owned(Generics);

impl Owned {
    fn of(generics: &Generics) -> Owned {
        let mut generics = generics.clone();
        crate::types::MakeStatic.visit_generics_mut(&mut generics);
        let params = std::mem::take(&mut generics.params).into_iter();
        generics.params = params
            .filter(|param| !matches!(param, GenericParam::Lifetime(_)))
            .map(|mut param| {
                if let GenericParam::Type(param) = &mut param {
                    param.bounds.push(parse_quote!('static));
                }
                param
            })
            .collect();
        Owned(generics)
    }

    /// An `impl` of a trait in the private module. `more` is a lifetime of the trait.
    fn implement(
        &self,
        library: &Library,
        more: Option<TokenStream>,
        of: TokenStream,
        ty: &impl ToTokens,
        items: TokenStream,
    ) -> TokenStream {
        let mt = library.private();
        let (params, clause) = (&self.0.params, &self.0.where_clause);
        let params = params.iter().map(|param| {
            let mut param = param.clone();
            match &mut param {
                GenericParam::Type(param) => param.default = None,
                GenericParam::Const(param) => param.default = None,
                GenericParam::Lifetime(_) => {}
            }
            param
        });
        let more = more.into_iter();
        quote! {
            #[automatically_derived]
            impl<#(#more,)* #(#params),*> #mt::#of for #ty #clause { #items }
        }
    }
}

/// What stands in for the declaration on a struct.
pub(super) fn for_struct(library: &Library, item: &mut ItemStruct) -> TokenStream {
    remove_serde(&mut item.attrs);
    for field in &mut item.fields {
        remove_serde(&mut field.attrs);
    }
    declaration(library, &item.attrs, &item.ident, &item.generics)
}

/// What stands in for a declaration.
pub(crate) fn declaration(
    library: &Library,
    attrs: &[Attribute],
    ident: &Ident,
    generics: &Generics,
) -> TokenStream {
    let mt = library.private();
    let arguments = generics.params.iter().map(|param| match param {
        GenericParam::Lifetime(_) => quote!('static),
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => param.ident.to_token_stream(),
    });
    let ty = quote!(#ident<#(#arguments),*>);
    let owned = Owned::of(generics);
    let implement = |more, of, items| owned.implement(library, more, of, &ty, items);
    let parts = [
        implement(
            None,
            quote!(serde::Serialize),
            quote! {
                fn serialize<__S: #mt::serde::Serializer>(
                    &self,
                    _: __S,
                ) -> ::core::result::Result<__S::Ok, __S::Error> {
                    #mt::never()
                }
            },
        ),
        implement(
            Some(quote!('__de)),
            quote!(serde::Deserialize<'__de>),
            quote! {
                fn deserialize<__D: #mt::serde::Deserializer<'__de>>(
                    _: __D,
                ) -> ::core::result::Result<Self, __D::Error> {
                    #mt::never()
                }
            },
        ),
        implement(None, quote!(Scoped), quote!(type Scope = #mt::Anything;)),
        implement(
            None,
            quote!(Agent),
            quote! {
                const NAME: ::core::option::Option<&'static ::core::primitive::str> =
                    ::core::option::Option::None;
                fn entry() -> &'static #mt::AgentEntry { #mt::never() }
            },
        ),
        implement(
            None,
            quote!(Listed),
            quote! {
                const ANNOUNCES: &'static [#mt::Announced] = &[];
                const LISTENS: &'static [#mt::Ancestry] = &[];
            },
        ),
    ];
    crate::item::hidden(attrs, library, quote!(#(#parts)*))
}

/// What stands in for the behaviour.
pub(crate) fn behaviour(
    library: &Library,
    attrs: &[Attribute],
    generics: &Generics,
    agent: &TokenStream,
    output: &TokenStream,
) -> TokenStream {
    let mt = library.private();
    let owned = Owned::of(generics);
    let items = quote! {
        type Scope = #mt::Anything;
        type Output = #output;
        const HAS_OP: ::core::primitive::bool = true;
        const HAS_LOG: ::core::primitive::bool = true;
        const HANDLED: &'static [#mt::Ancestry] = &[];
        const HANDLERS: &'static [#mt::Handler<Self>] = &[];
        fn run_op(
            self,
            _: &mut #mt::Context,
        ) -> ::core::result::Result<Self::Output, #mt::Failure> {
            #mt::never()
        }
        fn dispatch() -> &'static #mt::Dispatch<Self> { #mt::never() }
    };
    let more = || Some(quote!(__M));
    let none = TokenStream::new;
    let parts = [
        owned.implement(library, None, quote!(Behaviour), &agent, items),
        owned.implement(
            library,
            more(),
            quote!(Accepts<__M, #mt::Row<0>>),
            &agent,
            none(),
        ),
        owned.implement(
            library,
            more(),
            quote!(Answers<__M, #mt::Row<0>>),
            &agent,
            none(),
        ),
    ];
    crate::item::hidden(attrs, library, quote!(#(#parts)*))
}
