#[derive(::core::fmt::Debug)]
#[derive(
    ::multitools::__private::serde::Serialize,
    ::multitools::__private::serde::Deserialize
)]
#[serde(crate = "::multitools::__private::serde")]
pub struct Plain {
    #[serde(with = "::multitools::__private::bytes")]
    pub list: Vec<u8>,
    #[serde(skip, default = "::multitools::__private::never")]
    pub maybe: Option<&'static [u8]>,
    other: Vec<u16>,
}
#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    __multitools::inventory::submit! {
        __multitools::MessageEntry::of:: < Plain > (__multitools::shape(&
        [17059692299692049832u64]), ::core::option::Option::None,
        ::core::concat!(::core::file!(), ":", ::core::line!()),)
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Message for Plain {
        type At<'__f> = Plain;
        type View<'__f> = Plain;
        type Parent = __multitools::AnyMessage;
        type Kind = __multitools::StructKind;
        type Reply = <__multitools::AnyMessage as __multitools::Message>::Reply;
        const NAME: &'static ::core::primitive::str = "plain";
    }
};
::core::compile_error! {
    "a message is read from the bytes that it came in, which do not live for `'static`: write `Vec<u8>`, or `&'a [u8]` with the lifetime `'a` of the message"
}
