#[cfg(unix)]
#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    __multitools::carried::<deep::Base>();
    #[cfg(windows)] __multitools::carried::<u8>();
};
#[cfg(unix)]
#[derive(::core::fmt::Debug)]
#[derive(
    ::multitools::__private::serde::Serialize,
    ::multitools::__private::serde::Deserialize
)]
#[serde(crate = "::multitools::__private::serde")]
struct New(deep::Base, #[cfg(windows)] u8);
#[cfg(unix)]
#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    #[automatically_derived]
    impl __multitools::HasBase<deep::Base> for New {}
    #[automatically_derived]
    impl ::core::ops::Deref for New {
        type Target = deep::Base;
        fn deref(&self) -> &deep::Base {
            &self.0
        }
    }
    #[automatically_derived]
    impl ::core::ops::DerefMut for New {
        fn deref_mut(&mut self) -> &mut deep::Base {
            &mut self.0
        }
    }
    __multitools::inventory::submit! {
        __multitools::MessageEntry::of:: < New > (__multitools::shape(&
        [13050696191827545959u64, #[cfg(windows)] 14235489517145614190u64]),
        ::core::option::Option::None, ::core::concat!(::core::file!(), ":",
        ::core::line!()),)
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Message for New {
        type At<'__f> = New;
        type View<'__f> = New;
        type Parent = Base;
        type Kind = __multitools::StructKind;
        type Reply = <Base as __multitools::Message>::Reply;
        const NAME: &'static ::core::primitive::str = ::core::concat!(
            ::core::module_path!(), "::", "New"
        );
        const PARENT: (__multitools::Ancestry, __multitools::EdgeStep) = {
            let () = <New as __multitools::Extends<
                Base,
                <Base as __multitools::Message>::Kind,
            >>::HOLDS;
            (
                <Base as __multitools::Message>::ANCESTRY,
                __multitools::step(
                    <New as __multitools::Edge<
                        Base,
                        <Base as __multitools::Message>::Kind,
                    >>::STEP,
                    true && !::core::cfg!(all(windows)),
                ),
            )
        };
    }
};
