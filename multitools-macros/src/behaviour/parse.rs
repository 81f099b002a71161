//! From the `impl` block to a [`Behaviour`]. Methods with mistakes are reported and left out.

use super::model::{Behaviour, Handler, Log, Op};
use crate::agent::{self, Kind};
use crate::args::Args;
use crate::cfg;
use crate::diag::{Diag, did_you_mean};
use crate::loose::{LooseFn, LooseImpl, LooseItem};
use crate::paths::Library;
use crate::types::{is_context, last_segment, names_lifetime, peel, text, with_static};
use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, Meta, ReceiverKind, ReturnType, Signature, Type, parse_quote};

/// What can be understood of the behaviour; what stands in for it when it can be none.
pub(super) fn parse(
    kind: Kind,
    tokens: TokenStream,
    item: &mut LooseImpl,
    diag: &mut Diag,
) -> Result<Behaviour, TokenStream> {
    let args = arguments(kind, tokens, diag);
    if let Some((path, _)) = &item.of_trait {
        let kind = kind.name();
        diag.at(
            path,
            format!(
                "`#[{kind}]` goes on the `impl` block of the type itself, not on that of a trait"
            ),
        );
        remove_markers(item);
        return Err(TokenStream::new());
    }
    if is_generic(kind, item, diag) {
        remove_markers(item);
        let (library, agent) = (Library::of(&args), with_static(&item.self_ty));
        return Err(agent::stand_in::behaviour(
            &library,
            &item.attrs,
            &item.generics,
            &quote!(#agent),
            &quote!(()),
        ));
    }
    let mut behaviour = Behaviour {
        kind,
        library: Library::of(&args),
        attrs: item.attrs.clone(),
        agent: item.self_ty.clone(),
        handlers: Vec::new(),
        ops: Vec::new(),
        log: Log::default(),
    };
    for item in &mut item.items {
        if let LooseItem::Fn(function) = item {
            method(&mut behaviour, function, diag);
        }
    }
    Ok(behaviour)
}

/// The block itself has no arguments, but those of the struct deserve a better answer than "unknown".
fn arguments(kind: Kind, tokens: TokenStream, diag: &mut Diag) -> Args {
    let args = Args::parse(kind.name(), &agent::keys(kind), tokens, diag);
    for key in args.keys().filter(|key| *key != "crate") {
        let name = kind.name();
        diag.at(
            key,
            format!("`{key}` belongs on the struct: `#[{name}({key} ..)] struct ..`"),
        );
    }
    args
}

/// Refuses parameters of the block, and lifetimes of its type.
fn is_generic(kind: Kind, item: &LooseImpl, diag: &mut Diag) -> bool {
    let kind = kind.name();
    let article = if kind == "agent" { "an" } else { "a" };
    let mistake = format!("{article} {kind} cannot be generic");
    if !item.generics.params.is_empty() {
        diag.at(&item.generics, mistake);
        return true;
    }
    let borrows = names_lifetime(&item.self_ty);
    if borrows {
        diag.at(&item.self_ty, mistake);
    }
    borrows
}

fn remove_markers(item: &mut LooseImpl) {
    for item in &mut item.items {
        if let LooseItem::Fn(function) = item {
            function
                .attrs
                .retain(|attr| !attr.path().is_ident("handle"));
        }
    }
}

fn method(behaviour: &mut Behaviour, function: &mut LooseFn, diag: &mut Diag) {
    let marker = take_marker(&mut function.attrs, diag);
    let own = match behaviour.kind {
        Kind::Agent => "op",
        Kind::Logger => "log",
    };
    if marker.is_some() || function.sig.ident == own {
        // The signature is ours to decide, so a lint cannot ask the user for another.
        function.attrs.push(parse_quote!(
            #[allow(
                clippy::needless_pass_by_ref_mut,
                clippy::trivially_copy_pass_by_ref,
                clippy::unnecessary_wraps,
                clippy::unused_self
            )]
        ));
    }
    let name = &function.sig.ident;
    match behaviour.kind {
        Kind::Agent if name == "op" => {
            if let Some(marker) = marker {
                diag.at(marker, "`op` is no handler: it is what the agent runs");
            }
            behaviour.ops.push(op(function, diag));
        }
        Kind::Agent if marker.is_some() => behaviour.handlers.extend(handler(function, diag)),
        Kind::Logger if name == "op" => {
            diag.at(
                name,
                "a logger has no `op`: it only reacts to messages with `log`",
            );
        }
        Kind::Logger if name == "log" => {
            behaviour.log.0.push(cfg::cfgs(&function.attrs));
            behaviour.handlers.extend(handler(function, diag));
        }
        Kind::Logger => {
            if let Some(marker) = marker {
                diag.at(
                    marker,
                    "a logger has one handler, the method `log`; use `#[agent]` for more",
                );
            }
        }
        Kind::Agent => {}
    }
}

/// Takes `#[handle]` off a method, or what was meant to be it.
fn take_marker(attrs: &mut Vec<Attribute>, diag: &mut Diag) -> Option<Attribute> {
    let mut marker = None;
    attrs.retain(|attr| {
        let Some(name) = attr.path().get_ident() else {
            return true;
        };
        if name == "handle" {
            if !matches!(attr.meta, Meta::Path(_)) {
                diag.at(attr, "`#[handle]` takes no arguments");
            }
            marker = Some(attr.clone());
            return false;
        }
        let slip = did_you_mean(&name.to_string(), ["handle"]).is_some();
        if slip {
            diag.at(
                name,
                format!("unknown attribute `{name}`; did you mean `handle`?"),
            );
        }
        !slip
    });
    marker
}

