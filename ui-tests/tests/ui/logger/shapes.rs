use multitools::{AnyMessage, StringMessage, logger};

#[logger(listen_to(AnyMessage))]
struct NoLog;
#[logger]
impl NoLog {}

#[logger(listen_to(AnyMessage), resident)]
struct Op;
#[logger]
impl Op {
    fn op(&mut self) {}
    fn log(&mut self, _m: &AnyMessage) {}
}

#[logger]
struct Deaf;
#[logger]
impl Deaf {
    fn log(&mut self, _m: &AnyMessage) {}
}

#[logger(listen_to(AnyMessage))]
struct More;
#[logger]
impl More {
    fn log(&mut self, _m: &AnyMessage) {}
    #[handle]
    fn on(&mut self, _m: &StringMessage) {}
}
fn main() {}
