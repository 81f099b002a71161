//! The rules of LIFECYCLE, with real processes: who is known, how agents end, what is told of failures,
//! signals, the terminal, lists of processes, and programs that begin badly.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "what fails in a test fails the test, and agents of tests fail in every way"
)]

mod bad_input;
mod process_list;
mod r10_many;
mod r10_names;
mod r10_spawning;
mod r10_stopped;
mod r11_chains;
mod r11_finishing;
mod r11_last_words;
mod r12_failure;
mod r12_spawning;
mod r13_ends;
mod r13_limits;
mod r13_places;
mod r13_report;
mod r14_answers;
mod r14_backlog;
mod r14_declared;
mod r14_groups;
mod r14_poison;
mod r14_restart;
mod r14_retry;
mod r14_spawned_group;
mod r14_starting;
mod r15_killed;
mod r15_links;
mod r15_watching;
mod r16_growth;
mod r16_moments;
mod r16_orphans;
mod r16_signals;
mod r17_hang;
mod r17_waiting;
mod r18_prints;
mod r18_terminal;
mod strangers;

/// The program whose first argument says which.
const PROGRAM: &str = env!("CARGO_BIN_EXE_lifecycle");

/// Takes a terminal for another program.
const IN_TERMINAL: &str = env!("CARGO_BIN_EXE_in_terminal");

#[test]
fn all_of_this_over_sockets() {
    multitools_tests::again_over_sockets("all_of_this_over_sockets");
}
