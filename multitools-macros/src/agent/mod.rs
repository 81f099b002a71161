//! `#[agent]` and `#[logger]` on structs; on `impl` blocks they are [`behaviour`](crate::behaviour).

mod check;
mod expand;
mod model;
mod parse;
mod sends;
pub(crate) mod stand_in;

use crate::behaviour;
use crate::diag::Diag;
use crate::fields;
use crate::item::{self, Expansion, Item};
use crate::paths::Library;
use crate::types;
use proc_macro2::TokenStream;
use syn::ItemStruct;

pub(crate) use check::name as check_name;
pub(crate) use model::Kind;
pub(crate) use parse::{all_keys, keys};

/// Expands either attribute.
pub(crate) fn expand(kind: Kind, args: TokenStream, item: &mut Item, diag: &mut Diag) -> Expansion {
    match item {
        Item::Struct(item) => {
            let agent = match parse::parse(kind, args, item, diag) {
                Ok(agent) => agent,
                Err(library) => {
                    return Expansion {
                        ahead: TokenStream::new(),
                        behind: stand_in::for_struct(&library, item),
                    };
                }
            };
            let library = &agent.library;
            let each = item.fields.iter_mut();
            fields::borrowed::refuse_in_agent(library, &item.attrs, each, diag);
            if fields::refuse_elided(item.fields.iter_mut(), "'static", fields::OWNS, diag) {
                skip_borrowed(library, item);
            }
            let sound = !diag.failed();
            let mut ahead = TokenStream::new();
            if sound {
                let fields = item.fields.iter().map(|field| (Vec::new(), field));
                ahead = fields::sendable(&agent.library, &item.attrs, "sendable", fields);
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
fn skip_borrowed(library: &Library, item: &mut ItemStruct) {
    for field in item
        .fields
        .iter_mut()
        .filter(|field| types::borrows(&field.ty))
    {
        fields::borrowed::leave_out(library, field);
    }
}
