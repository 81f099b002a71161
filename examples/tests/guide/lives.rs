//! What becomes of agents that fail, and of those that depend on them.

use super::ended::Ended;
use std::process::Command;

#[test]
fn restarts() {
    Ended::of(program!("restarts")).quietly().printed(&[
        "page 1",
        "agent `Press` failed: page 2 is torn: restart 1",
        "page 3",
        "agent `Press` failed: page 1 is torn: restart 1",
        "agent `Press` failed: page 2 is torn: restart 2",
        "agent `Press` failed: page 3 is torn after 2 restarts",
        "page 2",
        "given back: Some(1)",
    ]);
}

#[test]
fn spawning() {
    Ended::of(program!("spawning")).quietly().printed(&["17"]);
}

#[test]
fn watching() {
    Ended::of(program!("watching"))
        .quietly()
        .printed_in_any_order(&[
            "0 points",
            "seven of hearts",
            "the dealer failed: drew the fifth ace",
            "agent `Dealer` failed: drew the fifth ace",
            "agent `Scorer` was ended with `Dealer`, to which it was linked and which failed: drew the fifth ace",
            "0 points",
            "seven of hearts",
            "the dealer finished",
        ]);
}
