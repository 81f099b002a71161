//! An agent with a full mailbox asks the user, and others overhear some of it.

use multitools::{
    AnyMessage, Context, Error, InputMessage, InputResponseMessage, RunError, StringMessage, agent,
};
use multitools_tests::{Bell, PATIENCE, fill, serve, text};

/// Asks once its mailbox is full.
#[agent(name = "asks", manual)]
struct Asks;
#[agent]
impl Asks {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        // Who fills the mailbox gets its word through another.
        multitools_tests::hold_back(ctx)?;
        let line = ctx.input_timeout("first? ", PATIENCE)?;
        ctx.print(format_args!("first was {line}"));
        let line = ctx.input_timeout("second? ", PATIENCE)?;
        ctx.print(format_args!("second was {line}"));
        let end = ctx.input_timeout("third? ", PATIENCE);
        ctx.print(format_args!("third was {end:?}"));
        Ok(())
    }
}

#[agent(name = "fills", manual)]
struct Fills;
#[agent]
impl Fills {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        fill(ctx, "asks", 50_000)?;
        multitools_tests::open_gate(ctx)
    }
}

/// Hears the questions and the answers.
#[agent(resident, manual, listen_to(InputMessage, InputResponseMessage))]
#[derive(Default)]
struct Exactly {
    heard: Vec<String>,
}
#[agent]
impl Exactly {
    #[handle]
    fn on_question(&mut self, question: &InputMessage) {
        self.heard.push(format!("question {}", question.prompt));
    }
    #[handle]
    fn on_answer(&mut self, answer: &InputResponseMessage) {
        self.heard.push(format!("answer {}", answer.text));
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.heard))
    }
}

/// Hears nothing, though answers are texts.
#[agent(resident, manual, listen_to(StringMessage))]
#[derive(Default)]
struct Texts {
    heard: Vec<String>,
}
#[agent]
impl Texts {
    #[handle]
    fn on_any(&mut self, message: &AnyMessage) {
        self.heard.push(format!("{message:?}"));
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        ctx.send(ctx.id(), &text("of its own"))?;
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.heard))
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    let mut lines = Vec::new();
    let ((), (), exactly, texts, ..) = multitools::run!(
        Asks, Fills, Exactly::default(), Texts::default(), Bell, multitools_tests::Gate::default();
        mailbox_limit = 1000,
        on_print = |line: &str| lines.push(line.to_owned()),
        on_notice = |_: &multitools::Notice| (), // of what fills the mailbox
    )?;
    for line in lines.into_iter().chain(exactly).chain(texts) {
        say(&line);
    }
    Ok(())
}

fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}
