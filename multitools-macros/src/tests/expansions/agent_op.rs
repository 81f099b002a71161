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
    const __HANDLED: &[mt::__private::Ancestry] = &[];
    const __HANDLERS: &[mt::__private::Handler<Two>] = &mt::__private::sort([]);
    #[automatically_derived]
    impl mt::__private::Behaviour for Two {
        #[cfg(unix)]
        type Output = <std::io::Result<u64> as mt::__private::Fallible>::Output;
        #[cfg(unix)]
        const HAS_OP: ::core::primitive::bool = true;
        #[cfg(unix)]
        fn run_op(
            mut self,
            __ctx: &mut mt::__private::Context,
        ) -> ::core::result::Result<
            <std::io::Result<u64> as mt::__private::Fallible>::Output,
            mt::__private::Failure,
        > {
            <std::io::Result<
                u64,
            > as mt::__private::Fallible>::outcome(Self::op(&mut self, __ctx))
        }
        #[cfg(not(any(all(unix))))]
        type Output = ();
        #[cfg(not(any(all(unix))))]
        const HAS_OP: ::core::primitive::bool = false;
        #[cfg(not(any(all(unix))))]
        fn run_op(
            mut self,
            __ctx: &mut mt::__private::Context,
        ) -> ::core::result::Result<(), mt::__private::Failure> {
            mt::__private::serve_mailbox(&mut self, __ctx)
        }
        const HAS_LOG: ::core::primitive::bool = false;
        const HANDLERS: &'static [mt::__private::Handler<Self>] = __HANDLERS;
        const HANDLED: &'static [mt::__private::Ancestry] = __HANDLED;
        fn dispatch() -> &'static mt::__private::Dispatch<Self> {
            static DISPATCH: ::std::sync::OnceLock<mt::__private::Dispatch<Two>> = ::std::sync::OnceLock::new();
            DISPATCH.get_or_init(mt::__private::Dispatch::assemble)
        }
    }
};
