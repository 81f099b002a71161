//! What can be seen to be wrong with an agent without knowing its types.

use super::model::Kind;
use crate::args::Args;
use crate::diag::Diag;
use crate::item::Item;
use crate::types::text;
use syn::Ident;

/// Attributes on what is neither a struct nor an `impl` block.
pub(super) fn wrong_item(kind: Kind, item: &Item, diag: &mut Diag) {
    let name = kind.name();
    let place = format!("`#[{name}]` goes on a struct or on its `impl` block");
    let hint = match item {
        Item::Enum(item) => format!("; hold the alternatives of `{}` in a field", item.ident),
        Item::Fn(_) => "; for a function use `#[process]`".to_owned(),
        other => match other.head().into_iter().next() {
            Some(keyword) if keyword.to_string() == "union" => ", not on a union".to_owned(),
            _ => String::new(),
        },
    };
    diag.at(item.head(), format!("{place}{hint}"));
}

/// What agents and processes may be called.
pub(crate) fn name(args: &Args, diag: &mut Diag) {
    if let Some(name) = args.text("name") {
        if name.value().trim().is_empty() {
            diag.at(
                name,
                "the name cannot be empty; `unnamed` declares one that bears no name",
            );
        }
        if let Some(unnamed) = args.key("unnamed") {
            diag.at(unnamed, "`unnamed` and `name` exclude each other");
        }
    }
}

/// What is listed in some key more than once.
pub(super) fn doubles(args: &Args, diag: &mut Diag) {
    for key in ["listen_to", "sends", "announces", "spawns"] {
        let paths = args.paths(key);
        for (i, path) in paths.iter().enumerate() {
            if paths[..i].contains(path) {
                diag.at(path, format!("`{}` is listed twice", text(path)));
            }
        }
    }
}

/// What the agent listens to.
pub(super) fn listens(kind: Kind, args: &Args, ident: &Ident, diag: &mut Diag) {
    let listens = args.paths("listen_to");
    if kind == Kind::Logger && listens.is_empty() && !diag.failed() {
        diag.at(ident, format!("logger `{ident}` listens to nothing: write `#[logger(listen_to(...))]`; `AnyMessage` stands for every message"));
    }
}
