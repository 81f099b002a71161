//! stub
use proc_macro::TokenStream;
macro_rules! stubs { ($($n:ident)*) => {$(
/// stub
#[proc_macro_attribute] pub fn $n(_: TokenStream, item: TokenStream) -> TokenStream { item }
)*} }
stubs!(agent logger main message process test);
