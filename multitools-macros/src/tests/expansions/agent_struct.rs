#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    __multitools::sendable::<u32>();
    __multitools::sendable::<Vec<u8>>();
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
    use ::multitools::__private as __multitools;
    const __L0: __multitools::Ancestry = __multitools::ancestry_of::<StringMessage>();
    const __L1: __multitools::Ancestry = __multitools::ancestry_of::<
        shapes::Telemetry,
    >();
    const __BEHAVIOUR: __multitools::BehaviourOf = __multitools::behaviour_of::<One>();
    static __ENTRY: __multitools::AgentEntry = __multitools::AgentEntry {
        path: ::core::concat!(::core::module_path!(), "::", "One"),
        location: ::core::concat!(
            ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
        ),
        key: __multitools::agent_key(
            ::core::concat!(::core::module_path!(), "::", "One"),
            ::core::concat!(
                ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
            ),
        ),
        name: ::core::option::Option::Some("one"),
        resident: true,
        logger: false,
        manual: false,
        restart: __multitools::Restart::never(),
        limits: __multitools::Limits::none(),
        listens: &[__L0, __L1],
        handles: __BEHAVIOUR.handled,
        sends: ::core::option::Option::None,
        announces: &[],
        spawns: &[],
        shape: __multitools::shape(&[1641048297330648825u64]),
        default: {
            use __multitools::NoDefault as _;
            __multitools::DefaultProbe::<One>::MAKE
        },
        run: __BEHAVIOUR.run,
    };
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Scoped for One {
        type Scope = __multitools::Anything;
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Agent for One {
        const NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
            "one",
        );
        fn entry() -> &'static __multitools::AgentEntry {
            &__ENTRY
        }
    }
    __multitools::inventory::submit! {
        __multitools::AgentRegistration(& __ENTRY)
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Listed for One {
        const ANNOUNCES: &'static [__multitools::Announced] = &[];
        const LISTENS: &'static [__multitools::Ancestry] = &[__L0, __L1];
    }
    const _: () = ::core::assert!(
        __BEHAVIOUR.has_op || ! __BEHAVIOUR.has_log,
        "`One` is no logger: write its handlers in an `#[agent] impl One` block"
    );
    const _: () = ::core::assert!(
        __multitools::covers(__BEHAVIOUR.handled, & __L0),
        "agent `One` listens to `StringMessage` but has no handler for it or for a supertype of it: write `#[handle] fn on_message(&mut self, message: &StringMessage)` in its `#[agent] impl`"
    );
    const _: () = ::core::assert!(
        __multitools::covers(__BEHAVIOUR.handled, & __L1),
        "agent `One` listens to `shapes::Telemetry` but has no handler for it or for a supertype of it: write `#[handle] fn on_message(&mut self, message: &shapes::Telemetry)` in its `#[agent] impl`"
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
