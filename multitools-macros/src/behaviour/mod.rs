//! `#[agent]` and `#[logger]` on `impl` blocks: what the agent does.

mod check;
mod contexts;
mod expand;
mod model;
mod parse;

use crate::agent::Kind;
use crate::diag::Diag;
use crate::item::Expansion;
use crate::loose::LooseImpl;
use proc_macro2::TokenStream;

pub(crate) use parse::is_plain;

/// Expands either attribute.
pub(crate) fn expand(
    kind: Kind,
    args: TokenStream,
    item: &mut LooseImpl,
    diag: &mut Diag,
) -> Expansion {
    let behaviour = match parse::parse(kind, args, item, diag) {
        Ok(behaviour) => behaviour,
        Err(behind) => {
            return Expansion {
                ahead: TokenStream::new(),
                behind,
            };
        }
    };
    check::check(&behaviour, diag);
    contexts::check(&behaviour, diag);
    let sound = !diag.failed() && !check::has_namesakes(&behaviour);
    Expansion {
        ahead: TokenStream::new(),
        behind: expand::expand(&behaviour, sound),
    }
}
