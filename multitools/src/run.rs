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
/// [`#[multitools::main]`](macro@crate::main) on a `main` that does more.
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
        let outputs = ($( supervisor.add($agent).output(), )+);
        supervisor
            .supervise()
            .and_then(|results| $crate::__private::Collect::collect(outputs, results))
    }};
}
