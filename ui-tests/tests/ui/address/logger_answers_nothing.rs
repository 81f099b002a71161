use multitools::{AnyMessage, Context, logger, message};

#[message(reply = u64)]
struct Square(u64);

#[logger(listen_to(AnyMessage))]
struct Log;
#[logger]
impl Log {
    fn log(&mut self, _: &AnyMessage) {}
}
fn ask(ctx: &mut Context) {
    let _ = ctx.addr::<Log>().ask(ctx, &Square(12));
}
fn main() {}
