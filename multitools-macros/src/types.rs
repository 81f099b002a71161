//! Questions about types, and how they are written in texts.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{VisitMut, visit_type_reference_mut};
use syn::{GenericArgument, Lifetime, PathArguments, PathSegment, Type, TypeReference};

/// Tokens as a user would write them: `Vec<u8>`, not `Vec < u8 >`.
pub(crate) fn text(tokens: impl ToTokens) -> String {
    let mut written = String::new();
    write(tokens.to_token_stream(), &mut written);
    written
}

fn write(tokens: TokenStream, written: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                written.push_str(open);
                write(group.stream(), written);
                written.push_str(close);
            }
            TokenTree::Punct(punct) => {
                written.push(punct.as_char());
                if matches!(punct.as_char(), ',' | ';') {
                    written.push(' ');
                }
            }
            word => {
                let glued = |c: char| c.is_alphanumeric() || c == '_';
                if written.ends_with(glued) {
                    written.push(' ');
                }
                written.push_str(&word.to_string());
            }
        }
    }
}

/// The type without the invisible parentheses around what a `macro_rules!` was given.
pub(crate) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        ty => ty,
    }
}

/// The last segment of a path type.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match peel(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// Whether it is `&mut Context`, by whatever path.
pub(crate) fn is_context(ty: &Type) -> bool {
    matches!(peel(ty), Type::Reference(reference)
        if reference.mutability.is_some()
            && last_segment(&reference.elem).is_some_and(|last| last.ident == "Context"))
}

/// Whether the context is a plain one, without an argument that says whose it is.
pub(crate) fn is_plain_context(ty: &Type) -> bool {
    match peel(ty) {
        Type::Reference(reference) => {
            last_segment(&reference.elem).is_some_and(|last| last.arguments.is_none())
        }
        _ => false,
    }
}

/// The place of the word `Context` in the type of a context.
pub(crate) fn context_name(ty: &Type) -> Span {
    match peel(ty) {
        Type::Reference(reference) => {
            last_segment(&reference.elem).map_or_else(|| span(ty), |last| last.ident.span())
        }
        _ => span(ty),
    }
}

/// Whether it is spelled `..Result<..>`.
pub(crate) fn is_result(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| last.ident == "Result")
}

/// The only type argument of the last segment, when that is all it has.
pub(crate) fn only_argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let last = last_segment(ty)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.iter().collect::<Vec<_>>()[..] {
        [GenericArgument::Type(only)] if last.ident == name => Some(only),
        _ => None,
    }
}

/// Makes every lifetime `'static`.
pub(crate) struct MakeStatic;

impl VisitMut for MakeStatic {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        *lifetime = Lifetime::new("'static", lifetime.span());
    }
}

/// The type with `'static` for every lifetime it names.
pub(crate) fn with_static(ty: &Type) -> Type {
    let mut ty = ty.clone();
    MakeStatic.visit_type_mut(&mut ty);
    ty
}

/// Names a lifetime in references without one, and lists where they stand. What functions take and
/// return is theirs.
pub(crate) struct NameElided {
    pub(crate) lifetime: &'static str,
    pub(crate) places: Vec<Span>,
}

impl NameElided {
    /// With this lifetime, nothing seen yet.
    pub(crate) fn with(lifetime: &'static str) -> NameElided {
        NameElided {
            lifetime,
            places: Vec::new(),
        }
    }
}

impl VisitMut for NameElided {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        let at = reference.and_token.span;
        reference.lifetime.get_or_insert_with(|| {
            self.places.push(at);
            Lifetime::new(self.lifetime, at)
        });
        visit_type_reference_mut(self, reference);
    }

    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}

    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }
}

/// What a type borrows.
#[derive(Default)]
struct Borrowed {
    references: bool,
    lifetimes: bool,
}

impl VisitMut for Borrowed {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        self.lifetimes |= lifetime.ident != "static";
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        self.references = true;
        visit_type_reference_mut(self, reference);
    }
}

impl Borrowed {
    fn by(ty: &Type) -> Borrowed {
        let mut borrowed = Borrowed::default();
        borrowed.visit_type_mut(&mut ty.clone());
        borrowed
    }
}

/// Whether the type names a lifetime that is not `'static`.
pub(crate) fn names_lifetime(ty: &Type) -> bool {
    Borrowed::by(ty).lifetimes
}

/// Whether the type is or may hold a reference.
pub(crate) fn borrows(ty: &Type) -> bool {
    let borrowed = Borrowed::by(ty);
    borrowed.lifetimes || borrowed.references
}

/// A place for whole items: errors about them point there, and lints know that nobody wrote them.
pub(crate) fn generated_at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// The place of the type in the user's source, whole.
pub(crate) fn span(tokens: &impl ToTokens) -> Span {
    syn::spanned::Spanned::span(tokens)
}
