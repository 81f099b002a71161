//! Macros of another crate that name the library by `$crate`.
#![deny(warnings)]
use multitools_ui_tests_helper::counter;

counter!(Counter, Counted, count);
mod inner {
    multitools_ui_tests_helper::counter!(Counter, Counted, count);
    pub fn both() -> (count, Counter) {
        (count::with(vec![1, 2, 3]), Counter::default())
    }
}

fn main() {
    let _ = Counted { bytes: vec![], text: String::new() };
    multitools_ui_tests_helper::counter!(Local, LocalCounted, local);
    let _ = LocalCounted { bytes: vec![], text: String::new() };
    let (process, agent) = inner::both();
    let results = multitools::run!(process, agent, local::with(vec![]), Counter::default());
    assert_eq!(results.map(|results| (results.0, results.2)).ok(), Some((3, 0)));
}
