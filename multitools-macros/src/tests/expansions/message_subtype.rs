#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    __multitools::carried::<StringMessage>();
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
    use ::multitools::__private as __multitools;
    #[automatically_derived]
    impl __multitools::HasBase<StringMessage> for Sub {}
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
    __multitools::inventory::submit! {
        __multitools::MessageEntry::of:: < Sub > (__multitools::shape(&
        [6686188295652075234u64]), ::core::option::Option::None,
        ::core::concat!(::core::file!(), ":", ::core::line!()),)
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Message for Sub {
        type At<'__f> = Sub;
        type View<'__f> = Sub;
        type Parent = StringMessage;
        type Kind = __multitools::StructKind;
        type Reply = __multitools::Reply<Vec<u8>>;
        const NAME: &'static ::core::primitive::str = ::core::concat!(
            ::core::module_path!(), "::", "Sub"
        );
        const PARENT: (__multitools::Ancestry, __multitools::EdgeStep) = {
            let () = <Sub as __multitools::Extends<
                StringMessage,
                <StringMessage as __multitools::Message>::Kind,
            >>::HOLDS;
            (
                <StringMessage as __multitools::Message>::ANCESTRY,
                __multitools::step(
                    <Sub as __multitools::Edge<
                        StringMessage,
                        <StringMessage as __multitools::Message>::Kind,
                    >>::STEP,
                    false,
                ),
            )
        };
    }
    const _: () = __multitools::replied::<Vec<u8>>();
    const _: () = __multitools::reply_fits::<
        __multitools::Reply<Vec<u8>>,
        <StringMessage as __multitools::Message>::Reply,
    >();
};
