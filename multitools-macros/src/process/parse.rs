//! From the attribute and its function to a [`Process`].

use super::model::Process;
use crate::agent;
use crate::args::{Args, Key, Shape};
use crate::behaviour;
use crate::diag::Diag;
use crate::fields;
use crate::item::Item;
use crate::limits::Limits;
use crate::paths::Library;
use crate::restart::Policy;
use crate::types::{NameElided, is_context, peel, with_static};
use proc_macro2::TokenStream;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::visit_mut::VisitMut;
use syn::{Field, FnArg, Ident, Pat, PatType, ReturnType, Type, Visibility, parse_quote};

const KEYS: &[Key] = &[Key("name", Shape::Text), Key("unnamed", Shape::Flag)];

/// What can be understood of the process; `None` when it can be no process.
pub(super) fn parse(tokens: TokenStream, item: &Item, diag: &mut Diag) -> Option<Process> {
    let args = Args::parse("process", &agent::all_keys(KEYS), tokens, diag);
    agent::check_name(&args, diag);
    let restart = Policy::parse(&args, diag);
    let limits = Limits::parse(&args, diag);
    let Item::Fn(function) = item else {
        diag.at(
            item.head(),
            "`#[process]` goes on a function; for a struct use `#[agent]`",
        );
        return None;
    };
    let sig = &function.sig;
    let mut fits = behaviour::is_plain(sig, "a process", diag);
    if !sig.generics.params.is_empty() {
        diag.at(
            &sig.generics,
            "a process cannot be generic: it is started by name in another process",
        );
        return None;
    }
    let mut has_ctx = false;
    let mut fields = Vec::new();
    for (i, input) in sig.inputs.iter().enumerate() {
        match input {
            FnArg::Typed(input) if i == 0 && is_context(&input.ty) => has_ctx = true,
            FnArg::Typed(input) => match argument(input, &function.vis, diag) {
                Some(field) => fields.push(field),
                None => {
                    fits = false;
                    fields.extend(substitute(input, &function.vis, i));
                }
            },
            FnArg::Receiver(receiver) => {
                diag.at(
                    receiver,
                    "a process is a free function; for methods use `#[agent]`",
                );
                return None;
            }
        }
    }
    let name = || {
        args.text("name")
            .map_or_else(|| sig.ident.unraw().to_string(), |name| name.value())
    };
    Some(Process {
        library: Library::of(&args).for_item(&sig.ident),
        attrs: function.attrs.clone(),
        vis: function.vis.clone(),
        ident: sig.ident.clone(),
        name: args.key("unnamed").is_none().then(name),
        restart,
        limits,
        has_ctx,
        fields,
        returns: match &sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some((**ty).clone()),
        },
        fits,
    })
}

/// An argument as a field.
fn argument(input: &PatType, vis: &Visibility, diag: &mut Diag) -> Option<Field> {
    let ty = &input.ty;
    let conditional = input.attrs.iter().find(|attr| attr.path().is_ident("cfg"));
    if let Some(cfg) = conditional {
        diag.at(
            cfg,
            "an argument of a process cannot be conditional; put the condition on the function",
        );
        return None;
    }
    match peel(ty) {
        Type::Reference(_) if is_context(ty) => {
            diag.at(input, "the context is the first parameter of a process");
            return None;
        }
        Type::Reference(reference) => {
            let owned = fields::borrowed::owned(peel(&reference.elem));
            diag.at(
                ty,
                format!("an argument of a process is sent to another process: take it by value, as `{owned}`"),
            );
            return None;
        }
        Type::ImplTrait(_) => {
            diag.at(
                ty,
                "a process cannot be generic: it is started by name in another process",
            );
            return None;
        }
        _ => {}
    }
    let name = named(&input.pat, diag)?;
    Some(parse_quote!(#[doc = "The argument of this name."] #vis #name: #ty))
}

/// The field for an argument that there cannot be, so that the process can be named nevertheless.
fn substitute(input: &PatType, vis: &Visibility, i: usize) -> Option<Field> {
    if is_context(&input.ty) || matches!(peel(&input.ty), Type::ImplTrait(_)) {
        return None;
    }
    let mut ty = (*input.ty).clone();
    NameElided::with("'static").visit_type_mut(&mut ty);
    let ty = with_static(&ty);
    let name = format_ident!("__argument{i}");
    Some(parse_quote!(#vis #name: #ty))
}

fn named(pattern: &Pat, diag: &mut Diag) -> Option<Ident> {
    match pattern {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
            Some(pattern.ident.clone())
        }
        other => {
            diag.at(
                other,
                "name this argument: it becomes a field of the process",
            );
            None
        }
    }
}
