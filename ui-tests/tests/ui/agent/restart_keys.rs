use multitools::{agent, logger, process, AnyMessage};

#[agent(max = 3, within = "60s")]
struct NoPolicy;
#[agent]
impl NoPolicy {
    fn op(&mut self) {}
}
#[agent(backoff = "5s..100ms")]
struct TwoMistakes;
#[agent]
impl TwoMistakes {
    fn op(&mut self) {}
}
#[agent(restrat = on_failure, max = 3)]
struct OneSlip;
#[agent]
impl OneSlip {
    fn op(&mut self) {}
}
#[agent(restart = never, max = 0)]
struct Contradiction;
#[agent]
impl Contradiction {
    fn op(&mut self) {}
}
#[agent(restart = always, max = 3, restart = never, max = 4)]
struct Twice;
#[agent]
impl Twice {
    fn op(&mut self) {}
}
#[agent]
struct OnTheBlock;
#[agent(restart = always)]
impl OnTheBlock {
    fn op(&mut self) {}
}
#[logger(listen_to(AnyMessage), within = "1h")]
struct Log;
#[logger]
impl Log {
    fn log(&mut self, _: &AnyMessage) {}
}
#[process(restart = on_failures)]
fn process() {}
#[agent(retry = 1, group = "parts")]
struct RetryAlone;
#[agent]
impl RetryAlone {
    fn op(&mut self) {}
}
#[agent(restart = on_failure, strategy = all)]
struct NoGroup;
#[agent]
impl NoGroup {
    fn op(&mut self) {}
}
#[agent(restart = never, group = "parts")]
struct NeverWithOthers;
#[agent]
impl NeverWithOthers {
    fn op(&mut self) {}
}

fn main() {}
