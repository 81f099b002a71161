use multitools::{Context, agent, message};

#[message(reply = u64)]
struct Square(u64);

#[derive(Default)]
struct One;
#[agent]
impl One {
    #[handle]
    fn on_square(&mut self, square: &Square) -> u64 {
        square.0 * square.0
    }
}
#[agent]
struct Two;
#[agent]
impl Two {
    fn op(&mut self, ctx: &mut Context) -> Result<u64, multitools::Error> {
        let one = ctx.addr::<One>();
        Ok(one.ask(ctx, &Square(12))?)
    }
}
fn main() {
    let (asked, ()) = multitools::run!(Two, One::default()).unwrap();
    println!("{asked}");
}
