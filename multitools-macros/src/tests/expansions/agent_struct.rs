#[doc(hidden)]
const _: () = {
    const _: () = {
        ::multitools::__private::sendable::<u32>();
        ::multitools::__private::sendable::<Vec<u8>>();
    };
};
#[derive(Default)]
#[derive(
    ::multitools::__private::serde::Serialize,
    ::multitools::__private::serde::Deserialize
)]
#[serde(crate = "::multitools::__private::serde")]
struct One {
    seen: u32,
    #[serde(with = "::multitools::__private::bytes")]
    image: Vec<u8>,
}
#[doc(hidden)]
const _: () = {
    const __L0: ::multitools::__private::Ancestry = ::multitools::__private::ancestry_of::<
        StringMessage,
    >();
    const __L1: ::multitools::__private::Ancestry = ::multitools::__private::ancestry_of::<
        shapes::Telemetry,
    >();
    const __BEHAVIOUR: ::multitools::__private::BehaviourOf = ::multitools::__private::behaviour_of::<
        One,
    >();
    static __ENTRY: ::multitools::__private::AgentEntry = ::multitools::__private::AgentEntry {
        path: ::core::concat!(::core::module_path!(), "::", "One"),
        name: ::core::option::Option::Some("one"),
        location: ::core::concat!(
            ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
        ),
        resident: true,
        logger: false,
        manual: false,
        listens: &[__L0, __L1],
        handles: __BEHAVIOUR.handled,
        sends: &[],
        announces: &[],
        shape: ::multitools::__private::shape(
            &["struct{}; .seen: u32; .image: Vec<u8>"],
        ),
        default: {
            use ::multitools::__private::NoDefault as _;
            ::multitools::__private::DefaultProbe::<One>::MAKE
        },
        run: __BEHAVIOUR.run,
    };
    #[automatically_derived]
    impl ::multitools::__private::Scoped for One {
        type Scope = ::multitools::__private::Anything;
    }
    #[automatically_derived]
    impl ::multitools::__private::Agent for One {
        const NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
            "one",
        );
        fn entry() -> &'static ::multitools::__private::AgentEntry {
            &__ENTRY
        }
    }
    ::multitools::__private::inventory::submit! {
        ::multitools::__private::AgentRegistration(& __ENTRY)
    }
    #[automatically_derived]
    impl ::multitools::__private::Listed for One {
        const ANNOUNCES: &'static [::multitools::__private::Announced] = &[];
        const LISTENS: &'static [::multitools::__private::Ancestry] = &[__L0, __L1];
    }
    const _: () = ::core::assert!(
        __BEHAVIOUR.has_op || ! __BEHAVIOUR.has_log,
        "`One` is no logger: write its handlers in an `#[agent] impl One` block"
    );
    const _: () = ::core::assert!(
        ::multitools::__private::covers(__BEHAVIOUR.handled, & __L0),
        "agent `One` listens to `StringMessage` but does not have a handler for it or for a supertype of it"
    );
    const _: () = ::core::assert!(
        ::multitools::__private::covers(__BEHAVIOUR.handled, & __L1),
        "agent `One` listens to `shapes::Telemetry` but does not have a handler for it or for a supertype of it"
    );
    const _: () = ::core::assert!(
        ! __L0.is(& __L1),
        "`StringMessage` is redundant: `shapes::Telemetry` is its supertype and is listened to as well"
    );
    const _: () = ::core::assert!(
        ! __L1.is(& __L0),
        "`shapes::Telemetry` is redundant: `StringMessage` is its supertype and is listened to as well"
    );
};
