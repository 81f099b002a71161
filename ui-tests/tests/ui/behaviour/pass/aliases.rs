//! A `Result` by another name is one, and what is merely called so is a value.
#![deny(warnings)]
use multitools::{Context, RunError, agent, process};
use serde::{Deserialize, Serialize};

type AgentResult<T> = Result<T, std::num::ParseIntError>;
type Nothing = AgentResult<()>;
type Count = u64;

#[derive(Serialize, Deserialize)]
struct ResultOf {
    count: Count,
}

#[agent]
struct Parses(String);
#[agent]
impl Parses {
    fn op(&mut self, _: &mut Context) -> AgentResult<Count> {
        self.0.parse()
    }
}
#[agent]
struct Checks;
#[agent]
impl Checks {
    fn op(&mut self) -> Nothing {
        Ok(())
    }
}
#[process]
fn counts(count: Count) -> ResultOf {
    ResultOf { count }
}
#[process]
fn fails() -> AgentResult<Vec<u8>> {
    "x".parse().map(|byte| vec![byte])
}

#[multitools::main]
fn main() {
    let run = multitools::run!(Parses("12".into()), Checks, counts::with(7));
    let (count, (), all): (Count, (), ResultOf) = run.unwrap();
    assert_eq!((count, all.count), (12, 7));
    let Err(RunError::Failed(_)) = multitools::run!(fails::with()) else {
        panic!("a failure was taken for a value");
    };
}
