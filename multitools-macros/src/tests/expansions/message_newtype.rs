#[cfg(unix)]
#[doc(hidden)]
const _: () = {
    const _: () = {
        ::multitools::__private::sendable::<deep::Base>();
        #[cfg(windows)] ::multitools::__private::sendable::<u8>();
    };
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
    #[automatically_derived]
    impl ::multitools::__private::HasBase<deep::Base> for New {}
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
    const __PARENT: (
        ::multitools::__private::Ancestry,
        ::multitools::__private::EdgeStep,
    ) = {
        let () = <New as ::multitools::__private::Extends<
            Base,
            <Base as ::multitools::__private::Message>::Kind,
        >>::HOLDS;
        (
            <Base as ::multitools::__private::Message>::ANCESTRY,
            ::multitools::__private::step(
                <New as ::multitools::__private::Edge<
                    Base,
                    <Base as ::multitools::__private::Message>::Kind,
                >>::STEP,
                true && !::core::cfg!(all(windows)),
            ),
        )
    };
    const __NAME: &'static ::core::primitive::str = ::core::concat!(
        ::core::module_path!(), "::", "New"
    );
    const __ANCESTRY: ::multitools::__private::Ancestry = __PARENT
        .0
        .child(::multitools::__private::key(__NAME));
    static __ENTRY: ::multitools::__private::MessageEntry = ::multitools::__private::MessageEntry {
        name: __NAME,
        ancestry: __ANCESTRY,
        edge: __PARENT.1,
        shape: ::multitools::__private::shape(
            &["struct(); .: deep::Base", #[cfg(windows)] ".: u8"],
        ),
        boxed: ::core::option::Option::Some(::multitools::__private::boxed_as::<New>),
        debug: ::multitools::__private::debug_owned::<New>,
        location: ::core::concat!(::core::file!(), ":", ::core::line!()),
        id: ::multitools::__private::DenseId::unassigned(),
    };
    ::multitools::__private::inventory::submit! {
        ::multitools::__private::MessageRegistration(& __ENTRY)
    }
    #[automatically_derived]
    impl ::multitools::__private::Message for New {
        type At<'__f> = New;
        type View<'__f> = New;
        type Parent = Base;
        type Depth = <<Base as ::multitools::__private::Message>::Depth as ::multitools::__private::Depth>::Next;
        type Kind = ::multitools::__private::StructKind;
        type Reply = <Base as ::multitools::__private::Message>::Reply;
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
        ) -> ::core::result::Result<New, ::multitools::__private::DecodeError> {
            ::multitools::__private::decode_with(__message, __plan)
        }
    }
};
