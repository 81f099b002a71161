//! What it costs to find and call the handler of a message, and to find who listens to it.
//!
//! One program with 1,110 message types, and agents that take 10, 100 and 1,000 of them. Each
//! measurement goes through all types of its agent in turn, so that what is measured is not one row of
//! a table that never leaves the cache.

mod measure;

use measure::Figures;
use multitools::{Context, LISTENERS, RunError, Supervisor, agent};
use multitools_benchmarks::table::Table;
use std::error::Error;

#[allow(missing_docs)] // by build.rs
mod generated {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}
use generated::{types_10, types_100, types_1000};

/// Runs the benchmark and prints its table.
#[multitools::main]
fn main() -> Result<(), Box<dyn Error>> {
    let mut table = Table::new([
        "ns, median",
        "handler lookup",
        "lookup, decode, call",
        "decode alone",
        "listener lookup",
        "same, one type",
    ]);
    for (types, figures) in [
        ("10 types", alone(types_10::Handles { sum: 0 })?),
        ("100 types", alone(types_100::Handles { sum: 0 })?),
        ("1,000 types", alone(types_1000::Handles { sum: 0 })?),
    ] {
        table.row([
            types.to_owned(),
            format!("{:.1}", figures.lookup),
            format!("{:.1}", figures.call),
            format!("{:.1}", figures.decode),
            format!("{:.1}", figures.listeners),
            format!("{:.1}", figures.one_listeners),
        ]);
    }
    table.print();
    Ok(())
}

/// Runs an agent beside some that listen to other messages, so that there is something to look through.
fn alone<A>(agent: A) -> Result<Figures, RunError>
where
    A: multitools::Agent + multitools::Behaviour<Output = Figures>,
{
    let mut supervisor = Supervisor::new();
    let figures = supervisor.add(agent).output();
    for _ in 0..4 {
        supervisor.add(Listener);
    }
    supervisor.supervise()?.take(figures)
}

/// A type that nobody sends.
#[multitools::message]
pub struct Elsewhere;

/// Somebody who listens.
#[agent(resident, manual, listen_to(Elsewhere))]
struct Listener;
#[agent]
impl Listener {
    #[handle]
    fn on_elsewhere(&mut self, _: &Elsewhere, ctx: &mut Context) -> Result<(), multitools::Error> {
        ctx.send(LISTENERS, &multitools::EmptyMessage)?;
        Ok(())
    }
}
