//! Fails once, and is started again as it declares by a run of all agents.

use multitools::{Context, RunError, agent};

#[agent(name = "once", restart = on_failure, max = 1, backoff = "1ms..1ms")]
#[derive(Default)]
struct Once;
#[agent]
impl Once {
    fn op(&mut self, ctx: &mut Context) -> Result<(), String> {
        if ctx.id().incarnation() == 0 {
            return Err("not yet".to_owned());
        }
        ctx.print(format_args!("well as {}", ctx.id()));
        Ok(())
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!()
}
