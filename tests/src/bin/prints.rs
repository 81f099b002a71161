//! Prints some lines.

use multitools::{Context, RunError, process};

#[process]
fn prints(ctx: &mut Context) {
    for line in 0..100 {
        ctx.print(line);
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!(prints::with()).map(drop)
}
