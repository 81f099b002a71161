use multitools::{Context, process};

#[process]
fn generic<T>(_t: T) {}
#[process]
fn anonymous(_f: impl Fn()) {}
#[process]
fn by_ref(_s: &str) {}
#[process]
fn pattern((_a, _b): (i32, i32)) {}
#[process]
fn unnamed(_: i32) {}
#[process]
fn late(_n: u32, _ctx: &mut Context) {}
#[process]
fn conditional(#[cfg(all())] _n: u32) {}
#[process]
async fn waits() {}
#[process]
unsafe fn dares() {}
fn main() {}
