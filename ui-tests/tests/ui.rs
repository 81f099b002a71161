//! What the compiler says to mistakes, word for word, and programs that must keep compiling.
//!
//! `TRYBUILD=overwrite cargo test -p multitools-ui-tests` writes the texts anew. They are those of one
//! compiler: others phrase the parts that are not ours differently, and are not asked.

/// Every `tests/ui/<area>/<mistake>.rs` has its text beside it in `<mistake>.stderr`.
#[rustversion::attr(not(stable(1.95)), ignore = "the texts are those of Rust 1.95")]
#[test]
fn mistakes() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}

/// Every `tests/ui/<area>/pass/*.rs` compiles, without warnings where it denies them, and runs.
#[test]
fn programs() {
    trybuild::TestCases::new().pass("tests/ui/*/pass/*.rs");
}
