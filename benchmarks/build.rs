//! Writes the program's parts that `dispatch` measures: agents that take 10, 100 and 1,000 types. Of the
//! thousand, every tenth has a handler of its own, which takes the nine types that extend it as well.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

const SIZES: [usize; 3] = [10, 100, 1000];
/// How many types have handlers of their own at most.
const HANDLERS: usize = 100;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    let mut text = String::new();
    for size in SIZES {
        module(&mut text, size).map_err(io::Error::other)?;
    }
    fs::write(Path::new(&folder).join("types.rs"), text)
}

fn module(text: &mut String, size: usize) -> std::fmt::Result {
    writeln!(text, "pub mod types_{size} {{")?;
    writeln!(text, "use multitools::{{agent, message, Context}};")?;
    writeln!(text, "use crate::measure::{{measure, Figures, Type}};")?;
    let family = size.div_ceil(HANDLERS);
    for i in 0..size {
        match i % family {
            0 => writeln!(
                text,
                "#[message] pub struct M{i} {{ pub seq: u64, pub text: String }}"
            )?,
            member => {
                let base = i - member;
                writeln!(
                    text,
                    "#[message(extends = M{base})] pub struct M{i}(pub M{base});"
                )?;
            }
        }
    }
    writeln!(text, "const TYPES: &[Type] = &[")?;
    for i in 0..size {
        let base = i - i % family;
        let wrap = |fields: &str| match i == base {
            true => format!("&M{i} {{ {fields} }}"),
            false => format!("&M{i}(M{base} {{ {fields} }})"),
        };
        let make = wrap("seq: 1, text: String::new()");
        let full = wrap("seq: 1, text: \"sixteen letters!\".into()");
        writeln!(
            text,
            "Type {{ to_self: |ctx| ctx.send(ctx.id(), {full}).map(drop), \
             to_listeners: |ctx| ctx.send(multitools::LISTENERS, {make}).is_ok(), \
             one_to_listeners: |ctx| ctx.send(multitools::LISTENERS, &multitools::EmptyMessage).is_ok() }},"
        )?;
    }
    writeln!(text, "];")?;
    writeln!(
        text,
        "#[agent(manual)] pub struct Handles {{ #[serde(skip)] pub sum: u64 }}"
    )?;
    writeln!(text, "#[agent] impl Handles {{")?;
    writeln!(
        text,
        "fn op(&mut self, ctx: &mut Context) -> Result<Figures, multitools::Error> {{ measure(self, TYPES, ctx) }}"
    )?;
    for i in (0..size).step_by(family) {
        writeln!(
            text,
            "#[handle] fn on_{i}(&mut self, m: &M{i}) {{ self.sum = self.sum.wrapping_add(m.seq + m.text.len() as u64) }}"
        )?;
    }
    writeln!(text, "}} }}")
}
