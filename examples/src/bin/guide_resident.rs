//! Residents: agents that are there for the others.
//!
//! A resident has nothing to do of its own accord. When every other agent has ended, it is sent a
//! `ResidentTermMessage`, after everything else that was sent to it, and ends. A handler for that
//! message is the place to say goodbye. An `op` of its own is allowed, and may return something.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, Error, Flow, ResidentTermMessage, RunError, StringMessage, agent};

#[agent(name = "Mail room", resident)]
#[derive(Default)]
struct MailRoom {
    letters: u32,
}
#[agent]
impl MailRoom {
    #[handle]
    fn on_letter(&mut self, _: &StringMessage) {
        self.letters += 1;
    }

    #[handle]
    fn on_leave(&mut self, _: &ResidentTermMessage, ctx: &mut Context) {
        ctx.print(format_args!("closing after {} letters", self.letters));
    }

    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        // After a `ResidentTermMessage` this is `Flow::Stop`, whether it has a handler or not.
        while ctx.receive(self)? == Flow::Continue {}
        Ok(self.letters)
    }
}

#[agent(name = "Writer")]
struct Writer {
    letters: u32,
}
#[agent]
impl Writer {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for number in 1..=self.letters {
            ctx.send("Mail room", &StringMessage::new(format!("letter {number}")))?;
        }
        Ok(())
    }
}

fn main() -> Result<(), RunError> {
    let (letters, (), ()) = multitools::run!(
        MailRoom::default(),
        Writer { letters: 2 },
        Writer { letters: 3 },
    )?;
    println!("{letters} letters in all");
    Ok(())
}
