//! Contexts of methods under conditions.
#![deny(warnings)]
use multitools::{Context, StringMessage, agent};

#[agent(resident, sends(StringMessage))]
struct A;
#[agent]
impl A {
    #[cfg(any())]
    #[handle]
    fn on_text(&mut self, _: &StringMessage, _: &mut Context<Self>) {}
    #[cfg(all())]
    #[handle]
    fn on_text(&mut self, _: &StringMessage, ctx: &mut Context<Self>) {
        let _ = ctx.send("B", &StringMessage::new("hello"));
    }
}
#[agent(sends(StringMessage))]
#[cfg(any())]
struct Gone;
#[agent]
#[cfg(any())]
impl Gone {
    fn op(&mut self, ctx: &mut Context) {}
}
fn main() {}
