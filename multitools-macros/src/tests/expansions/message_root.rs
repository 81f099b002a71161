#[doc(hidden)]
const _: () = {
    const _: () = {
        ::multitools::__private::sendable::<Vec<u8>>();
        ::multitools::__private::sendable::<Vec<u16>>();
    };
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
    const __PARENT: (
        ::multitools::__private::Ancestry,
        ::multitools::__private::EdgeStep,
    ) = (
        ::multitools::__private::ancestry_of::<::multitools::__private::AnyMessage>(),
        ::multitools::__private::EdgeStep::Root,
    );
    const __NAME: &'static ::core::primitive::str = "plain";
    const __ANCESTRY: ::multitools::__private::Ancestry = __PARENT
        .0
        .child(::multitools::__private::key(__NAME));
    static __ENTRY: ::multitools::__private::MessageEntry = ::multitools::__private::MessageEntry {
        name: __NAME,
        ancestry: __ANCESTRY,
        edge: __PARENT.1,
        shape: ::multitools::__private::shape(
            &["struct{}; .list: Vec<u8>; .maybe: Option<&'static[u8]>; .other: Vec<u16>"],
        ),
        boxed: ::core::option::Option::None,
        debug: ::multitools::__private::debug_owned::<Plain>,
        location: ::core::concat!(::core::file!(), ":", ::core::line!()),
        id: ::multitools::__private::DenseId::unassigned(),
    };
    ::multitools::__private::inventory::submit! {
        ::multitools::__private::MessageRegistration(& __ENTRY)
    }
    #[automatically_derived]
    impl ::multitools::__private::Message for Plain {
        type At<'__f> = Plain;
        type View<'__f> = Plain;
        type Parent = ::multitools::__private::AnyMessage;
        type Depth = <<::multitools::__private::AnyMessage as ::multitools::__private::Message>::Depth as ::multitools::__private::Depth>::Next;
        type Kind = ::multitools::__private::StructKind;
        type Reply = <::multitools::__private::AnyMessage as ::multitools::__private::Message>::Reply;
        const NAME: &'static ::core::primitive::str = __NAME;
        const ANCESTRY: ::multitools::__private::Ancestry = __ANCESTRY;
        fn leaf(&self) -> &'static ::multitools::__private::MessageEntry {
            &__ENTRY
        }
        fn encode<__W: ::std::io::Write>(
            &self,
            __writer: &mut __W,
        ) -> ::core::result::Result<(), ::multitools::__private::EncodeError> {
            ::multitools::__private::encode_into(self, __writer)
        }
        fn view<'__f>(
            __message: &'__f ::multitools::__private::AnyMessage,
            __plan: &::multitools::__private::Plan,
        ) -> ::core::result::Result<Plain, ::multitools::__private::DecodeError> {
            ::multitools::__private::decode_with(__message, __plan)
        }
    }
};
