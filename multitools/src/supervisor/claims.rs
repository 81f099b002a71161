//! What `run!` adds to a supervisor, and what is known of it while it is compiled.

use super::{Results, RunError, Supervisor};
use crate::agent::{Agent, Behaviour};
use crate::catalog::{self, Listed};
use crate::output::Output;
use std::marker::PhantomData;

/// The claim to the result `T` of an `A`.
pub struct Claim<A, T> {
    output: Output<T>,
    /// Found where the agent is known, since nothing has to be asked of `T` then: whether it can be sent
    /// is asked of the agent, once.
    redeem: Redeem<T>,
    agent: PhantomData<A>,
}

/// Redeems a claim.
type Redeem<T> = fn(&mut Results, Output<T>) -> Result<T, RunError>;

/// What `run!` takes; `T` is what it returns, found by the compiler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no agent that can be run",
    label = "no agent that can be run",
    note = "a function `f` with `#[multitools::process]` is started as `f::with(..)`",
    note = "a type of your own is an agent with `#[multitools::agent]` on its definition and above its `impl` block"
)]
pub trait Runnable<T>: Agent + Behaviour<Output = T> {}
#[diagnostic::do_not_recommend]
impl<A: Agent + Behaviour> Runnable<A::Output> for A {}

/// Adds an agent, for generated code.
pub fn add_to<A: Runnable<T>, T>(supervisor: &mut Supervisor<'_>, agent: A) -> Claim<A, T> {
    Claim {
        output: supervisor.add(agent).output(),
        redeem: redeem::<A>,
        agent: PhantomData,
    }
}

fn redeem<A: Behaviour>(
    results: &mut Results,
    output: Output<A::Output>,
) -> Result<A::Output, RunError> {
    results.take(output)
}

/// A tuple of claims, for generated code.
pub trait Collect {
    /// The tuple of results.
    type Results;
    /// Redeems the claims.
    ///
    /// # Errors
    /// See [`Results::take`].
    fn collect(self, results: Results) -> Result<Self::Results, RunError>;
}

/// The agents of a run.
pub trait Run {
    /// What is wrong with them as a whole.
    const FAULT: Option<&'static str>;
}

/// Agents that are known only when the program is instantiated.
pub struct UncheckedRun;
impl Run for UncheckedRun {
    const FAULT: Option<&'static str> = None;
}

macro_rules! tuples {
    ($(($agent:ident $result:ident))*) => {
        tuples!(@ [] $(($agent $result))*);
    };
    (@ [$($done:tt)*]) => {};
    (@ [$(($agent:ident $result:ident))*] ($next:ident $last:ident) $($rest:tt)*) => {
        impl<$($agent, $result,)* $next, $last> Collect
            for ($(Claim<$agent, $result>,)* Claim<$next, $last>,)
        {
            type Results = ($($result,)* $last,);
            #[allow(non_snake_case)]
            fn collect(self, mut results: Results) -> Result<Self::Results, RunError> {
                let ($($agent,)* $next,) = self;
                Ok(($(($agent.redeem)(&mut results, $agent.output)?,)* ($next.redeem)(&mut results, $next.output)?,))
            }
        }
        impl<$($agent: Listed, $result,)* $next: Listed, $last> Run
            for ($(Claim<$agent, $result>,)* Claim<$next, $last>,)
        {
            const FAULT: Option<&'static str> = catalog::unheard(&[
                $(catalog::declared::<$agent>(),)*
                catalog::declared::<$next>(),
            ]);
        }
        tuples!(@ [$(($agent $result))* ($next $last)] $($rest)*);
    };
}
tuples!((A TA)(B TB)(C TC)(D TD)(E TE)(F TF)(G TG)(H TH)(I TI)(J TJ)(K TK)(L TL)(M TM)(N TN)(O TO)(P TP));

/// Decides by autoref whether the types of all agents are known where `run!` stands.
pub trait KnownRun<T> {
    /// The type of the tuple.
    fn run(&self) -> PhantomData<T>;
}
impl<T: Run> KnownRun<T> for T {
    fn run(&self) -> PhantomData<T> {
        PhantomData
    }
}

/// The answer where they are not.
pub trait UnknownRun {
    /// Nothing to check.
    fn run(&self) -> PhantomData<UncheckedRun> {
        PhantomData
    }
}
impl<T> UnknownRun for &T {}
