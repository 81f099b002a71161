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
    const __H0: ::multitools::__private::Handler<One> = ::multitools::__private::Handler::<
        One,
    >::of::<StringMessage>();
    #[cfg(unix)]
    const __H1: ::multitools::__private::Handler<One> = ::multitools::__private::Handler::<
        One,
    >::of::<Chunk<'static>>();
    const __HANDLED: &[::multitools::__private::Ancestry] = &[
        __H0.ancestry,
        #[cfg(unix)]
        __H1.ancestry,
    ];
    const __HANDLERS: &[::multitools::__private::Handler<One>] = &::multitools::__private::sort([
        __H0,
        #[cfg(unix)]
        __H1,
    ]);
    #[automatically_derived]
    impl ::multitools::__private::Handle<StringMessage> for One {
        fn handle(
            &mut self,
            __message: &StringMessage,
            __ctx: &mut ::multitools::__private::Context,
        ) -> ::core::result::Result<
            ::multitools::__private::Flow,
            ::multitools::__private::Failure,
        > {
            let __result = Self::on_text(self, __message, __ctx);
            ::multitools::__private::HandlerResult::<
                <StringMessage as ::multitools::__private::Message>::Reply,
            >::settle(__result, __ctx)
        }
    }
    #[cfg(unix)]
    #[automatically_derived]
    impl ::multitools::__private::Handle<Chunk<'_>> for One {
        fn handle(
            &mut self,
            __message: &Chunk<'_>,
            __ctx: &mut ::multitools::__private::Context,
        ) -> ::core::result::Result<
            ::multitools::__private::Flow,
            ::multitools::__private::Failure,
        > {
            let __result = Self::on_chunk(self, __message);
            ::multitools::__private::HandlerResult::<
                <Chunk<'_> as ::multitools::__private::Message>::Reply,
            >::settle(__result, __ctx)
        }
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<
        __M: ::multitools::__private::Is<StringMessage>,
    > ::multitools::__private::Accepts<__M, ::multitools::__private::Row<0usize>> for One
    where
        ::multitools::__private::Guard<
            __M,
        >: ::multitools::__private::When<
            { ::multitools::__private::maximal(&__H0.ancestry, __HANDLED) },
        >,
    {}
    #[cfg(unix)]
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl<
        __M: ::multitools::__private::Is<Chunk<'static>>,
    > ::multitools::__private::Accepts<__M, ::multitools::__private::Row<1usize>> for One
    where
        ::multitools::__private::Guard<
            __M,
        >: ::multitools::__private::When<
            { ::multitools::__private::maximal(&__H1.ancestry, __HANDLED) },
        >,
    {}
    #[automatically_derived]
    impl ::multitools::__private::Behaviour for One {
        type Output = ();
        const HAS_OP: ::core::primitive::bool = false;
        fn run_op(
            mut self,
            __ctx: &mut ::multitools::__private::Context,
        ) -> ::core::result::Result<(), ::multitools::__private::Failure> {
            ::multitools::__private::serve_mailbox(&mut self, __ctx)
        }
        const HAS_LOG: ::core::primitive::bool = false;
        const HANDLERS: &'static [::multitools::__private::Handler<Self>] = __HANDLERS;
        const HANDLED: &'static [::multitools::__private::Ancestry] = __HANDLED;
        fn dispatch() -> &'static ::multitools::__private::Dispatch<Self> {
            static DISPATCH: ::std::sync::OnceLock<
                ::multitools::__private::Dispatch<One>,
            > = ::std::sync::OnceLock::new();
            DISPATCH.get_or_init(::multitools::__private::Dispatch::assemble)
        }
    }
};
