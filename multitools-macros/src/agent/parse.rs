//! From the attribute and its struct to an [`Agent`].

use super::check;
use super::model::{Agent, Kind};
use crate::args::{Args, Key, Shape};
use crate::diag::Diag;
use crate::limits::{self, Limits};
use crate::paths::Library;
use crate::restart::{self, Policy};
use crate::shape::Fingerprint;
use proc_macro2::TokenStream;
use syn::ItemStruct;
use syn::ext::IdentExt;

const AGENT: &[Key] = &[
    Key("name", Shape::Text),
    Key("unnamed", Shape::Flag),
    Key("resident", Shape::Flag),
    Key("listen_to", Shape::Paths("message types")),
    Key("sends", Shape::Paths("message types")),
    Key("announces", Shape::Paths("message types")),
    Key("spawns", Shape::Paths("agent types")),
    Key("manual", Shape::Flag),
];
const LOGGER: &[Key] = &[
    Key("name", Shape::Text),
    Key("unnamed", Shape::Flag),
    Key("listen_to", Shape::Paths("message types")),
    Key("manual", Shape::Flag),
];

/// The keys of the attribute.
pub(crate) fn keys(kind: Kind) -> Vec<Key> {
    all_keys(match kind {
        Kind::Agent => AGENT,
        Kind::Logger => LOGGER,
    })
}

/// The keys of its own, and those of all that is started in a process.
pub(crate) fn all_keys(own: &[Key]) -> Vec<Key> {
    [
        own,
        restart::KEYS,
        limits::KEYS,
        &[Key("crate", Shape::Path)],
    ]
    .concat()
}

/// What can be understood of the agent; only where the library is when it can be no agent.
pub(super) fn parse(
    kind: Kind,
    tokens: TokenStream,
    item: &ItemStruct,
    diag: &mut Diag,
) -> Result<Agent, Library> {
    let args = Args::parse(kind.name(), &keys(kind), tokens, diag);
    check::name(&args, diag);
    check::doubles(&args, diag);
    check::listens(kind, &args, &item.ident, diag);
    crate::fields::refuse_gaps(item.fields.iter(), diag);
    if !item.generics.params.is_empty() {
        let (kind, ident) = (kind.name(), &item.ident);
        let borrows = item.generics.lifetimes().count() == item.generics.params.len();
        let mistake = match borrows {
            true => crate::fields::OWNS.to_owned(),
            false => format!(
                "{} {kind} cannot be generic: `{ident}` is started by name in another process",
                article(kind)
            ),
        };
        diag.at(&item.generics, mistake);
        return Err(Library::of(&args));
    }
    let named = args.key("unnamed").is_none();
    let name = || {
        args.text("name")
            .map_or_else(|| item.ident.unraw().to_string(), |name| name.value())
    };
    Ok(Agent {
        kind,
        library: Library::of(&args).for_item(&item.ident),
        attrs: item.attrs.clone(),
        ident: item.ident.clone(),
        name: named.then(name),
        resident: kind == Kind::Logger || args.key("resident").is_some(),
        manual: args.key("manual").is_some(),
        restart: Policy::parse(&args, diag),
        limits: Limits::parse(&args, diag),
        listens: args.paths("listen_to").to_vec(),
        declares_sends: args.mentions("sends"),
        sends: args.paths("sends").to_vec(),
        announces: args.paths("announces").to_vec(),
        spawns: args.paths("spawns").to_vec(),
        shape: Fingerprint::of_struct(item),
    })
}

fn article(word: &str) -> &'static str {
    if word.starts_with('a') { "an" } else { "a" }
}
