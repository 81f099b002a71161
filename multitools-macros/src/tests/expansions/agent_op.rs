impl Two {
    #[cfg(unix)]
    #[allow(
        clippy::needless_pass_by_ref_mut,
        clippy::trivially_copy_pass_by_ref,
        clippy::unnecessary_wraps,
        clippy::unused_self
    )]
    fn op(&mut self, ctx: &mut Context) -> std::io::Result<u64> {
        Ok(0)
    }
}
#[doc(hidden)]
const _: () = {
    use mt::__private as __multitools;
    const __HANDLED: &[__multitools::Ancestry] = &[];
    const __HANDLERS: &[__multitools::Handler<Two>] = &__multitools::sort([]);
    #[cfg(unix)]
    const _: () = __multitools::plain_context::<Two, _>();
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Behaviour for Two {
        type Scope = __multitools::Anything;
        #[cfg(unix)]
        type Output = <__multitools::Op as __multitools::Returns<
            <std::io::Result<u64> as __multitools::Fallible>::Output,
        >>::Output;
        #[cfg(unix)]
        const HAS_OP: ::core::primitive::bool = true;
        #[cfg(unix)]
        fn run_op(
            mut self,
            __ctx: &mut __multitools::Context<Self::Scope>,
        ) -> ::core::result::Result<Self::Output, __multitools::Failure> {
            <std::io::Result<
                u64,
            > as __multitools::Fallible>::outcome(Self::op(&mut self, __ctx))
        }
        #[cfg(not(any(all(unix))))]
        type Output = ();
        #[cfg(not(any(all(unix))))]
        const HAS_OP: ::core::primitive::bool = false;
        #[cfg(not(any(all(unix))))]
        fn run_op(
            mut self,
            __ctx: &mut __multitools::Context<Self::Scope>,
        ) -> ::core::result::Result<(), __multitools::Failure> {
            __multitools::serve_mailbox(&mut self, __ctx)
        }
        const HAS_LOG: ::core::primitive::bool = false;
        const HANDLED: &'static [__multitools::Ancestry] = __HANDLED;
        const HANDLERS: &'static [__multitools::Handler<Self>] = __HANDLERS;
        fn dispatch() -> &'static __multitools::Dispatch<Self> {
            static DISPATCH: ::std::sync::OnceLock<__multitools::Dispatch<Two>> = ::std::sync::OnceLock::new();
            DISPATCH.get_or_init(__multitools::Dispatch::assemble)
        }
    }
};
