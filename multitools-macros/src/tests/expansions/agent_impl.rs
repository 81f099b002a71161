impl One {
    const LIMIT: u32 = 3;
    #[allow(
        clippy::needless_pass_by_ref_mut,
        clippy::trivially_copy_pass_by_ref,
        clippy::unnecessary_wraps,
        clippy::unused_self
    )]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) -> Flow {
        Flow::Stop
    }
    #[cfg(unix)]
    #[allow(
        clippy::needless_pass_by_ref_mut,
        clippy::trivially_copy_pass_by_ref,
        clippy::unnecessary_wraps,
        clippy::unused_self
    )]
    pub fn on_chunk(&self, chunk: &Chunk<'_>) {}
    fn helper(&self) {}
}
#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    const __H0: __multitools::Handler<One> = <__multitools::Handler<
        One,
    >>::of::<StringMessage>();
    #[cfg(unix)]
    const __H1: __multitools::Handler<One> = <__multitools::Handler<
        One,
    >>::of::<Chunk<'static>>();
    const __HANDLED: &[__multitools::Ancestry] = &[
        __H0.ancestry,
        #[cfg(unix)]
        __H1.ancestry,
    ];
    const __HANDLERS: &[__multitools::Handler<One>] = &__multitools::sort([
        __H0,
        #[cfg(unix)]
        __H1,
    ]);
    #[automatically_derived]
    impl __multitools::Handle<StringMessage> for One {
        fn handle(
            &mut self,
            __message: &StringMessage,
            __ctx: &mut __multitools::Context<__multitools::Anything>,
        ) -> ::core::result::Result<__multitools::Flow, __multitools::Failure> {
            let __result = Self::on_text(self, __message, __ctx);
            <__multitools::Settle>::of::<StringMessage, _>(__result, __ctx)
        }
    }
    #[cfg(unix)]
    #[automatically_derived]
    impl __multitools::Handle<Chunk<'_>> for One {
        fn handle(
            &mut self,
            __message: &Chunk<'_>,
            __ctx: &mut __multitools::Context<__multitools::Anything>,
        ) -> ::core::result::Result<__multitools::Flow, __multitools::Failure> {
            let __result = Self::on_chunk(self, __message);
            <__multitools::Settle>::of::<Chunk<'_>, _>(__result, __ctx)
        }
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<
        __M: __multitools::Is<StringMessage>,
    > __multitools::Accepts<__M, __multitools::Row<0usize, StringMessage>> for One
    where
        __M: __multitools::When<{ __multitools::maximal(&__H0.ancestry, __HANDLED) }>,
    {}
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<
        __M: __multitools::Is<StringMessage>,
    > __multitools::Answers<__M, __multitools::Row<0usize, StringMessage>> for One
    where
        __M: __multitools::When<{ __multitools::answers(&__H0, __HANDLERS) }>,
    {}
    #[cfg(unix)]
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<
        __M: __multitools::Is<Chunk<'static>>,
    > __multitools::Accepts<__M, __multitools::Row<1usize, Chunk<'static>>> for One
    where
        __M: __multitools::When<{ __multitools::maximal(&__H1.ancestry, __HANDLED) }>,
    {}
    #[cfg(unix)]
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<
        __M: __multitools::Is<Chunk<'static>>,
    > __multitools::Answers<__M, __multitools::Row<1usize, Chunk<'static>>> for One
    where
        __M: __multitools::When<{ __multitools::answers(&__H1, __HANDLERS) }>,
    {}
    const _: () = __multitools::plain_context::<One, _>();
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Behaviour for One {
        type Scope = __multitools::Anything;
        type Output = ();
        const HAS_OP: ::core::primitive::bool = false;
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
            static DISPATCH: ::std::sync::OnceLock<__multitools::Dispatch<One>> = ::std::sync::OnceLock::new();
            DISPATCH.get_or_init(__multitools::Dispatch::assemble)
        }
    }
};
