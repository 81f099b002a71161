//! Runs all its agents, of which two cannot be made.

#![allow(dead_code)]

use multitools::{RunError, agent};

#[agent]
struct One(u32);
#[agent]
impl One {
    fn op(&mut self) {}
}

#[agent]
struct Two(u32);
#[agent]
impl Two {
    fn op(&mut self) {}
}

#[agent]
#[derive(Default)]
struct Three;
#[agent]
impl Three {
    fn op(&mut self) {}
}

fn main() -> Result<(), RunError> {
    multitools::run!()
}
