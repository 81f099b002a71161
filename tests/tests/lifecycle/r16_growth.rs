//! R16: who stays does not grow with the restarts of others, neither in descriptors nor in memory.

use super::PROGRAM;
use multitools_tests::lifecycle::{LONG, Program};
use std::time::{Duration, Instant};

/// Descriptors and KiB of memory.
type Size = (u64, u64);

/// How large a process was at the beginning and on the way.
fn sizes_of(who: &str, out: &str) -> Vec<Size> {
    let lines = out.lines().filter_map(|line| {
        let mut fields = line.strip_prefix(who)?.split_whitespace().skip(1);
        let mut number = || fields.next()?.parse().ok();
        Some((number()?, number()?))
    });
    lines.collect()
}

fn restart(count: u32, time: Duration) -> String {
    let mut program = Program::run(PROGRAM, &["restarts", &count.to_string()]);
    let deadline = Instant::now() + time;
    while !program.silent_within(LONG) && Instant::now() < deadline {}
    let finished = program.finish();
    assert!(finished.status.success(), "{finished:?}");
    finished.out
}

/// The first tenth is for what is taken once.
fn does_not_grow(out: &str, kib: u64) {
    for who in ["supervisor ", "talks "] {
        let sizes = sizes_of(who, out);
        assert!(sizes.len() >= 10, "{out}");
        let (early, last) = (sizes[1], sizes[sizes.len() - 1]);
        assert!(last.0 <= early.0 + 3, "{who}has more descriptors:\n{out}");
        assert!(last.1 <= early.1 + kib, "{who}has more memory:\n{out}");
    }
}

#[test]
fn r16_restarts_leave_nothing_in_those_who_stay() {
    does_not_grow(&restart(200, LONG), 512);
}

/// Some minutes long. [CONTRIBUTING.md](../../../CONTRIBUTING.md) has the command.
#[test]
#[ignore = "takes minutes"]
fn r16_ten_thousand_restarts_leave_nothing_in_those_who_stay() {
    let out = restart(10_000, Duration::from_secs(3600));
    eprintln!("{out}");
    does_not_grow(&out, 1024);
}
