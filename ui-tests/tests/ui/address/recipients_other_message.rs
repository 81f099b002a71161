use multitools::{Context, FileMessage, Recipients, StringMessage};

fn send(ctx: &mut Context, to: &Recipients<StringMessage>) {
    let _ = to.send(ctx, &FileMessage::new("notes.txt"));
}
fn main() {}
