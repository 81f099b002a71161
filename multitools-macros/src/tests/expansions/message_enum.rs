#[doc(hidden)]
const _: () = {
    const _: () = {
        crate::__private::sendable::<Alarm>();
        #[cfg(feature = "more")] crate::__private::sendable::<More>();
        crate::__private::sendable::<u32>();
        #[cfg(feature = "more")] crate::__private::sendable::<u32>();
        crate::__private::sendable::<String>();
    };
};
#[derive(::core::fmt::Debug)]
#[derive(crate::__private::serde::Serialize, crate::__private::serde::Deserialize)]
#[serde(crate = "crate::__private::serde")]
pub enum Telemetry {
    Alarm(Alarm),
    #[cfg(feature = "more")]
    More(More),
    Low(u32),
    #[cfg(feature = "more")]
    High(u32),
    Off { reason: String },
}
#[doc(hidden)]
const _: () = {
    #[automatically_derived]
    impl crate::__private::Wraps<Alarm> for Telemetry {
        fn wrap(__payload: Alarm) -> Self {
            Self::Alarm(__payload)
        }
    }
    #[cfg(feature = "more")]
    #[automatically_derived]
    impl crate::__private::Wraps<More> for Telemetry {
        fn wrap(__payload: More) -> Self {
            Self::More(__payload)
        }
    }
    #[cfg(not(any(all(feature = "more"))))]
    #[automatically_derived]
    impl crate::__private::Wraps<u32> for Telemetry {
        fn wrap(__payload: u32) -> Self {
            Self::Low(__payload)
        }
    }
    #[cfg(feature = "more")]
    #[cfg(not(any(all())))]
    #[automatically_derived]
    impl crate::__private::Wraps<u32> for Telemetry {
        fn wrap(__payload: u32) -> Self {
            Self::High(__payload)
        }
    }
    const __PARENT: (crate::__private::Ancestry, crate::__private::EdgeStep) = (
        crate::__private::ancestry_of::<crate::__private::AnyMessage>(),
        crate::__private::EdgeStep::Root,
    );
    const __NAME: &'static ::core::primitive::str = ::core::concat!(
        ::core::module_path!(), "::", "Telemetry"
    );
    const __ANCESTRY: crate::__private::Ancestry = __PARENT
        .0
        .child(crate::__private::key(__NAME));
    static __ENTRY: crate::__private::MessageEntry = crate::__private::MessageEntry {
        name: __NAME,
        ancestry: __ANCESTRY,
        edge: __PARENT.1,
        shape: crate::__private::shape(
            &[
                "enum; Alarm(); Alarm.: Alarm",
                #[cfg(feature = "more")]
                "More(); More.: More",
                "Low(); Low.: u32",
                #[cfg(feature = "more")]
                "High(); High.: u32",
                "Off{}; Off.reason: String",
            ],
        ),
        boxed: ::core::option::Option::None,
        debug: crate::__private::debug_owned::<Telemetry>,
        location: ::core::concat!(::core::file!(), ":", ::core::line!()),
        id: crate::__private::DenseId::unassigned(),
    };
    crate::__private::inventory::submit! {
        crate ::__private::MessageRegistration(& __ENTRY)
    }
    #[automatically_derived]
    impl crate::__private::Message for Telemetry {
        type At<'__f> = Telemetry;
        type View<'__f> = Telemetry;
        type Parent = crate::__private::AnyMessage;
        type Depth = <<crate::__private::AnyMessage as crate::__private::Message>::Depth as crate::__private::Depth>::Next;
        type Kind = crate::__private::EnumKind;
        type Reply = <crate::__private::AnyMessage as crate::__private::Message>::Reply;
        const NAME: &'static ::core::primitive::str = __NAME;
        const ANCESTRY: crate::__private::Ancestry = __ANCESTRY;
        fn leaf(&self) -> &'static crate::__private::MessageEntry {
            use crate::__private::{PlainVariant as _, SubtypeVariant as _};
            let __subtype = match self {
                Self::Alarm(__payload) => {
                    (&crate::__private::variant(__payload, self)).leaf()
                }
                #[cfg(feature = "more")]
                Self::More(__payload) => {
                    (&crate::__private::variant(__payload, self)).leaf()
                }
                Self::Low(__payload) => {
                    (&crate::__private::variant(__payload, self)).leaf()
                }
                #[cfg(feature = "more")]
                Self::High(__payload) => {
                    (&crate::__private::variant(__payload, self)).leaf()
                }
                _ => ::core::option::Option::None,
            };
            match __subtype {
                ::core::option::Option::Some(__subtype) => __subtype,
                ::core::option::Option::None => &__ENTRY,
            }
        }
        fn encode<__W: ::std::io::Write>(
            &self,
            __writer: &mut __W,
        ) -> ::core::result::Result<(), crate::__private::EncodeError> {
            use crate::__private::{PlainVariant as _, SubtypeVariant as _};
            let __subtype = match self {
                Self::Alarm(__payload) => {
                    (&crate::__private::variant(__payload, self)).encode(__writer)
                }
                #[cfg(feature = "more")]
                Self::More(__payload) => {
                    (&crate::__private::variant(__payload, self)).encode(__writer)
                }
                Self::Low(__payload) => {
                    (&crate::__private::variant(__payload, self)).encode(__writer)
                }
                #[cfg(feature = "more")]
                Self::High(__payload) => {
                    (&crate::__private::variant(__payload, self)).encode(__writer)
                }
                _ => ::core::option::Option::None,
            };
            match __subtype {
                ::core::option::Option::Some(__subtype) => __subtype,
                ::core::option::Option::None => {
                    crate::__private::encode_into(self, __writer)
                }
            }
        }
        fn view<'__f>(
            __message: &'__f crate::__private::AnyMessage,
            __plan: &crate::__private::Plan,
        ) -> ::core::result::Result<Telemetry, crate::__private::DecodeError> {
            crate::__private::decode_with(__message, __plan)
        }
        fn from_box(
            __message: ::std::boxed::Box<dyn ::core::any::Any>,
        ) -> ::core::option::Option<Self> {
            __message.downcast::<Self>().ok().map(|__message| *__message)
        }
    }
};
