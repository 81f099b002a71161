#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    __multitools::borrowable::<Base<'static>>();
};
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
    use ::multitools::__private as __multitools;
    #[automatically_derived]
    impl<'a, 'b> __multitools::HasBase<Base<'a>> for Chunk<'a, 'b>
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
    __multitools::inventory::submit! {
        __multitools::MessageEntry::of:: < Chunk < 'static, 'static > >
        (__multitools::shape(& [1016708439341932888u64]), ::core::option::Option::None,
        ::core::concat!(::core::file!(), ":", ::core::line!()),)
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<'a, 'b> __multitools::Message for Chunk<'a, 'b>
    where
        'a: 'b,
    {
        type At<'__f> = Chunk<'__f, '__f>;
        type View<'__f> = Chunk<'__f, '__f>;
        type Parent = Base<'a>;
        type Kind = __multitools::StructKind;
        type Reply = <Base<'a> as __multitools::Message>::Reply;
        const NAME: &'static ::core::primitive::str = ::core::concat!(
            ::core::module_path!(), "::", "Chunk"
        );
        const PARENT: (__multitools::Ancestry, __multitools::EdgeStep) = {
            let () = <Chunk<
                'static,
                'static,
            > as __multitools::Extends<
                Base<'static>,
                <Base<'static> as __multitools::Message>::Kind,
            >>::HOLDS;
            (
                <Base<'static> as __multitools::Message>::ANCESTRY,
                __multitools::step(
                    <Chunk<
                        'static,
                        'static,
                    > as __multitools::Edge<
                        Base<'static>,
                        <Base<'static> as __multitools::Message>::Kind,
                    >>::STEP,
                    false,
                ),
            )
        };
    }
};
