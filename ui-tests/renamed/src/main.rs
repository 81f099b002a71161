//! A program that knows the library under another name only, which no other test can show.
#![deny(warnings)]
use renamed::{AnyMessage, StringMessage, agent, logger, message, process};

#[message(extends = StringMessage, crate = renamed)]
struct Sub(StringMessage);
#[message(crate = ::renamed, reply = Vec<u8>)]
enum Family {
    Member(Member),
    Bytes(Vec<u8>),
}
#[message(crate = renamed, extends = Family)]
struct Member;

mod inner {
    #[renamed::process(crate = ::renamed)]
    pub fn deep() {}
}

#[agent(resident, listen_to(Family), crate = renamed)]
struct A;
#[agent(crate = renamed)]
impl A {
    #[handle]
    fn on(&mut self, _: &Family) -> Vec<u8> {
        Vec::new()
    }
}
#[logger(listen_to(AnyMessage), crate = renamed)]
struct L;
#[logger(crate = renamed)]
impl L {
    fn log(&mut self, _: &AnyMessage) {}
}
#[agent(sends(Sub), announces(Family), crate = renamed)]
struct S;
#[agent(crate = renamed)]
impl S {
    fn op(&mut self, ctx: &mut renamed::Context<Self>) {
        let _ = ctx.send("A", &Sub(StringMessage::new("")));
    }
}
#[process(crate = renamed)]
fn p(bytes: Vec<u8>) -> usize {
    bytes.len()
}

#[renamed::main(crate = renamed)]
fn main() {
    let _ = (
        Sub(StringMessage::new("")),
        Family::Bytes(vec![]),
        Member,
        p::with(vec![]),
        inner::deep {},
    );
    let _ = renamed::run!(S, A);
}
