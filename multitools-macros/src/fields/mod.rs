//! Fields: whether they can be sent, what serde is told about them, and how bytes are encoded.

pub(crate) mod borrowed;

use crate::cfg;
use crate::diag::Diag;
use crate::paths::Library;
use crate::types::{
    NameElided, borrows, last_segment, names_lifetime, only_argument, peel, span, with_static,
};
use borrowed::is_plainly_borrowed;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{
    Attribute, Field, GenericArgument, Ident, Meta, PathArguments, Token, Type, parse_quote,
};

/// Why an agent holds no references.
pub(crate) const OWNS: &str = "the fields of an agent are sent to its process, so it owns them: `String` instead of `&str`, `Vec<T>` instead of `&[T]`";

/// The keys of all `#[serde(..)]` attributes, each with the attribute it stands in.
pub(crate) fn serde_keys(attrs: &[Attribute]) -> impl Iterator<Item = (String, &Attribute)> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("serde"))
        .flat_map(|attr| keys_of(attr).into_iter().map(move |key| (key, attr)))
}

/// Malformed attributes are serde's to report.
fn keys_of(attr: &Attribute) -> Vec<String> {
    let key = |input: syn::parse::ParseStream<'_>| {
        let name = input.call(Ident::parse_any)?.to_string();
        while !input.is_empty() && !input.peek(Token![,]) {
            input.parse::<proc_macro2::TokenTree>()?;
        }
        Ok(name)
    };
    let list = |input: syn::parse::ParseStream<'_>| {
        Punctuated::<String, Token![,]>::parse_terminated_with(input, key)
    };
    let Meta::List(_) = &attr.meta else {
        return Vec::new();
    };
    attr.parse_args_with(list)
        .map(|keys| keys.into_iter().collect())
        .unwrap_or_default()
}

/// A check for each field that names its type where the user wrote it, which serde's errors do not: as
/// statements, since a constant for each would cost the compiler more than the check.
///
/// `check` is the function of the library that is asked. Types that serde can borrow are left to serde, and
/// so are fields with attributes that may mean they are not sent at all. Each field comes with the
/// conditions of what it is in.
pub(crate) fn sendable<'a>(
    library: &Library,
    attrs: &[Attribute],
    check: &str,
    fields: impl Iterator<Item = (Vec<Attribute>, &'a Field)>,
) -> TokenStream {
    let mut seen: Vec<(&Type, Vec<Attribute>)> = Vec::new();
    for (mut cfgs, field) in fields {
        cfgs.extend(cfg::cfgs(&field.attrs));
        let decides =
            |attr: &Attribute| attr.path().is_ident("serde") || attr.path().is_ident("cfg_attr");
        let check = (&field.ty, cfgs);
        if !field.attrs.iter().any(decides)
            && !is_plainly_borrowed(&field.ty)
            && !seen.contains(&check)
        {
            seen.push(check);
        }
    }
    let checks = seen
        .iter()
        .map(|(ty, cfgs)| (span(ty), ty, cfgs))
        .map(|(at, ty, cfgs)| {
            let mt = library.private_at(at);
            if borrows(ty) {
                let ty = with_static(ty);
                return quote_spanned!(at=> #(#cfgs)* #mt::borrowable::<#ty>(););
            }
            let check = Ident::new(check, at);
            quote_spanned!(at=> #(#cfgs)* #mt::#check::<#ty>();)
        });
    if seen.is_empty() {
        return TokenStream::new();
    }
    crate::item::hidden(attrs, library, quote!(#(#checks)*))
}

/// Refuses what makes serde leave out a field: values are encoded as arrays, and their elements would
/// move up.
pub(crate) fn refuse_gaps<'a>(fields: impl Iterator<Item = &'a Field>, diag: &mut Diag) {
    for field in fields {
        for (_, attr) in serde_keys(&field.attrs).filter(|(key, _)| key == "skip_serializing_if") {
            diag.at(
                attr,
                "values are encoded as arrays, where a field cannot be left out: the fields after it would be read in its place",
            );
        }
    }
}

/// Refuses references without a lifetime, which rustc would report for each derive again, and gives them
/// one. Whether there were any.
pub(crate) fn refuse_elided<'a>(
    fields: impl Iterator<Item = &'a mut Field>,
    lifetime: &'static str,
    text: &str,
    diag: &mut Diag,
) -> bool {
    let mut elided = NameElided::with(lifetime);
    for field in fields {
        elided.visit_type_mut(&mut field.ty);
    }
    for at in &elided.places {
        diag.at_span(*at, text);
    }
    !elided.places.is_empty()
}

/// Tells serde what the user need not: which fields borrow from the message, and that byte buffers are
/// copied as blocks. Without that an empty buffer would be encoded as an empty array, which does not
/// decode as `&[u8]`, and others byte by byte.
pub(crate) fn tell_serde<'a>(library: &Library, fields: impl Iterator<Item = &'a mut Field>) {
    let bytes = library.text_of("bytes");
    for field in fields {
        let keys: Vec<String> = serde_keys(&field.attrs).map(|(key, _)| key).collect();
        if keys.iter().any(|key| key.starts_with("skip")) {
            continue;
        }
        if names_lifetime(&field.ty) && !keys.iter().any(|key| key == "borrow") {
            field.attrs.push(parse_quote!(#[serde(borrow)]));
        }
        let chosen = |key: &String| {
            matches!(
                key.as_str(),
                "with" | "serialize_with" | "deserialize_with" | "flatten" | "getter"
            )
        };
        if keys.iter().any(chosen) {
            continue;
        }
        if is_bytes(&field.ty) || only_argument(&field.ty, "Option").is_some_and(is_bytes) {
            field.attrs.push(parse_quote!(#[serde(with = #bytes)]));
        } else if is_bytes_cow(&field.ty) {
            let serialize = format!("{bytes}::serialize");
            field
                .attrs
                .push(parse_quote!(#[serde(serialize_with = #serialize)]));
        }
    }
}

/// `Vec<u8>`, `Box<[u8]>` or `&[u8]`.
fn is_bytes(ty: &Type) -> bool {
    let boxed = || only_argument(ty, "Box").is_some_and(is_slice_of_u8);
    let borrowed = || match peel(ty) {
        Type::Reference(reference) => {
            reference.mutability.is_none() && is_slice_of_u8(&reference.elem)
        }
        _ => false,
    };
    only_argument(ty, "Vec").is_some_and(is_u8) || boxed() || borrowed()
}

/// `Cow<'_, [u8]>`.
fn is_bytes_cow(ty: &Type) -> bool {
    let Some(last) = last_segment(ty) else {
        return false;
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return false;
    };
    let slice = |argument: &GenericArgument| match argument {
        GenericArgument::Type(ty) => is_slice_of_u8(ty),
        _ => false,
    };
    last.ident == "Cow" && arguments.args.iter().any(slice)
}

fn is_slice_of_u8(ty: &Type) -> bool {
    matches!(peel(ty), Type::Slice(slice) if is_u8(&slice.elem))
}

fn is_u8(ty: &Type) -> bool {
    matches!(peel(ty), Type::Path(path) if path.path.is_ident("u8"))
}
