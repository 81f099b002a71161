//! A test binary that starts agents and has no `#[multitools::test]`.

use multitools::{RunError, process, run};

#[process]
fn nothing() {}

const MISSING: &str = "this test binary starts processes, so at least one of its tests must be a \
                       `#[multitools::test]`";

#[test]
fn a_run_says_what_is_missing() {
    let error = run!(nothing::with()).unwrap_err();
    assert!(matches!(error, RunError::Start { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        format!("agent `nothing` could not be started: {MISSING}")
    );
}
