//! The rules of messaging, R1 to R9, and what becomes of bad input: each rule is a module, each test
//! a sentence of it, and every agent a process.

mod bad_input;
mod bad_luck;
mod costs;
mod r01_delivery;
mod r02_order;
mod r03_copies;
mod r03_supervisor_traffic;
mod r04_dead;
mod r04_undelivered;
mod r05_no_addressee;
mod r06_leaving;
mod r07_bounds;
mod r07_limits;
mod r08_outcomes;
mod r08_requests;
mod r09_dispatch;
mod shared_memory;
mod stopped;
mod terminal_traffic;

#[test]
fn all_of_this_over_sockets() {
    multitools_tests::again_over_sockets("all_of_this_over_sockets");
}
