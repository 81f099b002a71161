//! Requests: messages with an answer.
//!
//! `#[message(reply = T)]` declares what a message is answered with. The handler's return value is the
//! answer. `ctx.ask` sends the request to exactly one agent and waits for the answer, no longer than it
//! is told to. There are five outcomes: the answer, or one of the errors shown here.

use multitools::{AskError, Context, RunError, SendError, StringMessage, agent, message};
use std::time::Duration;

#[message(reply = f64)]
struct Root {
    of: f64,
}

#[agent(name = "Calculator", resident)]
#[derive(Default)]
struct Calculator;
#[agent]
impl Calculator {
    /// An `Err` goes to whoever asks. The agent goes on.
    #[handle]
    fn on_root(&mut self, root: &Root) -> Result<f64, String> {
        if root.of < 0.0 {
            return Err(format!("{} has no root", root.of));
        }
        Ok(root.of.sqrt())
    }
}

/// Handles other things.
#[agent(name = "Poet", resident)]
#[derive(Default)]
struct Poet;
#[agent]
impl Poet {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}

/// Takes a request and keeps it, until a second message comes; then it ends without having answered.
#[agent(name = "Thinker")]
#[derive(Default)]
struct Thinker;
#[agent]
impl Thinker {
    fn op(&mut self, ctx: &mut Context) -> Result<(), multitools::Error> {
        let _request = ctx.next_message(None)?;
        ctx.next_message(None)?;
        Ok(())
    }
}

#[agent(name = "Student")]
#[derive(Default)]
struct Student;
#[agent]
impl Student {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        let (soon, later) = (Duration::from_millis(100), Duration::from_secs(10));
        let asked = [
            ("Calculator", 1764.0, later),
            ("Calculator", -1.0, later),
            ("Poet", 9.0, later),
            ("Thinker", 9.0, soon),
            ("Thinker", 9.0, later),
        ];
        for (whom, of, timeout) in asked {
            let outcome = match ctx.ask(whom, &Root { of }, timeout) {
                Ok(root) => format!("{root}"),
                Err(AskError::Failed { reason, .. }) => format!("failed: {reason}"),
                Err(AskError::Unhandled { .. }) => "no handler answers that".to_owned(),
                Err(AskError::Timeout { .. }) => "no answer in time".to_owned(),
                Err(AskError::Dead { .. }) => "ended without an answer".to_owned(),
                Err(error) => error.to_string(),
            };
            ctx.print(format_args!("{whom}: {outcome}"));
        }
        // To an address of its type there is a default timeout, and the compiler knows what it answers.
        match ctx.addr::<Calculator>().ask(ctx, &Root { of: 2.25 }) {
            Ok(root) => ctx.print(format_args!("Calculator: {root}")),
            Err(error) => ctx.print(error),
        }
        Ok(())
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!()
}
