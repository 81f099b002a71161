#[doc(hidden)]
const _: () = {
    const _: () = {
        ::multitools::__private::sendable::<i32>();
        ::multitools::__private::sendable::<Vec<u8>>();
    };
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
    #[automatically_derived]
    impl ::multitools::__private::Behaviour for mul {
        type Scope = ::multitools::__private::Anything;
        type Output = <Result<i32, String> as ::multitools::__private::Fallible>::Output;
        const HAS_OP: ::core::primitive::bool = true;
        const HAS_LOG: ::core::primitive::bool = false;
        const HANDLED: &'static [::multitools::__private::Ancestry] = &[];
        const HANDLERS: &'static [::multitools::__private::Handler<Self>] = &[];
        fn run_op(
            self,
            __ctx: &mut ::multitools::__private::Context,
        ) -> ::core::result::Result<
            <Result<i32, String> as ::multitools::__private::Fallible>::Output,
            ::multitools::__private::Failure,
        > {
            <Result<
                i32,
                String,
            > as ::multitools::__private::Fallible>::outcome(
                mul(__ctx, self.a, self.bytes),
            )
        }
        fn dispatch() -> &'static ::multitools::__private::Dispatch<Self> {
            static DISPATCH: ::std::sync::OnceLock<
                ::multitools::__private::Dispatch<mul>,
            > = ::std::sync::OnceLock::new();
            DISPATCH.get_or_init(::multitools::__private::Dispatch::assemble)
        }
    }
    static __ENTRY: ::multitools::__private::AgentEntry = ::multitools::__private::AgentEntry {
        path: ::core::concat!(::core::module_path!(), "::", "mul"),
        name: ::core::option::Option::Some("product"),
        location: ::core::concat!(
            ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
        ),
        resident: false,
        logger: false,
        manual: true,
        listens: &[],
        handles: &[],
        sends: &[],
        announces: &[],
        shape: ::multitools::__private::shape(
            &[
                ".a: i32; .bytes: Vec<u8>; serde(with=\"::multitools::__private::bytes\"); returns Result<i32, String>",
            ],
        ),
        default: ::core::option::Option::None,
        run: ::multitools::__private::serve::<mul>,
    };
    #[automatically_derived]
    impl ::multitools::__private::Agent for mul {
        const NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
            "product",
        );
        fn entry() -> &'static ::multitools::__private::AgentEntry {
            &__ENTRY
        }
    }
    #[automatically_derived]
    impl ::multitools::__private::Listed for mul {
        const ANNOUNCES: &'static [::multitools::__private::Announced] = &[];
        const LISTENS: &'static [::multitools::__private::Ancestry] = &[];
    }
    ::multitools::__private::inventory::submit! {
        ::multitools::__private::AgentRegistration(& __ENTRY)
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
    #[automatically_derived]
    impl ::multitools::__private::Behaviour for bare {
        type Scope = ::multitools::__private::Anything;
        type Output = ();
        const HAS_OP: ::core::primitive::bool = true;
        const HAS_LOG: ::core::primitive::bool = false;
        const HANDLED: &'static [::multitools::__private::Ancestry] = &[];
        const HANDLERS: &'static [::multitools::__private::Handler<Self>] = &[];
        fn run_op(
            self,
            _: &mut ::multitools::__private::Context,
        ) -> ::core::result::Result<(), ::multitools::__private::Failure> {
            ::core::result::Result::Ok(bare())
        }
        fn dispatch() -> &'static ::multitools::__private::Dispatch<Self> {
            static DISPATCH: ::std::sync::OnceLock<
                ::multitools::__private::Dispatch<bare>,
            > = ::std::sync::OnceLock::new();
            DISPATCH.get_or_init(::multitools::__private::Dispatch::assemble)
        }
    }
    static __ENTRY: ::multitools::__private::AgentEntry = ::multitools::__private::AgentEntry {
        path: ::core::concat!(::core::module_path!(), "::", "bare"),
        name: ::core::option::Option::None,
        location: ::core::concat!(
            ::core::file!(), ":", ::core::line!(), ":", ::core::column!()
        ),
        resident: false,
        logger: false,
        manual: true,
        listens: &[],
        handles: &[],
        sends: &[],
        announces: &[],
        shape: ::multitools::__private::shape(&[]),
        default: ::core::option::Option::None,
        run: ::multitools::__private::serve::<bare>,
    };
    #[automatically_derived]
    impl ::multitools::__private::Agent for bare {
        const NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::None;
        fn entry() -> &'static ::multitools::__private::AgentEntry {
            &__ENTRY
        }
    }
    #[automatically_derived]
    impl ::multitools::__private::Listed for bare {
        const ANNOUNCES: &'static [::multitools::__private::Announced] = &[];
        const LISTENS: &'static [::multitools::__private::Ancestry] = &[];
    }
    ::multitools::__private::inventory::submit! {
        ::multitools::__private::AgentRegistration(& __ENTRY)
    }
};
