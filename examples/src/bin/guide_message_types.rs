//! Message types: those that come with the library, and your own.
//!
//! `AnyMessage` is the root. Below it stand, in the library:
//!
//! - `EmptyMessage`, which has no content;
//! - `StringMessage`, a text, with the subtypes `PrintMessage` and `InputResponseMessage`;
//! - `FileMessage`, the path of a file;
//! - `QueryMessage`, a question, with the subtypes `InputMessage` and `GetIdsMessage`;
//! - `IdsReplyMessage`, `ExceptionMessage`, and `ResidentTermMessage`.
//!
//! `#[message]` on a struct or an enum declares one more, and `extends` says what it is a subtype of. A
//! handler takes its own type and all subtypes that have no closer handler.

use multitools::{Context, Error, FileMessage, RunError, StringMessage, agent, message};

/// A subtype of a struct has it for its first field.
#[message(extends = StringMessage)]
struct Quote {
    line: StringMessage,
    author: String,
}

/// An enum is a family of messages. Its members can be sent by themselves.
#[message]
enum Shape {
    Circle(Circle),
    Square(Square),
    Point,
}
#[message(extends = Shape)]
struct Circle {
    radius: u32,
}
#[message(extends = Shape)]
struct Square {
    side: u32,
}

/// A message may borrow. Nothing is copied: the handler sees the bytes in its mailbox.
#[message]
struct Line<'a> {
    text: &'a str,
}

#[agent(name = "Reader", resident)]
#[derive(Default)]
struct Reader;
#[agent]
impl Reader {
    /// Gets texts and quotes: of a quote, it sees the text.
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) {
        ctx.print(format_args!("text: {}", text.text));
    }

    #[handle]
    fn on_file(&mut self, file: &FileMessage, ctx: &mut Context) {
        ctx.print(format_args!("file: {}", file.path.display()));
    }

    /// Gets the whole family but squares, which have a handler of their own.
    #[handle]
    fn on_shape(&mut self, shape: &Shape, ctx: &mut Context) {
        match shape {
            Shape::Circle(circle) => ctx.print(format_args!("circle of radius {}", circle.radius)),
            other => ctx.print(format_args!("shape: {other:?}")),
        }
    }

    #[handle]
    fn on_square(&mut self, square: &Square, ctx: &mut Context) {
        ctx.print(format_args!("square of side {}", square.side));
    }

    #[handle]
    fn on_line(&mut self, line: &Line<'_>, ctx: &mut Context) {
        ctx.print(format_args!("line: {}", line.text));
    }
}

#[agent(name = "Writer")]
#[derive(Default)]
struct Writer;
#[agent]
impl Writer {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let quote = Quote {
            line: StringMessage::new("I think, therefore I am"),
            author: "Descartes".to_owned(),
        };
        // A subtype has the fields of its supertype.
        let (text, author) = (&quote.text, &quote.author);
        ctx.print(format_args!("{author} writes: {text}"));
        ctx.send("Reader", &quote)?;
        ctx.send("Reader", &FileMessage::new("notes.txt"))?;
        ctx.send("Reader", &Circle { radius: 2 })?;
        ctx.send("Reader", &Shape::Square(Square { side: 3 }))?;
        ctx.send("Reader", &Shape::Point)?;
        let poem = String::from("one line\nand another");
        for text in poem.lines() {
            ctx.send("Reader", &Line { text })?;
        }
        Ok(())
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!()
}
