#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    __multitools::sendable::<Vec<u8>>();
    __multitools::sendable::<Vec<u16>>();
};
#[derive(::core::fmt::Debug)]
#[derive(
    ::multitools::__private::serde::Serialize,
    ::multitools::__private::serde::Deserialize
)]
#[serde(crate = "::multitools::__private::serde")]
pub struct Plain {
    #[serde(with = "::multitools::__private::bytes")]
    pub list: Vec<u8>,
    #[serde(with = "::multitools::__private::bytes")]
    pub maybe: Option<&'static [u8]>,
    other: Vec<u16>,
}
#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    __multitools::inventory::submit! {
        __multitools::MessageEntry::of:: < Plain > (__multitools::shape(&
        [13736422487397205883u64]), ::core::option::Option::None,
        ::core::concat!(::core::file!(), ":", ::core::line!()),)
    }
    #[automatically_derived]
    impl __multitools::Message for Plain {
        type At<'__f> = Plain;
        type View<'__f> = Plain;
        type Parent = __multitools::AnyMessage;
        type Kind = __multitools::StructKind;
        type Reply = <__multitools::AnyMessage as __multitools::Message>::Reply;
        const NAME: &'static ::core::primitive::str = "plain";
    }
};
