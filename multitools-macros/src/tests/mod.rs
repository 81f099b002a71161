//! What the macros write, word for word, for each shape of item, and what becomes of mistakes.
//!
//! `UPDATE_EXPECT=1 cargo test -p multitools-macros` writes the expansions anew.

mod agents;
mod entries;
mod messages;
mod mistakes;

use crate::agent::{self, Kind};
use crate::diag::Diag;
use crate::item::{self, Expansion, Item};
use expect_test::ExpectFile;
use proc_macro2::TokenStream;

/// Compares an expansion with a file.
fn check(expansion: TokenStream, expected: ExpectFile) {
    let file = syn::parse2(expansion).unwrap();
    expected.assert_eq(&prettyplease::unparse(&file));
}

fn message(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args, item, crate::message::expand)
}

fn agent(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args, item, of(Kind::Agent))
}

fn logger(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args, item, of(Kind::Logger))
}

fn of(kind: Kind) -> impl FnOnce(TokenStream, &mut Item, &mut Diag) -> Expansion {
    move |args, item, diag| agent::expand(kind, args, item, diag)
}

fn process(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args, item, crate::process::expand)
}
