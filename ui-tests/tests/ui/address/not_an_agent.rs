use multitools::{Context, StringMessage};

struct Plain;
fn send(ctx: &mut Context) {
    let _ = ctx.addr::<Plain>().send(ctx, &StringMessage::new("hello"));
}
fn main() {}
