use super::check;
use crate::{entry, item};
use expect_test::expect_file;
use quote::quote;

#[test]
fn main_and_test() {
    let main = item::run(
        quote!(),
        quote! {
            fn main() -> Result<(), Error> { #![allow(x)] work() }
        },
        entry::main,
    );
    let test = item::run(
        quote!(crate = mt),
        quote! {
            #[cfg(unix)]
            #[ignore]
            fn r#try() { work() }
        },
        entry::test,
    );
    check(quote!(#main #test), expect_file!["expansions/entries.rs"]);
}
