use multitools::{AnyMessage, FileMessage, Is, PrintMessage, StringMessage};

fn upcast<M: Is<StringMessage>>() {}
fn main() {
    upcast::<PrintMessage>();
    upcast::<FileMessage>();
    upcast::<AnyMessage>();
}
