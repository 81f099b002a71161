#[doc(hidden)]
const _: () = {
    const _: () = {
        ::multitools::__private::sendable::<StringMessage>();
    };
};
#[derive(Clone)]
#[derive(::core::fmt::Debug)]
#[derive(
    ::multitools::__private::serde::Serialize,
    ::multitools::__private::serde::Deserialize
)]
#[serde(crate = "::multitools::__private::serde")]
pub struct Sub {
    pub base: StringMessage,
    #[serde(skip)]
    pub seq: u32,
}
#[doc(hidden)]
const _: () = {
    #[automatically_derived]
    impl ::multitools::__private::HasBase<StringMessage> for Sub {}
    #[automatically_derived]
    impl ::core::ops::Deref for Sub {
        type Target = StringMessage;
        fn deref(&self) -> &StringMessage {
            &self.base
        }
    }
    #[automatically_derived]
    impl ::core::ops::DerefMut for Sub {
        fn deref_mut(&mut self) -> &mut StringMessage {
            &mut self.base
        }
    }
    const __PARENT: (
        ::multitools::__private::Ancestry,
        ::multitools::__private::EdgeStep,
    ) = {
        let () = <Sub as ::multitools::__private::Extends<
            StringMessage,
            <StringMessage as ::multitools::__private::Message>::Kind,
        >>::HOLDS;
        (
            <StringMessage as ::multitools::__private::Message>::ANCESTRY,
            ::multitools::__private::step(
                <Sub as ::multitools::__private::Edge<
                    StringMessage,
                    <StringMessage as ::multitools::__private::Message>::Kind,
                >>::STEP,
                false,
            ),
        )
    };
    const __NAME: &'static ::core::primitive::str = ::core::concat!(
        ::core::module_path!(), "::", "Sub"
    );
    const __ANCESTRY: ::multitools::__private::Ancestry = __PARENT
        .0
        .child(::multitools::__private::key(__NAME));
    static __ENTRY: ::multitools::__private::MessageEntry = ::multitools::__private::MessageEntry {
        name: __NAME,
        ancestry: __ANCESTRY,
        edge: __PARENT.1,
        shape: ::multitools::__private::shape(
            &["struct{}; .base: StringMessage; .seq: u32; serde(skip); reply Vec<u8>"],
        ),
        boxed: ::core::option::Option::Some(::multitools::__private::boxed_as::<Sub>),
        debug: ::multitools::__private::debug_owned::<Sub>,
        location: ::core::concat!(::core::file!(), ":", ::core::line!()),
        id: ::multitools::__private::DenseId::unassigned(),
    };
    ::multitools::__private::inventory::submit! {
        ::multitools::__private::MessageRegistration(& __ENTRY)
    }
    #[automatically_derived]
    impl ::multitools::__private::Message for Sub {
        type At<'__f> = Sub;
        type View<'__f> = Sub;
        type Parent = StringMessage;
        type Depth = <<StringMessage as ::multitools::__private::Message>::Depth as ::multitools::__private::Depth>::Next;
        type Kind = ::multitools::__private::StructKind;
        type Reply = ::multitools::__private::Reply<Vec<u8>>;
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
        ) -> ::core::result::Result<Sub, ::multitools::__private::DecodeError> {
            ::multitools::__private::decode_with(__message, __plan)
        }
    }
    const _: () = ::multitools::__private::sendable::<Vec<u8>>();
    const _: () = ::multitools::__private::reply_fits::<
        ::multitools::__private::Reply<Vec<u8>>,
        <StringMessage as ::multitools::__private::Message>::Reply,
    >();
};
