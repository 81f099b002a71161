use super::{agent, logger, message, process};
use proc_macro2::TokenStream;
use quote::quote;

/// How many errors an expansion has.
fn errors(expansion: &TokenStream) -> usize {
    expansion.to_string().matches("compile_error !").count()
}

/// What is written in source text: an item without the formatting that `quote!` calls get.
fn source(text: &str) -> TokenStream {
    text.parse().unwrap()
}

#[test]
fn every_mistake_is_reported_at_once() {
    let args = quote!(name = "a", name = "b", resdent, colour = Vec<u8, u8>, resident = 1, 5, x y);
    assert_eq!(errors(&agent(args, source("struct A;"))), 6);
}

#[test]
fn the_item_is_always_given_back() {
    let none = TokenStream::new;
    for expansion in [
        message(quote!(nme = "a"), source("struct S { kept: u32 }")),
        message(none(), source("struct S<T> { kept: T }")),
        message(none(), source("trait T { fn kept(); }")),
        agent(none(), source("impl A { fn op(self) { kept } }")),
        agent(
            none(),
            source("impl<T> A<T> { #[handle] fn on(&mut self) { kept } }"),
        ),
        agent(none(), source("type Kept = kept;")),
        logger(none(), source("struct L { kept: u8 }")),
        process(none(), source("fn p(kept: &str) {}")),
        process(none(), source("static kept: u8 = 1;")),
    ] {
        let text = expansion.to_string();
        assert!(text.contains("kept"), "{text}");
        assert!(!text.contains("# [handle]"), "{text}");
        assert_eq!(errors(&expansion), 1, "{text}");
    }
}

#[test]
fn what_is_wrong_in_one_key_does_not_hide_the_type() {
    let expansion = message(quote!(nme = "a"), source("struct S;")).to_string();
    assert!(expansion.contains("Message for S"), "{expansion}");
    let expansion = agent(quote!(resdent), source("struct S;")).to_string();
    assert!(expansion.contains("Agent for S"), "{expansion}");
    assert!(!expansion.contains("assert !"), "{expansion}");
}

#[test]
fn a_behaviour_with_mistakes_counts_as_one_that_does_everything() {
    let block = source("impl S { #[handle] fn on(&mut self) {} }");
    let expansion = agent(quote!(), block).to_string();
    assert!(expansion.contains("Behaviour for S"), "{expansion}");
    assert!(expansion.contains("placeholder"), "{expansion}");
}

#[test]
fn fields_are_checked_before_serde_sees_them() {
    let item = source(
        "struct S<'a> { a: File, b: File, #[serde(skip)] c: Mutex, #[cfg(unix)] d: Socket, e: &'a str }",
    );
    let expansion = message(quote!(), item).to_string();
    let checks: Vec<_> = expansion.match_indices("carried").collect();
    assert_eq!(checks.len(), 2, "{expansion}");
    assert!(checks[1].0 < expansion.find("struct S").unwrap());
}
