use multitools::{agent, message, process};

#[message]
fn ask() {}
#[process]
struct P;
#[agent]
fn work() {}
#[agent]
mod agents {}
#[message]
impl M {}
struct M;
fn main() {}
