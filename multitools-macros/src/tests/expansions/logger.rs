#[derive(
    ::multitools::__private::serde::Serialize,
    ::multitools::__private::serde::Deserialize
)]
#[serde(crate = "::multitools::__private::serde")]
struct Log;
#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    const __L0: __multitools::Ancestry = __multitools::ancestry_of::<AnyMessage>();
    const __BEHAVIOUR: __multitools::BehaviourOf = __multitools::behaviour_of::<Log>();
    static __ENTRY: __multitools::AgentEntry = __multitools::AgentEntry {
        path: ::core::concat!(::core::module_path!(), "::", "Log"),
        location: ::core::concat!(
            ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
        ),
        key: __multitools::agent_key(
            ::core::concat!(::core::module_path!(), "::", "Log"),
            ::core::concat!(
                ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
            ),
        ),
        name: ::core::option::Option::None,
        resident: true,
        logger: true,
        manual: true,
        restart: __multitools::Restart::never(),
        limits: __multitools::Limits::none(),
        listens: &[__L0],
        handles: __BEHAVIOUR.handled,
        sends: ::core::option::Option::None,
        announces: &[],
        spawns: &[],
        shape: __multitools::shape(&[14058172984575203104u64]),
        default: {
            use __multitools::NoDefault as _;
            __multitools::DefaultProbe::<Log>::MAKE
        },
        run: __BEHAVIOUR.run,
    };
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Scoped for Log {
        type Scope = __multitools::Anything;
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Agent for Log {
        const NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::None;
        fn entry() -> &'static __multitools::AgentEntry {
            &__ENTRY
        }
    }
    __multitools::inventory::submit! {
        __multitools::AgentRegistration(& __ENTRY)
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Listed for Log {
        const ANNOUNCES: &'static [__multitools::Announced] = &[];
        const LISTENS: &'static [__multitools::Ancestry] = &[__L0];
    }
    const _: () = ::core::assert!(
        __BEHAVIOUR.has_log,
        "`Log` is a logger: write `log` in a `#[logger] impl Log` block"
    );
    const _: () = ::core::assert!(
        __multitools::covers(__BEHAVIOUR.handled, & __L0),
        "logger `Log` listens to `AnyMessage` but its `log` takes neither that nor a supertype of it: write `fn log(&mut self, message: &AnyMessage)`, or take `&AnyMessage`"
    );
};
impl Log {
    #[allow(
        clippy::needless_pass_by_ref_mut,
        clippy::trivially_copy_pass_by_ref,
        clippy::unnecessary_wraps,
        clippy::unused_self
    )]
    fn log(&mut self, message: &AnyMessage) {}
}
#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    const __H0: __multitools::Handler<Log> = <__multitools::Handler<
        Log,
    >>::of::<AnyMessage>()
        .without_reply();
    const __HANDLED: &[__multitools::Ancestry] = &[__H0.ancestry];
    const __HANDLERS: &[__multitools::Handler<Log>] = &__multitools::sort([__H0]);
    #[automatically_derived]
    impl __multitools::Handle<AnyMessage> for Log {
        fn handle(
            &mut self,
            __message: &AnyMessage,
            __ctx: &mut __multitools::Context<__multitools::Anything>,
        ) -> ::core::result::Result<__multitools::Flow, __multitools::Failure> {
            let __result = Self::log(self, __message);
            __multitools::HandlerResult::<__multitools::NoReply>::settle(__result, __ctx)
        }
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<
        __M: __multitools::Is<AnyMessage>,
    > __multitools::Accepts<__M, __multitools::Row<0usize, AnyMessage>> for Log
    where
        __M: __multitools::When<{ __multitools::maximal(&__H0.ancestry, __HANDLED) }>,
    {}
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<
        __M: __multitools::Is<AnyMessage>,
    > __multitools::Answers<__M, __multitools::Row<0usize, AnyMessage>> for Log
    where
        __M: __multitools::When<{ __multitools::answers(&__H0, __HANDLERS) }>,
    {}
    const _: () = __multitools::no_context::<Log>();
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Behaviour for Log {
        type Scope = __multitools::Anything;
        type Output = ();
        const HAS_OP: ::core::primitive::bool = false;
        fn run_op(
            mut self,
            __ctx: &mut __multitools::Context<Self::Scope>,
        ) -> ::core::result::Result<(), __multitools::Failure> {
            __multitools::serve_mailbox(&mut self, __ctx)
        }
        const HAS_LOG: ::core::primitive::bool = true;
        const HANDLED: &'static [__multitools::Ancestry] = __HANDLED;
        const HANDLERS: &'static [__multitools::Handler<Self>] = __HANDLERS;
        fn dispatch() -> &'static __multitools::Dispatch<Self> {
            static DISPATCH: ::std::sync::OnceLock<__multitools::Dispatch<Log>> = ::std::sync::OnceLock::new();
            DISPATCH.get_or_init(__multitools::Dispatch::assemble)
        }
    }
};
