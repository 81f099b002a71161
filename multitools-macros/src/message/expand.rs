//! What is generated for a message.

use super::model::{Body, Message, Variant};
use crate::cfg;
use crate::item;
use crate::types::span;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

/// Everything but the item. The checks are left out when there are errors already: they would only say
/// the same again.
pub(super) fn expand(message: &Message, sound: bool) -> TokenStream {
    let reply = sound.then(|| reply(message));
    let parts = [
        base(message),
        wraps(message),
        entry(message),
        implementation(message, sound),
    ];
    let library = &message.library;
    let import = library.import(&message.attrs);
    let hidden = item::hidden(&message.attrs, library, quote!(#(#parts)* #reply));
    quote!(#import #hidden)
}

/// How a struct holds its supertype. It dereferences to it; the fields of a supertype are its own.
fn base(message: &Message) -> TokenStream {
    let Body::Struct(Some(base)) = &message.body else {
        return TokenStream::new();
    };
    let mt = message.library.private();
    let (ident, ty, member) = (&message.ident, &base.ty, &base.member);
    let (impl_generics, generics, clause) = message.generics.split_for_impl();
    let deref = base.is_spelled.then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics ::core::ops::Deref for #ident #generics #clause {
                type Target = #ty;
                fn deref(&self) -> &#ty { &self.#member }
            }
            #[automatically_derived]
            impl #impl_generics ::core::ops::DerefMut for #ident #generics #clause {
                fn deref_mut(&mut self) -> &mut #ty { &mut self.#member }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #impl_generics #mt::HasBase<#ty> for #ident #generics #clause {}
        #deref
    }
}

/// How an enum takes in the messages that extend it. A type held by two variants is a mere value, since
/// nothing says which of them to take.
fn wraps(message: &Message) -> TokenStream {
    let mt = message.library.private();
    let ident = &message.ident;
    let variants: Vec<&Variant> = payloads(message).collect();
    let impls = variants.iter().map(|variant| {
        let (name, payload) = (&variant.ident, &variant.payload);
        let others = variants
            .iter()
            .filter(|other| other.ident != variant.ident && other.payload == variant.payload)
            .map(|other| cfg::predicate(&other.cfgs))
            .collect::<Vec<_>>();
        let alone = (!others.is_empty()).then(|| quote!(#[cfg(not(any(#(#others),*)))]));
        let cfgs = &variant.cfgs;
        quote! {
            #(#cfgs)*
            #alone
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #mt::Wraps<#payload> for #ident {
                fn wrap(__payload: #payload) -> Self { Self::#name(__payload) }
            }
        }
    });
    quote!(#(#impls)*)
}

/// The variants that may hold a subtype. Subtypes are boxed on their way, so none has lifetimes.
fn payloads(message: &Message) -> impl Iterator<Item = &Variant> {
    let variants = match &message.body {
        Body::Enum(variants) if message.is_owned() => variants.as_slice(),
        _ => &[],
    };
    variants.iter().filter(|variant| variant.payload.is_some())
}

/// A subtype of a request is answered as its parent is.
fn reply(message: &Message) -> TokenStream {
    let Some(reply) = &message.reply else {
        return TokenStream::new();
    };
    let at = span(reply);
    let mt = message.library.private_at(at);
    let (_, parent) = message.parent();
    let fits = message.extends.as_ref().map(|_| {
        quote_spanned!(at=>
            const _: () = #mt::reply_fits::<#mt::Reply<#reply>, <#parent as #mt::Message>::Reply>();
        )
    });
    quote_spanned!(at=> const _: () = #mt::replied::<#reply>(); #fits)
}

/// What must be known of the supertype, in one constant: its name in other places would be one more
/// error each if it is no message. That the supertype is held is checked at the field that should.
fn parent(message: &Message, sound: bool) -> TokenStream {
    let library = &message.library;
    let (_, parent) = message.parent();
    let Some(path) = &message.extends else {
        return TokenStream::new();
    };
    let (held_at, newtype) = match &message.body {
        Body::Struct(Some(base)) => (span(&base.ty), base.newtype.clone()),
        _ => (message.ident.span(), quote!(false)),
    };
    let at = span(path);
    let mt_at = library.private_at(at);
    let kind = quote_spanned!(at=> <#parent as #mt_at::Message>::Kind);
    let holds = sound.then(|| {
        let mt = library.private_at(held_at);
        let this = message.with_lifetime("'static", held_at);
        quote_spanned!(held_at=> let () = <#this as #mt::Extends<#parent, #kind>>::HOLDS;)
    });
    let this = message.with_lifetime("'static", at);
    let facts = quote_spanned!(at=> (
        <#parent as #mt_at::Message>::ANCESTRY,
        #mt_at::step(<#this as #mt_at::Edge<#parent, #kind>>::STEP, #newtype),
    ));
    let mt = library.private();
    quote!(const PARENT: (#mt::Ancestry, #mt::EdgeStep) = { #holds #facts };)
}

/// What the catalog knows of it. Only what an enum holds is boxed on its way.
fn entry(message: &Message) -> TokenStream {
    let mt = message.library.private();
    let held = match &message.body {
        Body::Struct(Some(base)) => !base.is_spelled,
        _ => message.extends.is_some(),
    };
    let boxed = if held && message.is_owned() {
        let this = &message.ident;
        quote!(::core::option::Option::Some(#mt::boxed_as::<#this>))
    } else {
        quote!(::core::option::Option::None)
    };
    let this = message.with_lifetime("'static", Span::call_site());
    let shape = message.shape.hash(&message.library);
    quote! {
        #mt::inventory::submit! {
            #mt::MessageEntry::of::<#this>(
                #shape,
                #boxed,
                ::core::concat!(::core::file!(), ":", ::core::line!()),
            )
        }
    }
}

fn implementation(message: &Message, sound: bool) -> TokenStream {
    let library = &message.library;
    let (mt, ident) = (library.private(), &message.ident);
    let (impl_generics, generics, clause) = message.generics.split_for_impl();
    let at = message.extends.as_ref().map_or_else(Span::call_site, span);
    let mt_at = library.private_at(at);
    let (parent, _) = message.parent();
    let reply = match &message.reply {
        Some(reply) => quote!(#mt::Reply<#reply>),
        None => quote_spanned!(at=> <#parent as #mt_at::Message>::Reply),
    };
    let kind = match &message.body {
        Body::Struct(_) => quote!(#mt::StructKind),
        Body::Enum(_) => quote!(#mt::EnumKind),
    };
    let name = match &message.name {
        Some(name) => quote!(#name),
        None => {
            let ident = ident.unraw().to_string();
            quote!(::core::concat!(::core::module_path!(), "::", #ident))
        }
    };
    let becomes = self::parent(message, sound);
    let view = message.with_lifetime("'__f", ident.span());
    let subtype = subtype(message);
    // Only enums take in subtypes, which are boxed on their way.
    let unboxed = message.is_owned() && matches!(message.body, Body::Enum(_));
    let from_box = unboxed.then(|| {
        quote! {
            fn from_box(
                __message: ::std::boxed::Box<dyn ::core::any::Any>,
            ) -> ::core::option::Option<Self> {
                __message.downcast::<Self>().ok().map(|__message| *__message)
            }
        }
    });
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #impl_generics #mt::Message for #ident #generics #clause {
            type At<'__f> = #view;
            type View<'__f> = #view;
            type Parent = #parent;
            type Kind = #kind;
            type Reply = #reply;
            const NAME: &'static ::core::primitive::str = #name;
            #becomes
            #subtype
            #from_box
        }
    }
}

/// The subtype that a variant of an enum holds, which is what travels then. Which variants hold one, the
/// compiler finds out by autoref.
fn subtype(message: &Message) -> TokenStream {
    let mt = message.library.private();
    let mut arms = payloads(message)
        .map(|variant| {
            let (cfgs, name) = (&variant.cfgs, &variant.ident);
            quote! {
                #(#cfgs)*
                Self::#name(__payload) => (&#mt::variant(__payload, self)).subtype(),
            }
        })
        .peekable();
    if arms.peek().is_none() {
        return TokenStream::new();
    }
    quote! {
        fn subtype(&self) -> ::core::option::Option<&dyn #mt::Travelling> {
            use #mt::{PlainVariant as _, SubtypeVariant as _};
            match self {
                #(#arms)*
                _ => ::core::option::Option::None,
            }
        }
    }
}
