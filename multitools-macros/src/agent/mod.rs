//! `#[agent]` and `#[logger]` on structs; on `impl` blocks they are [`behaviour`](crate::behaviour).

mod check;
mod expand;
mod model;
mod parse;
mod sends;

use crate::behaviour;
use crate::diag::Diag;
use crate::fields;
use crate::item::{self, Expansion, Item};
use crate::types;
use proc_macro2::TokenStream;
use syn::{ItemStruct, parse_quote};

pub(crate) use check::name as check_name;
pub(crate) use model::Kind;
pub(crate) use parse::{all_keys, keys};

/// Expands either attribute.
pub(crate) fn expand(kind: Kind, args: TokenStream, item: &mut Item, diag: &mut Diag) -> Expansion {
    match item {
        Item::Struct(item) => {
            let Some(agent) = parse::parse(kind, args, item, diag) else {
                return Expansion::default();
            };
            let text = "the fields of an agent are sent to its process, so it owns them: `String` instead of `&str`, `Vec<T>` instead of `&[T]`";
            if fields::refuse_elided(item.fields.iter_mut(), "'static", text, diag) {
                skip_borrowed(item);
            }
            let sound = !diag.failed();
            let mut ahead = TokenStream::new();
            if sound {
                let fields = item.fields.iter().map(|field| (Vec::new(), field));
                ahead = fields::sendable(&agent.library, &item.attrs, fields);
            }
            fields::tell_serde(&agent.library, item.fields.iter_mut());
            item::add_derives(&mut item.attrs, &agent.library, false);
            Expansion {
                ahead,
                behind: expand::expand(&agent, sound),
            }
        }
        Item::Impl(item) => behaviour::expand(kind, args, item, diag),
        other => {
            check::wrong_item(kind, other, diag);
            Expansion::default()
        }
    }
}

/// Nobody can decode a field that borrows, of which enough has been said.
fn skip_borrowed(item: &mut ItemStruct) {
    for field in item
        .fields
        .iter_mut()
        .filter(|field| types::borrows(&field.ty))
    {
        field.attrs.push(parse_quote!(#[serde(skip)]));
    }
}
