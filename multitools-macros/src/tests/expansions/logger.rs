#[derive(
    ::multitools::__private::serde::Serialize,
    ::multitools::__private::serde::Deserialize
)]
#[serde(crate = "::multitools::__private::serde")]
struct Log;
#[doc(hidden)]
const _: () = {
    const __L0: ::multitools::__private::Ancestry = ::multitools::__private::ancestry_of::<
        AnyMessage,
    >();
    const __BEHAVIOUR: ::multitools::__private::BehaviourOf = ::multitools::__private::behaviour_of::<
        Log,
    >();
    static __ENTRY: ::multitools::__private::AgentEntry = ::multitools::__private::AgentEntry {
        path: ::core::concat!(::core::module_path!(), "::", "Log"),
        name: ::core::option::Option::None,
        location: ::core::concat!(
            ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
        ),
        resident: true,
        logger: true,
        manual: true,
        listens: &[__L0],
        handles: __BEHAVIOUR.handled,
        sends: &[],
        announces: &[],
        shape: ::multitools::__private::shape(&["struct"]),
        default: {
            use ::multitools::__private::NoDefault as _;
            ::multitools::__private::DefaultProbe::<Log>::MAKE
        },
        run: __BEHAVIOUR.run,
    };
    #[automatically_derived]
    impl ::multitools::__private::Scoped for Log {
        type Scope = ::multitools::__private::Anything;
    }
    #[automatically_derived]
    impl ::multitools::__private::Agent for Log {
        const NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::None;
        fn entry() -> &'static ::multitools::__private::AgentEntry {
            &__ENTRY
        }
    }
    ::multitools::__private::inventory::submit! {
        ::multitools::__private::AgentRegistration(& __ENTRY)
    }
    #[automatically_derived]
    impl ::multitools::__private::Listed for Log {
        const ANNOUNCES: &'static [::multitools::__private::Announced] = &[];
        const LISTENS: &'static [::multitools::__private::Ancestry] = &[__L0];
    }
    const _: () = ::core::assert!(
        __BEHAVIOUR.has_log,
        "`Log` is a logger: write `log` in a `#[logger] impl Log` block"
    );
    const _: () = ::core::assert!(
        ::multitools::__private::covers(__BEHAVIOUR.handled, & __L0),
        "logger `Log` listens to `AnyMessage` but does not have a `log` for it or for a supertype of it"
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
    const __H0: ::multitools::__private::Handler<Log> = <::multitools::__private::Handler<
        Log,
    >>::of::<AnyMessage>()
        .without_reply();
    const __HANDLED: &[::multitools::__private::Ancestry] = &[__H0.ancestry];
    const __HANDLERS: &[::multitools::__private::Handler<Log>] = &::multitools::__private::sort([
        __H0,
    ]);
    #[automatically_derived]
    impl ::multitools::__private::Handle<AnyMessage> for Log {
        fn handle(
            &mut self,
            __message: &AnyMessage,
            __ctx: &mut ::multitools::__private::Context<
                ::multitools::__private::Anything,
            >,
        ) -> ::core::result::Result<
            ::multitools::__private::Flow,
            ::multitools::__private::Failure,
        > {
            let __result = Self::log(self, __message);
            ::multitools::__private::HandlerResult::<
                ::multitools::__private::NoReply,
            >::settle(__result, __ctx)
        }
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<
        __M: ::multitools::__private::Is<AnyMessage>,
    > ::multitools::__private::Accepts<__M, ::multitools::__private::Row<0usize>> for Log
    where
        __M: ::multitools::__private::When<
            { ::multitools::__private::maximal(&__H0.ancestry, __HANDLED) },
        >,
    {}
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<
        __M: ::multitools::__private::Is<AnyMessage>,
    > ::multitools::__private::Answers<__M, ::multitools::__private::Row<0usize>> for Log
    where
        __M: ::multitools::__private::When<
            { ::multitools::__private::answers(&__H0, __HANDLERS) },
        >,
    {}
    const _: () = ::multitools::__private::no_context::<Log>();
    #[automatically_derived]
    impl ::multitools::__private::Behaviour for Log {
        type Scope = ::multitools::__private::Anything;
        type Output = ();
        const HAS_OP: ::core::primitive::bool = false;
        fn run_op(
            mut self,
            __ctx: &mut ::multitools::__private::Context<Self::Scope>,
        ) -> ::core::result::Result<(), ::multitools::__private::Failure> {
            ::multitools::__private::serve_mailbox(&mut self, __ctx)
        }
        const HAS_LOG: ::core::primitive::bool = true;
        const HANDLED: &'static [::multitools::__private::Ancestry] = __HANDLED;
        const HANDLERS: &'static [::multitools::__private::Handler<Self>] = __HANDLERS;
        fn dispatch() -> &'static ::multitools::__private::Dispatch<Self> {
            static DISPATCH: ::std::sync::OnceLock<
                ::multitools::__private::Dispatch<Log>,
            > = ::std::sync::OnceLock::new();
            DISPATCH.get_or_init(::multitools::__private::Dispatch::assemble)
        }
    }
};
