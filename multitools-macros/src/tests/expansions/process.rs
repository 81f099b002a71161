#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    __multitools::sendable::<i32>();
    __multitools::sendable::<Vec<u8>>();
};
/// Multiplies.
#[allow(clippy::needless_pass_by_value)]
pub fn mul(ctx: &mut Context, mut a: i32, bytes: Vec<u8>) -> Result<i32, String> {
    a += 1;
    Ok(a)
}
///The process [`mul`](fn@mul), ready to be started with its arguments.
#[derive(
    ::multitools::__private::serde::Serialize,
    ::multitools::__private::serde::Deserialize
)]
#[serde(crate = "::multitools::__private::serde")]
pub struct mul {
    ///The argument of this name.
    pub a: i32,
    ///The argument of this name.
    #[serde(with = "::multitools::__private::bytes")]
    pub bytes: Vec<u8>,
}
#[automatically_derived]
impl mul {
    ///The process [`mul`](fn@mul) with these arguments.
    #[must_use]
    pub fn with(a: i32, bytes: Vec<u8>) -> Self {
        Self { a, bytes }
    }
}
#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Behaviour for mul {
        type Scope = __multitools::Anything;
        type Output = <__multitools::Op as __multitools::Returns<
            <Result<i32, String> as __multitools::Fallible>::Output,
        >>::Output;
        fn run_op(
            self,
            __ctx: &mut __multitools::Context,
        ) -> ::core::result::Result<Self::Output, __multitools::Failure> {
            <Result<
                i32,
                String,
            > as __multitools::Fallible>::outcome(mul(__ctx, self.a, self.bytes))
        }
        const HAS_OP: ::core::primitive::bool = true;
        const HAS_LOG: ::core::primitive::bool = false;
        const HANDLED: &'static [__multitools::Ancestry] = &[];
        const HANDLERS: &'static [__multitools::Handler<Self>] = &[];
        fn dispatch() -> &'static __multitools::Dispatch<Self> {
            static DISPATCH: ::std::sync::OnceLock<__multitools::Dispatch<mul>> = ::std::sync::OnceLock::new();
            DISPATCH.get_or_init(__multitools::Dispatch::assemble)
        }
    }
    static __ENTRY: __multitools::AgentEntry = __multitools::AgentEntry {
        path: ::core::concat!(::core::module_path!(), "::", "mul"),
        location: ::core::concat!(
            ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
        ),
        key: __multitools::agent_key(
            ::core::concat!(::core::module_path!(), "::", "mul"),
            ::core::concat!(
                ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
            ),
        ),
        name: ::core::option::Option::Some("product"),
        resident: false,
        logger: false,
        manual: true,
        restart: __multitools::Restart::never(),
        limits: __multitools::Limits::none(),
        listens: &[],
        handles: &[],
        sends: ::core::option::Option::None,
        announces: &[],
        spawns: &[],
        shape: __multitools::shape(&[9948624258722542229u64]),
        default: ::core::option::Option::None,
        run: __multitools::serve::<mul>,
    };
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Agent for mul {
        const NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
            "product",
        );
        fn entry() -> &'static __multitools::AgentEntry {
            &__ENTRY
        }
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Listed for mul {
        const ANNOUNCES: &'static [__multitools::Announced] = &[];
        const LISTENS: &'static [__multitools::Ancestry] = &[];
    }
    __multitools::inventory::submit! {
        __multitools::AgentRegistration(& __ENTRY)
    }
};
#[cfg(unix)]
#[allow(clippy::needless_pass_by_value)]
fn bare() {}
#[cfg(unix)]
///The process [`bare`](fn@bare), ready to be started with its arguments.
#[derive(
    ::multitools::__private::serde::Serialize,
    ::multitools::__private::serde::Deserialize
)]
#[serde(crate = "::multitools::__private::serde")]
struct bare {}
#[cfg(unix)]
#[automatically_derived]
impl bare {
    ///The process [`bare`](fn@bare) with these arguments.
    #[must_use]
    fn with() -> Self {
        Self {}
    }
}
#[cfg(unix)]
#[doc(hidden)]
const _: () = {
    use ::multitools::__private as __multitools;
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Behaviour for bare {
        type Scope = __multitools::Anything;
        type Output = ();
        fn run_op(
            self,
            _: &mut __multitools::Context,
        ) -> ::core::result::Result<Self::Output, __multitools::Failure> {
            ::core::result::Result::Ok(bare())
        }
        const HAS_OP: ::core::primitive::bool = true;
        const HAS_LOG: ::core::primitive::bool = false;
        const HANDLED: &'static [__multitools::Ancestry] = &[];
        const HANDLERS: &'static [__multitools::Handler<Self>] = &[];
        fn dispatch() -> &'static __multitools::Dispatch<Self> {
            static DISPATCH: ::std::sync::OnceLock<__multitools::Dispatch<bare>> = ::std::sync::OnceLock::new();
            DISPATCH.get_or_init(__multitools::Dispatch::assemble)
        }
    }
    static __ENTRY: __multitools::AgentEntry = __multitools::AgentEntry {
        path: ::core::concat!(::core::module_path!(), "::", "bare"),
        location: ::core::concat!(
            ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
        ),
        key: __multitools::agent_key(
            ::core::concat!(::core::module_path!(), "::", "bare"),
            ::core::concat!(
                ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
            ),
        ),
        name: ::core::option::Option::None,
        resident: false,
        logger: false,
        manual: true,
        restart: __multitools::Restart::never(),
        limits: __multitools::Limits::none(),
        listens: &[],
        handles: &[],
        sends: ::core::option::Option::None,
        announces: &[],
        spawns: &[],
        shape: __multitools::shape(&[]),
        default: ::core::option::Option::None,
        run: __multitools::serve::<bare>,
    };
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Agent for bare {
        const NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::None;
        fn entry() -> &'static __multitools::AgentEntry {
            &__ENTRY
        }
    }
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __multitools::Listed for bare {
        const ANNOUNCES: &'static [__multitools::Announced] = &[];
        const LISTENS: &'static [__multitools::Ancestry] = &[];
    }
    __multitools::inventory::submit! {
        __multitools::AgentRegistration(& __ENTRY)
    }
};
