//! Handlers, `op` and `log` under conditions.
use multitools::{AnyMessage, FileMessage, StringMessage, agent, logger};

#[agent(resident, listen_to(StringMessage))]
struct A;
#[agent]
impl A {
    #[handle]
    fn a(&mut self, _: &StringMessage) {}
    #[cfg(any())]
    #[handle]
    fn b(&mut self, _: &DoesNotExist) {}
    #[handle]
    #[cfg(all())]
    fn c(&mut self, _: &FileMessage) {}
    #[cfg(any())]
    #[handle]
    fn d(&mut self, _: &FileMessage) {}
}

#[agent]
struct B;
#[agent]
impl B {
    #[cfg(all())]
    fn op(&mut self) -> u8 {
        1
    }
    #[cfg(any())]
    fn op(&mut self) -> DoesNotExist {}
}

#[agent(resident)]
struct C;
#[agent]
impl C {
    #[cfg(any())]
    fn op(&mut self) -> DoesNotExist {}
}

#[agent]
#[cfg(any())]
struct Gone(DoesNotExist);
#[agent]
#[cfg(any())]
impl Gone {
    fn op(&mut self) {}
}
#[multitools::process]
#[cfg(any())]
fn gone(_: DoesNotExist) {}

#[logger(listen_to(AnyMessage))]
struct L;
#[logger]
impl L {
    #[cfg(any())]
    fn log(&mut self, _: &DoesNotExist) {}
    #[cfg(all())]
    fn log(&mut self, _: &AnyMessage) {}
}
fn main() {}
