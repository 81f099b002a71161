use multitools::{AskError, Context, agent, message};

#[message(reply = u64)]
struct Square(u64);

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_square(&mut self, square: &Square) -> u64 {
        square.0 * square.0
    }
}
fn ask(ctx: &mut Context) -> Result<String, AskError> {
    ctx.addr::<A>().ask(ctx, &Square(12))
}
fn main() {}
