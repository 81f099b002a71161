//! References in fields: which of them what is received can hold.

use super::{is_slice_of_u8, is_u8, serde_keys};
use crate::diag::Diag;
use crate::paths::Library;
use crate::types::{NameElided, last_segment, only_argument, peel, text};
use syn::visit_mut::VisitMut;
use syn::{Attribute, Field, Type, TypeReference, parse_quote};

/// Refuses the references of messages that serde would refuse in words of its own. A field that may borrow
/// what serde does not know of is left to the compiler.
pub(crate) fn refuse_in_message<'a>(
    library: &Library,
    attrs: &[Attribute],
    fields: impl Iterator<Item = &'a mut Field>,
    diag: &mut Diag,
) {
    refuse(library, attrs, fields, diag, in_message);
}

/// Refuses all references with a lifetime that an agent has.
pub(crate) fn refuse_in_agent<'a>(
    library: &Library,
    attrs: &[Attribute],
    fields: impl Iterator<Item = &'a mut Field>,
    diag: &mut Diag,
) {
    refuse(library, attrs, fields, diag, in_agent);
}

fn refuse<'a>(
    library: &Library,
    attrs: &[Attribute],
    fields: impl Iterator<Item = &'a mut Field>,
    diag: &mut Diag,
    mistake: fn(&TypeReference) -> Option<String>,
) {
    if decides(attrs) {
        return;
    }
    for field in fields.filter(|field| !decides(&field.attrs)) {
        let mut references = References::default();
        references.visit_type_mut(&mut field.ty.clone());
        let mut refused = false;
        for reference in &references.0 {
            if let Some(mistake) = mistake(reference) {
                diag.at(reference, mistake);
                refused = true;
            }
        }
        if refused {
            leave_out(library, field);
        }
    }
}

/// Has serde pass over a field of which enough has been said.
pub(crate) fn leave_out(library: &Library, field: &mut Field) {
    NameElided::with("'static").visit_type_mut(&mut field.ty);
    let never = library.text_of("never");
    field.attrs.retain(|attr| !attr.path().is_ident("serde"));
    field
        .attrs
        .push(parse_quote!(#[serde(skip, default = #never)]));
}

/// Whether attributes may mean that serde does not read a field, or not as what it is.
fn decides(attrs: &[Attribute]) -> bool {
    let harmless = [
        "borrow",
        "rename",
        "alias",
        "default",
        "deny_unknown_fields",
    ];
    serde_keys(attrs).any(|(key, _)| !harmless.contains(&key.as_str()))
        || attrs.iter().any(|attr| attr.path().is_ident("cfg_attr"))
}

fn in_agent(reference: &TypeReference) -> Option<String> {
    reference.lifetime.is_some().then(|| super::OWNS.to_owned())
}

fn in_message(reference: &TypeReference) -> Option<String> {
    let elem = peel(&reference.elem);
    let owned = owned(elem);
    let is_static = matches!(&reference.lifetime, Some(lifetime) if lifetime.ident == "static");
    if reference.mutability.is_some() {
        return Some(format!(
            "what is received is not to be changed where it lies: write `{owned}`"
        ));
    }
    if is_borrowed(elem) {
        let elem = text(elem);
        return is_static.then(|| {
            format!("a message is read from the bytes that it came in, which do not live for `'static`: write `{owned}`, or `&'a {elem}` with the lifetime `'a` of the message")
        });
    }
    (is_static || is_never_borrowed(elem)).then(|| {
        format!(
            "a message borrows texts and bytes only, as `&'a str` and `&'a [u8]`: write `{owned}`"
        )
    })
}

/// What serde can borrow by itself.
fn is_borrowed(elem: &Type) -> bool {
    last_segment(elem).is_some_and(|last| last.ident == "str") || is_slice_of_u8(elem)
}

/// Whether a field is nothing but what serde can borrow, so that nothing has to be checked.
pub(super) fn is_plainly_borrowed(ty: &Type) -> bool {
    let reference = |ty: &Type| match peel(ty) {
        Type::Reference(reference) => is_borrowed(peel(&reference.elem)),
        _ => false,
    };
    reference(ty) || only_argument(ty, "Option").is_some_and(reference) || is_cow(ty)
}

/// A `Cow` is read as what it owns.
fn is_cow(ty: &Type) -> bool {
    let Some(last) = last_segment(ty) else {
        return false;
    };
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return false;
    };
    let borrowed = |argument: &syn::GenericArgument| matches!(argument, syn::GenericArgument::Type(ty) if is_borrowed(peel(ty)));
    last.ident == "Cow" && arguments.args.iter().any(borrowed)
}

/// Types whose references are certain to be unknown to serde, by their usual names.
fn is_never_borrowed(elem: &Type) -> bool {
    const NAMES: &[&str] = &[
        "bool", "char", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
        "u128", "usize", "f32", "f64", "String", "Vec", "Option", "Box", "Rc", "Arc", "HashMap",
        "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "PathBuf", "Duration", "AgentId",
    ];
    match elem {
        Type::Slice(slice) => !is_u8(&slice.elem) && is_never_borrowed(peel(&slice.elem)),
        Type::Tuple(_) | Type::Array(_) | Type::Reference(_) => true,
        elem => last_segment(elem).is_some_and(|last| NAMES.iter().any(|name| last.ident == name)),
    }
}

/// What to hold instead of a reference.
pub(crate) fn owned(elem: &Type) -> String {
    match elem {
        Type::Slice(slice) => format!("Vec<{}>", text(&slice.elem)),
        elem if last_segment(elem).is_some_and(|last| last.ident == "str") => "String".to_owned(),
        elem => text(elem),
    }
}

/// The references in a type that are not those of functions.
#[derive(Default)]
struct References(Vec<TypeReference>);

impl VisitMut for References {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        // One in another is part of the same mistake.
        self.0.push(reference.clone());
    }

    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}

    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }
}
