#[derive(::core::fmt::Debug)]
#[derive(
    ::multitools::__private::serde::Serialize,
    ::multitools::__private::serde::Deserialize
)]
#[serde(crate = "::multitools::__private::serde")]
struct Chunk<'a, 'b>
where
    'a: 'b,
{
    #[serde(borrow)]
    base: Base<'a>,
    #[serde(borrow)]
    #[serde(with = "::multitools::__private::bytes")]
    data: &'a [u8],
    #[serde(borrow)]
    #[serde(serialize_with = "::multitools::__private::bytes::serialize")]
    text: Cow<'b, [u8]>,
}
#[doc(hidden)]
const _: () = {
    #[automatically_derived]
    impl<'a, 'b> ::multitools::__private::HasBase<Base<'a>> for Chunk<'a, 'b>
    where
        'a: 'b,
    {}
    #[automatically_derived]
    impl<'a, 'b> ::core::ops::Deref for Chunk<'a, 'b>
    where
        'a: 'b,
    {
        type Target = Base<'a>;
        fn deref(&self) -> &Base<'a> {
            &self.base
        }
    }
    #[automatically_derived]
    impl<'a, 'b> ::core::ops::DerefMut for Chunk<'a, 'b>
    where
        'a: 'b,
    {
        fn deref_mut(&mut self) -> &mut Base<'a> {
            &mut self.base
        }
    }
    const __PARENT: (
        ::multitools::__private::Ancestry,
        ::multitools::__private::EdgeStep,
    ) = {
        let () = <Chunk<
            'static,
            'static,
        > as ::multitools::__private::Extends<
            Base<'static>,
            <Base<'static> as ::multitools::__private::Message>::Kind,
        >>::HOLDS;
        (
            <Base<'static> as ::multitools::__private::Message>::ANCESTRY,
            ::multitools::__private::step(
                <Chunk<
                    'static,
                    'static,
                > as ::multitools::__private::Edge<
                    Base<'static>,
                    <Base<'static> as ::multitools::__private::Message>::Kind,
                >>::STEP,
                false,
            ),
        )
    };
    const __NAME: &'static ::core::primitive::str = ::core::concat!(
        ::core::module_path!(), "::", "Chunk"
    );
    const __ANCESTRY: ::multitools::__private::Ancestry = __PARENT
        .0
        .child(::multitools::__private::key(__NAME));
    static __ENTRY: ::multitools::__private::MessageEntry = ::multitools::__private::MessageEntry {
        name: __NAME,
        ancestry: __ANCESTRY,
        edge: __PARENT.1,
        shape: ::multitools::__private::shape(
            &["struct{}; .base: Base<'a>; .data: &'a[u8]; .text: Cow<'b, [u8]>"],
        ),
        boxed: ::core::option::Option::None,
        debug: |__body, __formatter| ::multitools::__private::debug_as::<
            Chunk<'_, '_>,
        >(__body, __formatter),
        location: ::core::concat!(::core::file!(), ":", ::core::line!()),
        id: ::multitools::__private::DenseId::unassigned(),
    };
    ::multitools::__private::inventory::submit! {
        ::multitools::__private::MessageRegistration(& __ENTRY)
    }
    #[automatically_derived]
    impl<'a, 'b> ::multitools::__private::Message for Chunk<'a, 'b>
    where
        'a: 'b,
    {
        type At<'__f> = Chunk<'__f, '__f>;
        type View<'__f> = Chunk<'__f, '__f>;
        type Parent = Base<'a>;
        type Depth = <<Base<
            'a,
        > as ::multitools::__private::Message>::Depth as ::multitools::__private::Depth>::Next;
        type Kind = ::multitools::__private::StructKind;
        type Reply = <Base<'a> as ::multitools::__private::Message>::Reply;
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
        ) -> ::core::result::Result<
            Chunk<'__f, '__f>,
            ::multitools::__private::DecodeError,
        > {
            ::multitools::__private::decode_with(__message, __plan)
        }
    }
};
