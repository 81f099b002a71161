use multitools::{Context, StringMessage, agent, message};

#[message(reply = u64)]
struct Square(u64);

#[agent(resident, listen_to(StringMessage))]
struct One;
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
    let (asked, ()) = multitools::run!(Two, One).unwrap();
    println!("{asked}");
}
