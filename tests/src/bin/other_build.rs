//! The other build of `one_build`: its message has another shape.

use multitools::{Context, RunError, agent, message};

#[message(name = "builds.Word")]
struct Word {
    number: u64,
}

#[agent]
#[derive(Default)]
struct Speaker;
#[agent]
impl Speaker {
    fn op(&mut self, ctx: &mut Context) {
        ctx.print(format_args!("{:?}", Word { number: 1 }));
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!()
}
