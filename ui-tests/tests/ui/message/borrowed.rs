use multitools::{agent, message};
use std::borrow::Cow;

#[message]
struct Static {
    text: &'static str,
    bytes: Option<&'static [u8]>,
    #[serde(skip)]
    known: &'static str,
}
#[message]
struct Other<'a> {
    numbers: &'a [u32],
    text: &'a String,
    buffer: &'a mut [u8],
    pairs: Vec<&'a (u8, u8)>,
    whole: Cow<'a, str>,
    texts: Vec<&'a str>,
}
#[message]
enum Elided {
    Number(&u64),
    Text(&'static str),
}
#[agent]
struct A {
    name: &'static str,
}
#[agent]
impl A {
    fn op(&mut self) {}
}
fn main() {}
