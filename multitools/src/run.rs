//! `run!`, the short form of everything.

/// Starts agents, waits until all are gone, and returns their results.
///
/// | form | means |
/// | --- | --- |
/// | `run!()` | every registered agent that has a `Default` and is not `manual`; returns `Result<(), RunError>` |
/// | `run!(a, b, …)` | these agents and processes, up to 16; returns a tuple of what their `op`s return |
/// | `run!(a, b, …; on_print = …)` | with handlers or limits: any method of [`Supervisor`](crate::Supervisor) that takes one argument |
///
/// In the process of an agent this is where the agent's own code begins: `run!` first looks whether it
/// is in one ([`init`](crate::init)), before its arguments are evaluated, and does not return there.
/// What `main` does before `run!` is done in every process; put
/// [`#[multitools::main]`](macro@crate::main) on a `main` that does more, above all on one that reads its
/// standard input: before `run!` that of an agent's process is the line to its supervisor.
///
/// The fields of an agent are sent to its process, and may have 64 MiB less 64 KiB, encoded, or the
/// [`message_limit`](crate::Supervisor::message_limit) if that is more, like its result. Larger ones are
/// [`RunError::Arguments`](crate::RunError::Arguments), and nothing is started.
///
/// An agent may declare what it sends to [`LISTENERS`](crate::LISTENERS), with `announces(..)`. A list of
/// agents in which no other listens to that, to a supertype or to some subtype, nor any that these declare
/// to start with `spawns(..)`, is refused by the compiler; `run!()` refuses it at its start. Where the types of agents are type parameters, and for a
/// [`Supervisor`](crate::Supervisor) put together by hand, that is not checked.
///
/// ```compile_fail
/// use multitools::{agent, message, Context, LISTENERS, SendError};
///
/// #[message]
/// struct Alarm;
///
/// #[agent(announces(Alarm))]
/// struct Sensor;
/// #[agent]
/// impl Sensor {
///     fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
///         ctx.send(LISTENERS, &Alarm).map(drop)
///     }
/// }
///
/// fn main() -> Result<(), multitools::RunError> {
///     // error: no agent of this run listens to `Alarm`, which agent `Sensor` announces
///     multitools::run!(Sensor).map(drop)
/// }
/// ```
///
/// ```
/// use multitools::process;
///
/// #[process]
/// fn multiply(one: i64, two: i64) -> i64 { one * two }
///
/// fn main() -> Result<(), multitools::RunError> {
///     let (product, square) = multitools::run!(multiply::with(6, 7), multiply::with(5, 5))?;
///     assert_eq!((product, square), (42, 25));
///     Ok(())
/// }
/// ```
#[macro_export]
macro_rules! run {
    () => {{
        $crate::init();
        $crate::Supervisor::registered()
            .under_test(::core::cfg!(test))
            .supervise()
            .map(::core::mem::drop)
    }};
    ($($agent:expr),+ $(,)? $(; $($key:ident = $value:expr),* $(,)?)?) => {{
        $crate::init();
        let mut supervisor = $crate::Supervisor::new();
        supervisor.under_test(::core::cfg!(test));
        $($( supervisor.$key($value); )*)?
        let claims = ($( $crate::__private::add_to(&mut supervisor, $crate::__private::agent_of_run!($agent)), )+);
        $crate::__check_run!(claims);
        supervisor
            .supervise()
            .and_then(|results| $crate::__private::Collect::collect(claims, results))
    }};
}

/// A constant in a pattern is evaluated where the pattern is checked, so `cargo check` reports it, with
/// types that only inference knows.
#[doc(hidden)]
#[macro_export]
macro_rules! __check_run {
    ($claims:ident) => {{
        use $crate::__private::{KnownRun as _, UnknownRun as _};
        struct Run<T>(::core::marker::PhantomData<T>);
        impl<T: $crate::__private::Run> Run<T> {
            const CHECKED: ::core::marker::PhantomData<T> = match T::FAULT {
                ::core::option::Option::Some(fault) => ::core::panic!("{}", fault),
                ::core::option::Option::None => ::core::marker::PhantomData,
            };
        }
        match (&$claims).run() {
            Run::CHECKED => {}
        }
    }};
}