fn handler(function: &LooseFn, diag: &mut Diag) -> Option<Handler> {
    let sig = &function.sig;
    let name = &sig.ident;
    let usage = format!(
        "write `fn {name}(&mut self, message: &SomeMessage)` or `fn {name}(&mut self, message: &SomeMessage, ctx: &mut Context)`"
    );
    let plain = is_plain(sig, "a handler", diag);
    if !sig.generics.params.is_empty() {
        diag.at(
            &sig.generics,
            "a handler cannot be generic: one method handles one message type",
        );
        return None;
    }
    if !has_receiver(sig) {
        diag.at(sig, format!("a handler takes `&mut self`: {usage}"));
        return None;
    }
    if comes_first(sig, &usage, diag) {
        return None;
    }
    let mut inputs = sig.inputs.iter().skip(1);
    let Some(FnArg::Typed(message)) = inputs.next() else {
        diag.at(sig, format!("a handler takes a message: {usage}"));
        return None;
    };
    let message = referenced(&message.ty, diag);
    let ctx = context(
        inputs.next(),
        "the third parameter of a handler is `ctx: &mut Context`",
        diag,
    );
    let (message, ctx) = (message?, ctx?);
    if let Some(more) = inputs.next() {
        diag.at(more, "a handler has at most a message and a context");
        return None;
    }
    plain.then(|| Handler {
        cfgs: cfg::cfgs(&function.attrs),
        method: name.clone(),
        message,
        returns: returns(sig),
        ctx,
    })
}

/// Refuses a context where the message belongs. A `&Context` alone may be a message of that name.
fn comes_first(sig: &Signature, usage: &str, diag: &mut Diag) -> bool {
    let mut inputs = sig.inputs.iter().skip(1);
    let (Some(FnArg::Typed(first)), second) = (inputs.next(), inputs.next()) else {
        return false;
    };
    if value_name(&first.ty) != Some("Context".to_owned()) {
        return false;
    }
    match second {
        Some(FnArg::Typed(second)) if !is_context(&second.ty) => {
            let (name, ctx) = (&sig.ident, text(&first.pat));
            let (message, ty) = (text(&second.pat), text(value(&second.ty)));
            diag.at(
                quote!(#first, #second),
                format!("the message comes before the context: `fn {name}(&mut self, {message}: &{ty}, {ctx}: &mut Context)`"),
            );
            true
        }
        None if is_context(&first.ty) => {
            diag.at(first, format!("a handler takes a message: {usage}"));
            true
        }
        _ => false,
    }
}

/// What a reference refers to.
fn value(ty: &Type) -> &Type {
    match peel(ty) {
        Type::Reference(reference) => &reference.elem,
        value => value,
    }
}

fn value_name(ty: &Type) -> Option<String> {
    last_segment(value(ty)).map(|last| last.ident.to_string())
}

/// The type behind `&`.
fn referenced(ty: &Type, diag: &mut Diag) -> Option<Type> {
    if let Type::Reference(reference) = peel(ty)
        && reference.mutability.is_none()
    {
        return Some((*reference.elem).clone());
    }
    let value = text(value(ty));
    diag.at(
        ty,
        format!("a handler takes its message by shared reference: `&{value}`"),
    );
    None
}

fn op(function: &LooseFn, diag: &mut Diag) -> Op {
    let sig = &function.sig;
    let ctx = op_context(sig, diag);
    let is_generic = !sig.generics.params.is_empty();
    Op {
        cfgs: cfg::cfgs(&function.attrs),
        ident: sig.ident.clone(),
        returns: returns(sig).filter(|_| !is_generic),
        is_sound: ctx.is_some(),
        ctx: ctx.flatten(),
    }
}

/// The type of its context, if it takes one; `None` if it cannot be called.
fn op_context(sig: &Signature, diag: &mut Diag) -> Option<Option<Type>> {
    let others = "`op` takes only `ctx: &mut Context`; its arguments are the fields of the agent";
    let plain = is_plain(sig, "`op`", diag);
    if !sig.generics.params.is_empty() {
        diag.at(&sig.generics, "`op` cannot be generic");
        return None;
    }
    if !has_receiver(sig) {
        diag.at(
            sig,
            "`op` takes `&mut self`; its arguments are the fields of the agent",
        );
        return None;
    }
    let mut inputs = sig.inputs.iter().skip(1);
    let ctx = context(inputs.next(), others, diag)?;
    if let Some(more) = inputs.next() {
        diag.at(more, others);
        return None;
    }
    plain.then_some(ctx)
}

/// Refuses what generated code cannot call.
pub(crate) fn is_plain(sig: &Signature, what: &str, diag: &mut Diag) -> bool {
    if let Some(token) = &sig.asyncness {
        diag.at(token, format!("{what} cannot be `async`: handlers block, and each agent has a process to itself, so nobody else waits"));
    }
    let is_unsafe = matches!(sig.safety, syn::Safety::Unsafe(_));
    if is_unsafe {
        diag.at_span(
            sig.safety.span(),
            format!("{what} cannot be `unsafe`: it is called by safe code"),
        );
    }
    sig.asyncness.is_none() && !is_unsafe
}

fn has_receiver(sig: &Signature) -> bool {
    sig.receiver()
        .is_some_and(|receiver| matches!(receiver.kind, ReceiverKind::Reference(..)))
}

/// The type of the context, if there is one; `None` when there is something else.
fn context(input: Option<&FnArg>, otherwise: &str, diag: &mut Diag) -> Option<Option<Type>> {
    match input {
        None => Some(None),
        Some(FnArg::Typed(input)) if is_context(&input.ty) => Some(Some((*input.ty).clone())),
        Some(input) => {
            diag.at(input, otherwise);
            None
        }
    }
}

fn returns(sig: &Signature) -> Option<Type> {
    match &sig.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some((**ty).clone()),
    }
}
