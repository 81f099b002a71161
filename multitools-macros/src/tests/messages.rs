use super::{check, message};
use expect_test::expect_file;
use quote::quote;

#[test]
fn root() {
    let item = quote! {
        pub struct Plain { pub list: Vec<u8>, pub maybe: Option<&'static [u8]>, other: Vec<u16> }
    };
    check(
        message(quote!(name = "plain"), item),
        expect_file!["expansions/message_root.rs"],
    );
}

#[test]
fn subtype() {
    let item = quote! {
        #[derive(Clone)]
        pub struct Sub { pub base: StringMessage, #[serde(skip)] pub seq: u32 }
    };
    check(
        message(quote!(extends = StringMessage, reply = Vec<u8>), item),
        expect_file!["expansions/message_subtype.rs"],
    );
}

#[test]
fn conditional_newtype() {
    let item = quote! {
        #[cfg(unix)]
        struct New(deep::Base, #[cfg(windows)] u8);
    };
    check(
        message(quote!(extends = Base), item),
        expect_file!["expansions/message_newtype.rs"],
    );
}

#[test]
fn borrowed() {
    let item = quote! {
        struct Chunk<'a, 'b> where 'a: 'b { base: Base<'a>, data: &'a [u8], text: Cow<'b, [u8]> }
    };
    check(
        message(quote!(extends = Base<'a>), item),
        expect_file!["expansions/message_borrowed.rs"],
    );
}

#[test]
fn family() {
    let item = quote! {
        pub enum Telemetry {
            Alarm(Alarm),
            #[cfg(feature = "more")] More(More),
            Low(u32),
            #[cfg(feature = "more")] High(u32),
            Off { reason: String },
        }
    };
    check(
        message(quote!(crate = crate), item),
        expect_file!["expansions/message_enum.rs"],
    );
}
