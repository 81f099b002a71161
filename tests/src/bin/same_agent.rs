//! Two agents that cannot be told apart: one name, one module, one place.

use multitools::{RunError, agent};

macro_rules! workers {
    ($($function:ident),*) => {$(
        fn $function() -> Result<(), RunError> {
            #[agent]
            #[derive(Default)]
            struct Worker;
            #[agent]
            impl Worker {
                fn op(&mut self, ctx: &mut multitools::Context) {
                    ctx.print("never");
                }
            }
            multitools::run!(Worker)?;
            Ok(())
        }
    )*};
}

workers!(one, two);

fn main() -> Result<(), RunError> {
    one()?;
    two()
}
