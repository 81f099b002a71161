//! Messages that borrow, in every place.
#![deny(warnings)]
use multitools::{Context, Error, StringMessage, agent, message};
use std::borrow::Cow;

#[message]
struct Chunk<'a> {
    data: &'a [u8],
}
#[message(extends = Chunk<'a>)]
struct Last<'a> {
    base: Chunk<'a>,
    name: Cow<'a, str>,
}
#[message]
struct Two<'a, 'b> {
    one: &'a str,
    two: Option<&'b str>,
}

#[agent(resident, listen_to(Chunk, Two<'_, '_>))]
struct Store {
    texts: Vec<String>,
}
#[agent]
impl Store {
    #[handle]
    fn on_chunk(&mut self, chunk: &Chunk<'_>) {
        self.texts.extend(std::str::from_utf8(chunk.data).map(str::to_owned));
    }
    #[handle]
    fn on_two(&mut self, two: &Two<'_, '_>) {
        self.texts.push(format!("{}{:?}", two.one, two.two));
    }
    #[handle]
    fn on_text(&mut self, _: &StringMessage, ctx: &mut Context) {
        ctx.print(self.texts.join(" "));
    }
}
#[agent(sends(Chunk<'_>, Two<'_, '_>, StringMessage))]
struct Source;
#[agent]
impl Source {
    fn op(&mut self, ctx: &mut Context<Self>) -> Result<(), Error> {
        let store = ctx.addr::<Store>();
        let data = b"one".to_vec();
        let base = Chunk { data: &data };
        store.send(ctx, &base)?;
        store.send(ctx, &Last { base, name: "last".into() })?;
        store.send(ctx, &Two { one: "2", two: Some("3") })?;
        store.send(ctx, &StringMessage::new("print"))?;
        Ok(())
    }
}
fn main() {
    let mut lines = Vec::new();
    let texts = vec!["zero".to_owned()];
    multitools::run!(Source, Store { texts }; on_print = |line: &str| lines.push(line.to_owned()))
        .unwrap();
    assert_eq!(lines, ["zero one one 2Some(\"3\")"]);
}
