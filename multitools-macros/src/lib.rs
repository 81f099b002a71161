//! stub
use proc_macro::TokenStream;
mod agent;
mod args;
mod behaviour;
mod cfg;
mod diag;
mod entry;
mod fields;
mod item;
mod loose;
mod message;
mod output;
mod paths;
mod process;
#[cfg(test)]
mod tests;
mod types;

/// stub
#[proc_macro_attribute]
pub fn message(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args.into(), item.into(), message::expand).into()
}
/// stub
#[proc_macro_attribute]
pub fn agent(args: TokenStream, item: TokenStream) -> TokenStream {
    let expand =
        |args, item: &mut _, diag: &mut _| agent::expand(agent::Kind::Agent, args, item, diag);
    item::run(args.into(), item.into(), expand).into()
}
/// stub
#[proc_macro_attribute]
pub fn logger(args: TokenStream, item: TokenStream) -> TokenStream {
    let expand =
        |args, item: &mut _, diag: &mut _| agent::expand(agent::Kind::Logger, args, item, diag);
    item::run(args.into(), item.into(), expand).into()
}
/// stub
#[proc_macro_attribute]
pub fn process(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args.into(), item.into(), process::expand).into()
}
/// stub
#[proc_macro_attribute]
pub fn main(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args.into(), item.into(), entry::main).into()
}
/// stub
#[proc_macro_attribute]
pub fn test(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args.into(), item.into(), entry::test).into()
}
