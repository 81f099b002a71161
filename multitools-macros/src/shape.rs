//! What a type looks like on the wire, as a number: its fields, with their types and what serde is told
//! about them. What `#[cfg]` removes is no part of it.

use crate::cfg;
use crate::paths::Library;
use crate::types::text;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Fields, ItemEnum, ItemStruct, Meta, Token, parse_quote};

/// The parts of a shape, each with its conditions.
#[derive(Default)]
pub(crate) struct Fingerprint(Vec<(Vec<Attribute>, String)>);

impl Fingerprint {
    /// The shape of a struct.
    pub(crate) fn of_struct(item: &ItemStruct) -> Fingerprint {
        let mut shape = Fingerprint::default();
        let head = format!("struct{}", brackets(&item.fields));
        shape.told_to_serde(&[], &head, &item.attrs);
        shape.with_fields(item.fields.iter())
    }

    /// The shape of an enum.
    pub(crate) fn of_enum(item: &ItemEnum) -> Fingerprint {
        let mut shape = Fingerprint::default();
        shape.told_to_serde(&[], "enum", &item.attrs);
        for variant in &item.variants {
            let cfgs = cfg::cfgs(&variant.attrs);
            let name = variant.ident.to_string();
            let head = format!("{name}{}", brackets(&variant.fields));
            shape.told_to_serde(&cfgs, &head, &variant.attrs);
            for field in &variant.fields {
                shape.field(&cfgs, &name, field);
            }
        }
        shape
    }

    /// Adds what is not a field.
    pub(crate) fn with(mut self, what: &str, value: Option<&impl ToTokens>) -> Fingerprint {
        if let Some(value) = value {
            self.0.push((Vec::new(), format!("{what} {}", text(value))));
        }
        self
    }

    /// Adds fields.
    pub(crate) fn with_fields<'a>(
        mut self,
        fields: impl Iterator<Item = &'a Field>,
    ) -> Fingerprint {
        fields.for_each(|field| self.field(&[], "", field));
        self
    }

    fn field(&mut self, cfgs: &[Attribute], owner: &str, field: &Field) {
        let cfgs = [cfgs, &cfg::cfgs(&field.attrs)].concat();
        let name = field.ident.as_ref().map(ToString::to_string);
        let name = name.unwrap_or_default();
        let what = format!("{owner}.{name}: {}", text(&field.ty));
        self.told_to_serde(&cfgs, &what, &field.attrs);
    }

    /// Adds a part, and what `#[serde(..)]` says of it, under which condition ever.
    fn told_to_serde(&mut self, cfgs: &[Attribute], what: &str, attrs: &[Attribute]) {
        self.0.push((cfgs.to_vec(), what.to_owned()));
        for attr in attrs {
            if attr.path().is_ident("serde") {
                self.0.push((cfgs.to_vec(), text(&attr.meta)));
            }
            let Some((condition, metas)) = conditional(attr) else {
                continue;
            };
            let mut cfgs = cfgs.to_vec();
            cfgs.push(parse_quote!(#[cfg(#condition)]));
            let metas = metas.iter().filter(|meta| meta.path().is_ident("serde"));
            self.0.extend(metas.map(|meta| (cfgs.clone(), text(meta))));
        }
    }

    /// The hash, as an expression: parts that stand under the same conditions are one text. Texts are
    /// hashed here, since the compiler is a thousand times slower at it when it evaluates constants.
    pub(crate) fn hash(&self, library: &Library) -> TokenStream {
        let mt = library.private();
        let parts = self.0.chunk_by(|one, other| one.0 == other.0).map(|parts| {
            let texts: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
            let (cfgs, hash) = (&parts[0].0, fnv(&texts.join("; ")));
            quote!(#(#cfgs)* #hash)
        });
        quote!(#mt::shape(&[#(#parts),*]))
    }
}

/// FNV-1a 64.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn brackets(fields: &Fields) -> &'static str {
    match fields {
        Fields::Named(_) => "{}",
        Fields::Unnamed(_) => "()",
        Fields::Unit => "",
    }
}

/// The condition of a `#[cfg_attr(..)]`, and what it is a condition of.
fn conditional(attr: &Attribute) -> Option<(Meta, Vec<Meta>)> {
    if !attr.path().is_ident("cfg_attr") {
        return None;
    }
    let list = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    // A malformed list is rustc's to report.
    let mut metas = list.ok()?.into_iter();
    Some((metas.next()?, metas.collect()))
}
