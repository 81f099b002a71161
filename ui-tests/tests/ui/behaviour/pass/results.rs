//! All that handlers and `op` may return and take.
use multitools::{AnyMessage, Context, Flow, StringMessage, agent, logger, message, process};
use std::io;

#[message(reply = u64)]
struct Square(u64);
#[message(reply = Option<String>)]
struct Find(String);
#[message(extends = Find)]
struct FindAll(Find);
#[message]
struct Chunk<'a>(&'a [u8]);
#[message]
struct A;
#[message]
struct B;
#[message]
struct C;
#[message]
struct D;

#[agent(resident, listen_to(Chunk, Square))]
struct Everything;
#[agent]
impl Everything {
    const LIMIT: usize = { 3 };
    #[handle]
    fn unit(&mut self, _: &A) {}
    #[handle]
    fn flow(&self, _: &B, _ctx: &mut Context) -> Flow {
        Flow::Continue
    }
    #[handle]
    fn result(&mut self, _: &C) -> io::Result<()> {
        Ok(())
    }
    #[handle]
    fn flow_result(&mut self, _: &D) -> Result<Flow, Box<dyn std::error::Error>> {
        Ok(Flow::Stop)
    }
    #[handle]
    fn reply(&mut self, m: &Square) -> u64 {
        m.0 * m.0
    }
    #[handle]
    fn reply_result(&mut self, m: &Find, _: &mut multitools::Context) -> Result<Option<String>, String> {
        Ok(self.helper(&m.0))
    }
    #[handle]
    fn nearest(&mut self, _: &FindAll) -> Option<String> {
        None
    }
    #[handle]
    fn borrowed(&mut self, chunk: &Chunk<'_>) -> Result<(), std::str::Utf8Error> {
        std::str::from_utf8(chunk.0).map(drop)
    }
    #[handle]
    fn others(&mut self, _: &AnyMessage) {}
    fn helper(&self, text: &str) -> Option<String> {
        (text.len() < Self::LIMIT).then(|| text.to_owned())
    }
}

#[agent]
struct Results;
#[agent]
impl Results {
    fn op(&mut self, _: &mut Context) -> io::Result<Vec<u8>> {
        Ok(vec![])
    }
}
#[agent]
struct Forever;
#[agent]
impl Forever {
    fn op(&mut self) -> ! {
        std::process::exit(0)
    }
}
#[logger(name = "requests", listen_to(Square))]
struct Requests;
#[logger]
impl Requests {
    fn log(&mut self, _: &Square) -> Result<(), String> {
        Err("a logger answers nothing".into())
    }
}

struct NotClone;
impl serde::Serialize for NotClone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}
impl<'de> serde::Deserialize<'de> for NotClone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <()>::deserialize(deserializer).map(|()| NotClone)
    }
}
#[process]
fn moves(argument: NotClone, mut bytes: Vec<u8>) -> anyhow::Result<usize> {
    drop(argument);
    bytes.push(1);
    Ok(bytes.len())
}
mod anyhow {
    pub type Result<T, E = String> = std::result::Result<T, E>;
}
#[process(unnamed)]
fn forever(_: &mut Context) -> ! {
    std::process::exit(0)
}
#[message]
struct Text(StringMessage);

fn main() {
    let _ = (moves::with(NotClone, vec![]), forever {}, Text(StringMessage::new("")));
    assert!(Everything.helper("xx").is_some());
}
