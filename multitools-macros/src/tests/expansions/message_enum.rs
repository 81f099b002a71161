#[doc(hidden)]
const _: () = {
    use crate::__private as __multitools;
    __multitools::carried::<Alarm>();
    #[cfg(feature = "more")] __multitools::carried::<More>();
    __multitools::carried::<u32>();
    #[cfg(feature = "more")] __multitools::carried::<u32>();
    __multitools::carried::<String>();
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
    use crate::__private as __multitools;
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Wraps<Alarm> for Telemetry {
        fn wrap(__payload: Alarm) -> Self {
            Self::Alarm(__payload)
        }
    }
    #[cfg(feature = "more")]
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Wraps<More> for Telemetry {
        fn wrap(__payload: More) -> Self {
            Self::More(__payload)
        }
    }
    #[cfg(not(any(all(feature = "more"))))]
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Wraps<u32> for Telemetry {
        fn wrap(__payload: u32) -> Self {
            Self::Low(__payload)
        }
    }
    #[cfg(feature = "more")]
    #[cfg(not(any(all())))]
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Wraps<u32> for Telemetry {
        fn wrap(__payload: u32) -> Self {
            Self::High(__payload)
        }
    }
    __multitools::inventory::submit! {
        __multitools::MessageEntry::of:: < Telemetry > (__multitools::shape(&
        [15979887078756439920u64, #[cfg(feature = "more")] 8136126297093274050u64,
        723339761112351839u64, #[cfg(feature = "more")] 6979004424630540719u64,
        4159732804772593735u64]), ::core::option::Option::None,
        ::core::concat!(::core::file!(), ":", ::core::line!()),)
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Message for Telemetry {
        type At<'__f> = Telemetry;
        type View<'__f> = Telemetry;
        type Parent = __multitools::AnyMessage;
        type Kind = __multitools::EnumKind;
        type Reply = <__multitools::AnyMessage as __multitools::Message>::Reply;
        const NAME: &'static ::core::primitive::str = ::core::concat!(
            ::core::module_path!(), "::", "Telemetry"
        );
        fn subtype(&self) -> ::core::option::Option<&dyn __multitools::Travelling> {
            use __multitools::{PlainVariant as _, SubtypeVariant as _};
            match self {
                Self::Alarm(__payload) => {
                    (&__multitools::variant(__payload, self)).subtype()
                }
                #[cfg(feature = "more")]
                Self::More(__payload) => {
                    (&__multitools::variant(__payload, self)).subtype()
                }
                Self::Low(__payload) => {
                    (&__multitools::variant(__payload, self)).subtype()
                }
                #[cfg(feature = "more")]
                Self::High(__payload) => {
                    (&__multitools::variant(__payload, self)).subtype()
                }
                _ => ::core::option::Option::None,
            }
        }
        fn from_box(
            __message: ::std::boxed::Box<dyn ::core::any::Any>,
        ) -> ::core::option::Option<Self> {
            __message.downcast::<Self>().ok().map(|__message| *__message)
        }
    }
};
