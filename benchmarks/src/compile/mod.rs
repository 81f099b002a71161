//! What the macros add to `cargo check`, and each message to the program.
//!
//! A program of 200 messages, 20 agents and 220 handlers is generated beside one that has the same
//! 220 types with nothing but derives. Both are checked in turn, several times, with their dependencies
//! built; the ratio is the median of those of two that follow each other, for a machine that is slow for a
//! while is so for both. Then the first is built in release, and the code that a message adds is the
//! difference to a program without messages, divided by their number.

mod generate;
mod project;

use crate::table::{Table, median};
use generate::{AGENTS, HANDLERS, MESSAGES};
use project::Project;
use std::error::Error;

/// How often each is checked.
const ROUNDS: usize = 7;

/// Runs the benchmark and prints its figures.
pub fn run() -> Result<(), Box<dyn Error>> {
    let agents = Project::create("agents", &generate::agents())?;
    let derives = Project::create("derives", &generate::derives())?;
    let empty = Project::create("empty", &generate::empty())?;
    println!("{MESSAGES} messages, {AGENTS} agents, {HANDLERS} handlers");
    check(&agents, &derives)?;
    let added = |project: &Project| -> Result<f64, Box<dyn Error>> {
        Ok((project.stripped_size()? as f64 - empty.stripped_size()? as f64) / MESSAGES as f64)
    };
    let mut table = Table::new(["KiB for each message", "stripped file"]);
    let kib = added(&agents)? / 1024.0;
    table.row([
        "with its share of agents and handlers".into(),
        format!("{kib:.1}"),
    ]);
    table.print();
    Ok(())
}

fn check(agents: &Project, derives: &Project) -> Result<(), Box<dyn Error>> {
    let mut table = Table::new(["seconds of `cargo check`", "agents", "derives", "ratio"]);
    for (what, incremental) in [("from scratch", false), ("incremental", true)] {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        agents.check(incremental)?;
        derives.check(incremental)?;
        for _ in 0..ROUNDS {
            first.push(agents.check(incremental)?);
            second.push(derives.check(incremental)?);
        }
        let pairs = first.iter().zip(&second);
        let ratio = median(pairs.map(|(first, second)| first / second).collect());
        table.row([
            what.to_owned(),
            format!("{:.2}", median(first)),
            format!("{:.2}", median(second)),
            format!("{ratio:.2}"),
        ]);
    }
    table.print();
    Ok(())
}
