//! Every way to declare a policy, under lints that a program may have.
#![deny(warnings, unused_qualifications)]
#![allow(dead_code)]

use multitools::{agent, logger, process, AnyMessage};

/// Not what the macros mean.
mod core {}
struct Restart;
struct Duration;

#[agent(restart = never)]
struct Never;
#[agent]
impl Never {
    fn op(&mut self) {}
}

#[agent(restart = on_failure, max = 3, within = "60s", backoff = "100ms..5s")]
struct OnFailure;
#[agent]
impl OnFailure {
    fn op(&mut self) {}
}

#[agent(backoff = "250ms .. 250ms", within = "2m", max = 1_000, restart = always, name = "a")]
struct Always;
#[agent]
impl Always {
    fn op(&mut self) {}
}

#[logger(listen_to(AnyMessage), restart = on_failure, within = "1h")]
struct Log;
#[logger]
impl Log {
    fn log(&mut self, _: &AnyMessage) {}
}

#[process(restart = always, max = 0x10)]
fn process() {}

macro_rules! restarted {
    ($name:ident, $when:ident, $max:literal, $within:literal) => {
        #[agent(restart = $when, max = $max, within = $within)]
        struct $name;
        #[agent]
        impl $name {
            fn op(&mut self) {}
        }
    };
}
restarted!(Generated, on_failure, 5, "10s");

fn main() {}
